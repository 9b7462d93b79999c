/** What is known of an MCP request that is over: its figures, and what a span says beyond them. */
import type { CallFigures } from "../count.ts";

export type SpanCall = CallFigures & {
  /** Its own for ever: `session/seq`. */
  readonly key: string;
  /** When it ended. */
  readonly at: number;
  readonly session: string;
  readonly seq: number;
  readonly answer: number | null;
  /** The id of the request, as JSON-RPC has it. */
  readonly id: string;
  /** The tool, prompt or URI that it is about. */
  readonly subject: string | null;
  readonly code: number | null;
  readonly message: string | null;
  readonly traceparent: string | null;
  /** Of a server over HTTP its address. */
  readonly target: string | null;
};

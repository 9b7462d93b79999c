/** An exchange in flight with an MCP server: what it says, until it is known whose it is, and who that may be. */
import { header } from "../fact/exchange.ts";
import type { Fact, Open } from "../fact/fact.ts";
import { strengthOf } from "../fact/secrets/names.ts";
import type { LineBody } from "../fact/session-format.ts";
import type { SessionLines } from "../journal/session-file.ts";
import { httpMachine, type HttpMachine } from "../read/mcp/http.ts";
import type { HttpLine } from "../read/mcp/http-line.ts";
import { sessionKey } from "../read/mcp/http-session.ts";

export type Session = {
  readonly at: number;
  readonly lines: SessionLines;
  readonly keys: Set<string>;
  lastAt: number;
  /** Exchanges of it in flight: a stream may be silent for hours. */
  flights: number;
  /** Its end is told; a client that comes back opens it again, unless the server has forgotten it. */
  rests: boolean;
  forgotten: boolean;
};

/** An exchange in flight. `waiting` holds its lines until it is known whose they are. */
export type Flight = {
  readonly open: Open;
  readonly machine: HttpMachine;
  waiting: HttpLine[];
  session: Session | null;
  message: Record<string, unknown> | null;
  answer: Extract<Fact, { fact: "head" }> | null;
};

export function takeOff(open: Open): Flight {
  const { id, method, path, headers } = open;
  const machine = httpMachine({ id, method, path, headers });
  return { open, machine, waiting: [], session: null, message: null, answer: null };
}

/** Whether what came so far says whose it is: see the revisions in `sessionKey`. */
export function isKnown({ open, session, message, answer, waiting }: Flight): boolean {
  if (session) return true;
  if (header(open.headers, "mcp-session-id") !== undefined || /[?&]session_?id=/i.test(open.path))
    return true;
  // The answer to `initialize` gives the id.
  if (message?.["method"] === "initialize") return answer !== null;
  // The first event of the older transport's stream gives the address with the id.
  if (open.method === "GET") return waiting.some(({ body }) => !("event" in body) || body.event !== "stream");
  return message !== null;
}

/** Who it is without a credential. */
export function stranger({ method, path, upstream, headers }: Open, message: unknown): string {
  const known = headers.filter(([name]) => {
    const place = name.toLowerCase();
    return place !== "cookie" && strengthOf(place, "header") !== "strong";
  });
  return `${upstream} ${sessionKey({ method, path, headers: known }, message).key}`;
}

/** A message stands in the file with its own text: printing it anew would change numbers such as 1.10 and 2^53 + 1. */
export function written({ body, source }: HttpLine): string {
  const line: LineBody = body;
  if (source === undefined || !("message" in line)) return JSON.stringify(line);
  const { message: _, ...rest } = line;
  return `${JSON.stringify(rest).slice(0, -1)},"message":${source}}`;
}

/** One exchange by way of `fetch`, recorded as it passes: the same facts as those of the proxy's own port. */
import { clientHeaders } from "../capture/headers.ts";
import type { RecordOptions } from "../capture/record/record-options.ts";
import { Recording } from "../capture/record/recording.ts";
import { unreachable, type Refusal } from "../capture/refusal.ts";
import type { Header } from "../fact/fact.ts";
import { tap } from "./tap.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What is asked of whom. `path`: as the client asked for it. */
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly upstream: string;
  readonly target: string;
  /** As the client sent them, for the record. */
  readonly headers: readonly Header[];
  /** Those that are sent; the same unless it is said. */
  readonly sent?: readonly Header[];
  readonly body: ReadableStream<Uint8Array> | Uint8Array | null;
  /** What the answer is given beside its own headers. */
  readonly added?: readonly Header[];
  readonly signal: AbortSignal;
  /** What becomes of an upstream that cannot be reached: whoever asked is told so, or gets the error itself. */
  readonly unreached: "answer 502" | "throw";
};

const GONE = "the client closed the connection before the response was complete";

/** The upstream's answer, whose body passes as it is read. What is aborted rejects as `fetch` does. */
export async function relay(asked: Asked, record: RecordOptions, send: Fetch): Promise<Response> {
  const { method, path, upstream, target, headers, signal } = asked;
  const recording = new Recording(record, { wire: "http", method, path, upstream, target, headers });
  let answer: Response;
  try {
    answer = await send(target, {
      method,
      body: bodyOf(asked, recording),
      signal,
      headers: pairs(asked.sent ?? headers),
    });
  } catch (error) {
    if (!signal.aborted && asked.unreached === "answer 502") return unreached(recording, upstream, error);
    if (signal.aborted) recording.close("client-gone", GONE);
    else recording.close("upstream-error", `no answer from ${recording.target}: ${said(error)}`);
    throw error;
  }
  recording.head(answer.status, [...answer.headers] as Header[]);
  const init = {
    status: answer.status,
    statusText: answer.statusText,
    headers: pairs([...clientHeaders([...answer.headers] as Header[], null), ...(asked.added ?? [])]),
  };
  if (!answer.body) {
    recording.close("complete", null);
    return new Response(null, init);
  }
  const body = tap(answer.body as ReadableStream<Uint8Array>, {
    bytes: (piece) => recording.bytes("server", piece),
    shouldPause: (resume) => recording.shouldPause(resume),
    ended(how, error) {
      if (how === "whole") recording.close("complete", null);
      else if (how === "cancelled" || signal.aborted) recording.close("client-gone", GONE);
      else
        recording.close(
          "upstream-error",
          `the upstream stopped in the middle of its response: ${said(error)}`,
        );
    },
  });
  return new Response(body, init);
}

function bodyOf(
  { body }: Asked,
  recording: Recording,
): ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null {
  if (body === null) return null;
  if (body instanceof Uint8Array) {
    recording.bytes("client", body);
    recording.requestEnded();
    return body as Uint8Array<ArrayBuffer>;
  }
  return tap(body, {
    bytes: (piece) => recording.bytes("client", piece),
    shouldPause: (resume) => recording.shouldPause(resume),
    ended: (how) => how === "whole" && recording.requestEnded(),
  });
}

/** What the client is told is recorded like an answer. */
function unreached(recording: Recording, upstream: string, error: unknown): Response {
  const code = error && typeof error === "object" && "code" in error ? String(error.code) : "ERROR";
  const answer = unreachable({ target: recording.target, upstream }, code, said(error));
  recording.head(answer.status, answer.headers);
  recording.bytes("server", answer.body);
  recording.close("upstream-error", answer.message);
  return refused(answer);
}

export function refused({ status, headers, body }: Refusal): Response {
  return new Response(body as Uint8Array<ArrayBuffer>, { status, headers: pairs(headers) });
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function pairs(headers: readonly Header[]): [string, string][] {
  return headers.map(([name, value]) => [name, value]);
}

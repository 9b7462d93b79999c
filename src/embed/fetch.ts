/** A `fetch` that records what it asks and what is answered, for programs that only call out. */
import type { RecordOptions } from "../capture/record/record-options.ts";
import type { Header } from "../fact/fact.ts";
import { KNOWN_UPSTREAMS } from "../fact/upstreams.ts";
import { recorderOf, type RecorderOptions } from "./recorder.ts";
import { relay, type Fetch } from "./relay.ts";

export type RecordedFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** `new OpenAI({ fetch: recordedFetch() })`: as `fetch`, and what passes is in the log folder. */
export function recordedFetch(options: RecorderOptions = {}): RecordedFetch {
  return toldFetch(recorderOf(options).record);
}

export function toldFetch(record: RecordOptions): RecordedFetch {
  return async (input, init) => {
    // The types have an overload for each of the three, and none for all.
    const request = new Request(input as Request, init);
    const { method, url } = request;
    const target = new URL(url);
    const asked = {
      method,
      path: target.pathname + target.search,
      upstream: nameOf(target),
      target: url,
      headers: [...request.headers] as Header[],
      body: await bodyOf(request, init?.body),
      signal: request.signal,
      unreached: "throw" as const,
    };
    // All that the caller said counts; what is a header or a body has been read already.
    const send: Fetch = async (to, said) =>
      withoutCoding(await fetch(to, { ...restOf(input, request), ...init, ...said }), init);
    return relay(asked, record, send);
  };
}

/** What a `Request` says beside its address, headers and body. */
function restOf(input: string | URL | Request, { redirect, credentials, cache }: Request): RequestInit {
  return input instanceof Request ? { redirect, credentials, cache } : {};
}

/** A stream passes as it comes; all else is known already, and is sent with its length. */
async function bodyOf(
  request: Request,
  given: unknown,
): Promise<ReadableStream<Uint8Array> | Uint8Array | null> {
  if (request.body === null) return null;
  const isStream = given instanceof ReadableStream || given === undefined;
  return isStream ? (request.body as ReadableStream<Uint8Array>) : await request.bytes();
}

/** `fetch` takes the coding off and leaves its name: what is told and given must agree with the bytes. */
function withoutCoding(answer: Response, init: RequestInit | undefined): Response {
  const isCoded = answer.headers.has("content-encoding");
  if (!isCoded || (init as { decompress?: boolean } | undefined)?.decompress === false) return answer;
  const headers = new Headers(answer.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
}

/** The name under which the proxy knows this place; else the place itself. */
function nameOf({ origin, host }: URL): string {
  const known = KNOWN_UPSTREAMS.find(({ url }) => url !== null && new URL(url).origin === origin);
  return known?.name ?? host;
}

/** The proxy as an Elysia plug-in: one catch-all route that streams and records, in any Elysia or Bun.serve program. */
import { Elysia } from "elysia";
import { isMcpByHead, namesNoRelay } from "../capture/mcp/astray.ts";
import { asksUpgrade, upstreamHeaders } from "../capture/headers.ts";
import type { RecordOptions } from "../capture/record/record-options.ts";
import { recordRefused, refusal } from "../capture/refusal.ts";
import { routeTo, splitPath, type Route, type Upstream } from "../capture/upstreams.ts";
import { isNavigation, SANDBOX } from "../capture/web-page.ts";
import type { Header } from "../fact/fact.ts";
import { recorderOf, type RecorderOptions } from "./recorder.ts";
import { refused, relay, type Fetch } from "./relay.ts";

export type RecordedProxyOptions = RecorderOptions & {
  /** The base URL that is asked, for example `https://api.openai.com/v1`. */
  readonly target: string;
  /** Others by name: `/@name/…` asks them. */
  readonly upstreams?: Readonly<Record<string, string>>;
  /** What stands before the path in this program, for example `/llm`; it is not sent upstream. */
  readonly prefix?: string;
};

/** Instead of a log folder: whoever wants the facts. */
export type ToldProxyOptions = Omit<RecordedProxyOptions, keyof RecorderOptions> & {
  readonly record: RecordOptions;
};

/** Keys are the client's own: none is added. What `fetch` cannot keep stands in docs/elysia.md. */
export function recordedProxy(options: RecordedProxyOptions) {
  return toldProxy({ ...options, record: recorderOf(options).record });
}

export function toldProxy({ target, upstreams = {}, prefix = "", record }: ToldProxyOptions) {
  const before = prefix.replace(/\/+$/, "");
  const named = new Map(
    Object.entries({ ...upstreams, default: target }).map(([name, url]) => [name, upstreamOf(name, url)]),
  );
  const handle = (request: Request) => answer(request, before, named, record);
  // No hook and no parser: either would read the body, or make text of the stream.
  return new Elysia({ name: "mcp-proxy-logger", seed: `${before} ${target}` }).all(
    `${before}/*`,
    ({ request, server }) => {
      // A model that thinks says nothing for minutes.
      server?.timeout(request, 0);
      return handle(request);
    },
    { parse: "none" },
  );
}

async function answer(
  request: Request,
  before: string,
  named: ReadonlyMap<string, Upstream>,
  record: RecordOptions,
): Promise<Response> {
  const headers = [...request.headers] as Header[];
  const path = pathOf(request.url).slice(before.length) || "/";
  const found = routeOf(path, named);
  const head = { method: request.method, target: path, version: "1.1" as const, headers };
  const isMcp = splitPath(path).name === null && isMcpByHead(head, path);
  if (typeof found === "string" || isMcp || asksUpgrade(headers)) {
    const astray = isMcp ? namesNoRelay([]) : refusal(501, NO_UPGRADE);
    const why = typeof found === "string" ? refusal(404, found) : astray;
    recordRefused(record, head, why);
    return refused(why);
  }
  const { signal, method } = request;
  const asked = {
    method,
    path,
    upstream: found.upstream.name,
    target: found.target,
    headers,
    sent: upstreamHeaders(headers, found, "1.1", false).filter(
      ([name]) => !FETCHS_OWN.has(name.toLowerCase()),
    ),
    added: isNavigation(head) ? [SANDBOX] : [],
    body: request.body as ReadableStream<Uint8Array> | null,
    signal,
    unreached: "answer 502" as const,
  };
  return relay(asked, record, send);
}

/** As it comes: not decompressed, not followed, not timed. */
const send: Fetch = (url, init) =>
  fetch(url, { ...init, decompress: false, redirect: "manual", timeout: false } as RequestInit);

/** What `fetch` says by itself. */
const FETCHS_OWN = new Set(["host", "connection", "transfer-encoding"]);

const NO_UPGRADE =
  "a WebSocket cannot pass here, only through the proxy's own port: start it with `mcp-proxy-logger start`";

function upstreamOf(name: string, url: string): Upstream {
  return { name, url: url.replace(/\/+$/, ""), keyHeader: "bearer", key: null };
}

function routeOf(path: string, named: ReadonlyMap<string, Upstream>): Route | string {
  const split = splitPath(path);
  const upstream = named.get(split.name ?? "default");
  if (!upstream) return `no upstream is called ${JSON.stringify(split.name)}`;
  return routeTo(upstream, split);
}

/** Path and query as the runtime gives them. */
function pathOf(url: string): string {
  const at = url.indexOf("/", url.indexOf("://") + 3);
  return at < 0 ? "/" : url.slice(at);
}

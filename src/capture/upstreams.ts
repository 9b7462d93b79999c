/** Upstreams: who can be asked, by which URL, with which key; and which of them a request's path means. */
import type { Header } from "../fact/fact.ts";
import type { KeyHeader, Unversioned } from "../fact/upstreams.ts";

export type Upstream = {
  readonly name: string;
  /** Base URL, without a slash at its end. Null where the path has to say it (`/@azure:RESOURCE/…`). */
  readonly url: string | null;
  readonly keyHeader: KeyHeader;
  /** Added only where the client sent no credentials of its own. */
  readonly key: string | null;
  /** Clients that expect the version in the address leave it out of the path. */
  readonly unversioned?: Unversioned;
};

/** Where a request goes. `path` is what stands in the request line upstream: never decoded, never normalised. */
export type Route = {
  readonly upstream: Upstream;
  readonly protocol: "http:" | "https:";
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** The URL asked upstream, for people and for the record. */
  readonly target: string;
  /** The run of an agent that the path named. */
  readonly run?: string;
  /** For one who may not ask servers of this machine. */
  readonly elsewhere?: true;
  /** An MCP stream named this place to post to: no credential goes there but those the stream was asked for with. */
  readonly posted?: { readonly credentials: readonly Header[] };
};

/** A lookup that can wait, for upstreams that are started when they are first asked (`demo`). */
export type FindUpstream = (name: string) => Upstream | undefined | Promise<Upstream | undefined>;

/** Which upstream a path means, and what is asked there. `before` stands before the upstream's own path. */
export type Split = {
  readonly name: string | null;
  readonly resource: string | null;
  readonly rest: string;
  readonly before?: string;
  readonly run?: string;
};

/**
 * Splits `/@name/rest` or `/@mcp/name/rest`; a path without `@` means the default upstream. What is well known of
 * `/@mcp/name/rest` is asked at `/.well-known/what/@mcp/name/rest` (RFC 9728 3.1): the name is in the middle.
 */
export function splitPath(path: string): Split {
  const bound = RUN.exec(path);
  if (bound?.[1]) return { ...splitPath(bound[2] ?? ""), run: bound[1] };
  const known = /^(\/\.well-known\/[^/?]+)(\/@mcp\/.*)$/is.exec(path);
  if (known?.[1] && known[2]) return { ...splitPath(known[2]), before: known[1] };
  const match = /^\/@(mcp\/[^/?]+|[^/?:]+)(?::([^/?]*))?([/?].*)?$/i.exec(path);
  if (!match) return { name: null, resource: null, rest: path };
  return {
    name: match[1]!.toLowerCase(),
    resource: match[2] ?? null,
    rest: match[3] ?? "",
  };
}

/** `/@run:ID/…`: whose request it is, for the record alone. A name of this shape is short and needs no decoding. */
const RUN = /^\/@run:([\w.-]{1,64})([/?].*)?$/;

/** A sentence when the upstream cannot be asked by this path. */
export function routeTo(
  upstream: Upstream,
  { resource, rest, before = "", run }: Omit<Split, "name">,
): Route | string {
  const base = baseOf(upstream, resource);
  if (base === null)
    return `the upstream ${upstream.name} needs a resource: /@${upstream.name}:YOUR-RESOURCE/…, or set AZURE_OPENAI_ENDPOINT`;
  const url = parsed(base);
  // Alone, the address is what it is: `/mcp/` may be another place than `/mcp`.
  const start = rest.startsWith("/") || url.pathname === "/" ? url.pathname.replace(/\/$/, "") : url.pathname;
  // `/@mcp/name/@/path`: from the server's root. Redirects lead there.
  const own = rest.startsWith("/@/")
    ? rest.slice(2)
    : joinPaths(start, versioned(rest, upstream.unversioned));
  const path = withQuery(before === "" ? own : before + (own === "/" ? "" : own), url.search);
  const protocol = url.protocol as "http:" | "https:";
  const port = url.port ? Number(url.port) : protocol === "https:" ? 443 : 80;
  const route: Route = {
    upstream,
    protocol,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port,
    path,
    target: `${protocol}//${url.host}${path}`,
  };
  return run === undefined ? route : { ...route, run };
}

/** Few addresses are asked again and again. Bounded, since a client may name any resource. */
const known = new Map<string, URL>();
const MOST_ADDRESSES = 200;

function parsed(base: string): URL {
  const before = known.get(base);
  if (before) return before;
  const url = new URL(base);
  if (known.size >= MOST_ADDRESSES) known.clear();
  known.set(base, url);
  return url;
}

function baseOf(upstream: Upstream, resource: string | null): string | null {
  if (resource === null) return upstream.url;
  if (upstream.name !== "azure" || !/^[a-z0-9-]+$/i.test(resource)) return null;
  return `https://${resource}.openai.azure.com`;
}

/** A server's own URL may hold a query (`?key=…`), which then goes with each request. */
function withQuery(path: string, query: string): string {
  if (query === "") return path;
  return path.includes("?") ? `${path}&${query.slice(1)}` : path + query;
}

/** `/messages` → `/v1/messages`, where the API has it under this version alone. */
function versioned(rest: string, unversioned: Unversioned = {}): string {
  const first = /^\/(\w+)(?=$|[/?])/.exec(rest)?.[1];
  const version = first !== undefined && Object.hasOwn(unversioned, first) ? unversioned[first] : undefined;
  return version === undefined ? rest : version + rest;
}

/**
 * `/api/v1` + `/v1/models` is `/api/v1/models`: a base that ends in a version does not double it, nor what stands
 * before it (`/openai/v1` + `/openai/v1/models`; Groq's client puts all of it behind its address).
 */
export function joinPaths(base: string, rest: string): string {
  const doubled = VERSION.test(base) ? endsOf(base).find((end) => beginsWith(rest, end)) : undefined;
  const path = base + rest.slice(doubled?.length ?? 0);
  return path.startsWith("/") ? path : `/${path}`;
}

const VERSION = /\/v\d+[a-z]*\d*$/;

/** `/a/b/v1` → itself, `/b/v1`, `/v1`. */
function endsOf(base: string): string[] {
  const starts = [...base.matchAll(/\//g)].map(({ index }) => index);
  return starts.map((start) => base.slice(start));
}

function beginsWith(path: string, start: string): boolean {
  return path.startsWith(start) && /^(?:$|[/?])/.test(path.slice(start.length));
}

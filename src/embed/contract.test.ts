/** The plug-in keeps the contract of the wire but for what `fetch` and `Bun.serve` cannot keep: declared, and in docs/elysia.md. */
import type { Proxy, ProxyOptions } from "../capture/proxy.ts";
import { wireContract } from "../capture/testkit/contract.ts";
import { toldProxy } from "./proxy.ts";

function start({ defaultUpstream, record }: ProxyOptions): Proxy {
  const app = toldProxy({ target: defaultUpstream.url!, record });
  app.listen({ port: 0, hostname: "127.0.0.1", idleTimeout: 0 });
  const server = app.server!;
  return {
    host: server.hostname!,
    port: server.port!,
    busy: () => server.pendingRequests,
    async stop() {
      void server.stop(true);
    },
  };
}

const HEADERS = "names and order of headers, and those that the runtime adds";
const EXACT = `${HEADERS}: it says the bytes of a head`;
const HEAD = "the head of a stream leaves with the first piece of the body";
const FRAMING = "chunks are made anew";
const TRAILERS = "trailers are gone";
const CONNECTIONS = "connections are the runtime's";
const INTERIM = "interim responses are the runtime's";
const EARLY = "an answer may wait for the request's end";
const PATH = "the path is normalised as a URL";
const NO_HTTP = "what is no HTTP is refused by the runtime, and not recorded";

/** The kinds of these are the table of docs/elysia.md. */
const DEVIATIONS = {
  "pieces of a length response arrive…": HEAD,
  "pieces of a chunked response arrive…": HEAD,
  "chunk extensions and trailers pass…": FRAMING,
  "trailers are recorded wherever they are cut…": TRAILERS,
  "compressed bodies are not touched": EXACT,
  "bodies of no bytes are bodies": EXACT,
  "responses that have no body end with their head…": EXACT,
  "a body that only the end of the connection ends…": FRAMING,
  "4 MB pass up and down…": EXACT,
  "a connection that is kept asks over one connection…": EXACT,
  "pipelined requests are answered in their order": CONNECTIONS,
  "more pipelined than is held waits at the client": CONNECTIONS,
  "an upstream that closes after its response is dialled again…": EXACT,
  "a kept upstream connection that dies while it idles…": CONNECTIONS,
  "a kept connection that the upstream drops…": CONNECTIONS,
  "a client that wants its connection closed…": EXACT,
  "HTTP/1.0 clients are answered and let go…": EXACT,
  "interim responses come when they are said…": INTERIM,
  "an upstream that declines with Expect…": INTERIM,
  "a response that comes before the request has ended…": EARLY,
  "an upstream that answers early and hangs up…": EARLY,
  "a client that hangs up while its upload is stopped…": "it is noticed when the upload moves again",
  "a client that resets while its upload is stopped…": "it is noticed when the upload moves again",
  "an upstream that dies in a chunked body…": EXACT,
  "an upstream that says less than its content-length…": EXACT,
  "an upstream that resets a body without a length…": FRAMING,
  "a proxy that stops lets what is in flight finish…": "stopping is the program's own",
  "a request and its response pass with nothing added…": EXACT,
  "odd but legal paths and queries…": PATH,
  "an absolute target means its path": PATH,
  "headers that belong to the hop stay on the hop": EXACT,
  "an upgrade to HTTP/2 is not passed on…": EXACT,
  "large heads pass both ways…": "the runtime limits heads",
  "a head that comes byte by byte…": EXACT,
  "what is to be shown as a page…": EXACT,
  "refused, and never sent upstream…": NO_HTTP,
  "a chunked request is refused for…": NO_HTTP,
  "a head without an end is refused…": NO_HTTP,
  "a forward proxy's requests are told…": NO_HTTP,
  "an upstream that nobody knows is named": EXACT,
};

wireContract("Elysia plug-in", { start }, 4, DEVIATIONS);

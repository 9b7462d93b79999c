/** For tests: a proxy between a raw client and a raw upstream that can say anything, and the facts that it told. */
import { join } from "node:path";
import { addFact, joined, type Exchange } from "../../fact/exchange.ts";
import type { Fact } from "../../fact/fact.ts";
import type { Mask } from "../../fact/mask.ts";
import type { Standing } from "../../door/sender.ts";
import { Brake } from "../../door/token.ts";
import { connectProxy } from "./connect-proxy.ts";
import type { Network } from "../dial.ts";
import { AT_ONCE } from "../record/later.ts";
import { ownHosts } from "../network.ts";
import { Peer } from "./peer.ts";
import { startProxy, type Proxy, type ProxyOptions } from "../proxy.ts";
import type { Upstream } from "../upstreams.ts";

export const FIXTURES = join(import.meta.dir, "../fixtures");

export type RigOptions = {
  /** The upstream speaks TLS, with a certificate of the fixtures' authority. */
  readonly secure?: boolean;
  /** The proxy goes through an HTTP proxy that answers CONNECT. */
  readonly through?: boolean;
  /** What stands before each path; `/@mcp/weather` asks a named upstream. */
  readonly prefix?: string;
  /** The path of the upstream's own URL. */
  readonly base?: string;
  readonly mask?: Mask | null;
  readonly bodyLimit?: number;
  readonly shouldPause?: (room: () => void) => boolean;
  readonly upstream?: Partial<Upstream>;
  readonly network?: Partial<Network>;
  readonly allowedOrigins?: readonly string[];
  readonly token?: string;
  /** What takes the clients' requests in place of the proxy's own port. */
  readonly start?: (options: ProxyOptions) => Proxy;
  /** Who every client is taken for. */
  readonly standing?: Standing;
};

export type Rig = {
  readonly proxy: Proxy;
  readonly upstreamPort: number;
  readonly facts: readonly Fact[];
  readonly prefix: string;
  /** What the upstream must see as `Host`. */
  readonly host: string;
  client(): Promise<Peer>;
  /** The next connection that the upstream takes. */
  upstream(): Promise<Peer>;
  /** How many connections the upstream has taken. */
  taken(): number;
  /** A client that has said this, and the upstream that heard its head. */
  exchange(request: string | Uint8Array): Promise<{ client: Peer; upstream: Peer }>;
  /** Resolves when this many exchanges have ended. Facts out of order, or a second ending, throw. */
  ended(count?: number): Promise<Exchange[]>;
  [Symbol.asyncDispose](): Promise<void>;
};

export async function createRig(options: RigOptions = {}): Promise<Rig> {
  const { secure = false, through = false, prefix = "", mask = null } = options;
  const ca = await Bun.file(join(FIXTURES, "ca.pem")).text();
  const queue: Peer[] = [];
  const waiting: ((peer: Peer) => void)[] = [];
  let taken = 0;
  const listener = Bun.listen<Peer>({
    hostname: "127.0.0.1",
    port: 0,
    allowHalfOpen: true,
    ...(secure && {
      tls: {
        key: Bun.file(join(FIXTURES, "localhost-key.pem")),
        cert: Bun.file(join(FIXTURES, "localhost.pem")),
      },
    }),
    socket: {
      ...Peer.handlers,
      open(socket) {
        const peer = Peer.of(socket);
        taken++;
        const next = waiting.shift();
        if (next) next(peer);
        else queue.push(peer);
      },
    },
  });
  const tunnel = through ? await connectProxy() : null;
  const host = `127.0.0.1:${listener.port}`;
  const named: Upstream = {
    name: prefix === "" ? "default" : prefix.slice(2),
    url: `${secure ? "https" : "http"}://${host}${options.base ?? ""}`,
    keyHeader: "bearer",
    key: null,
    ...options.upstream,
  };
  const facts: Fact[] = [];
  const heard = new Set<() => void>();
  const proxy = (options.start ?? startProxy)({
    host: "127.0.0.1",
    port: 0,
    defaultUpstream: named,
    find: (name) => (name === named.name ? named : undefined),
    relays: named.name.startsWith("mcp/") ? [named.name] : [],
    network: {
      ca,
      insecureTls: false,
      http2: new Set(),
      proxyFor: () => tunnel?.url ?? null,
      ...options.network,
    },
    record: {
      tell: (fact) => {
        facts.push(fact.fact === "bytes" ? { ...fact, bytes: Buffer.from(fact.bytes) } : fact);
        for (const look of heard) look();
      },
      later: AT_ONCE,
      shouldPause: options.shouldPause ?? (() => false),
      released: () => {},
      mask,
      bodyLimit: options.bodyLimit ?? 1024 * 1024 * 1024,
    },
    isOwnHost: ownHosts(["x"]),
    allowedOrigins: new Set(options.allowedOrigins),
    token: options.token ?? null,
    tokenIsGiven: options.token !== undefined,
    brake: new Brake(),
    door: () => options.standing ?? "owner",
  });
  const clients: Peer[] = [];

  const rig: Rig = {
    proxy,
    upstreamPort: listener.port,
    facts,
    prefix,
    host,
    async client() {
      const peer = await Peer.dial(proxy.port);
      clients.push(peer);
      return peer;
    },
    upstream() {
      const peer = queue.shift();
      if (peer) return Promise.resolve(peer);
      const { promise, resolve } = Promise.withResolvers<Peer>();
      waiting.push(resolve);
      return promise;
    },
    taken: () => taken,
    async exchange(request) {
      const client = await rig.client();
      client.say(request);
      const upstream = await rig.upstream();
      await upstream.hears("\r\n\r\n");
      return { client, upstream };
    },
    ended(count = 1) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => facts.filter((fact) => fact.fact === "close").length >= count && resolve();
      heard.add(look);
      look();
      return promise.then(() => {
        heard.delete(look);
        return exchangesOf(facts);
      });
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.reset();
      await proxy.stop(0);
      listener.stop(true);
      tunnel?.stop();
      exchangesOf(facts);
    },
  };
  return rig;
}

/** Holds the grammar of facts: `open` first, at most one `head`, `close` last and once. */
export function exchangesOf(facts: readonly Fact[]): Exchange[] {
  const found = new Map<string, Exchange>();
  for (const fact of facts) {
    const before = found.get(fact.id);
    if (before && fact.fact === "open") throw new Error(`a second open of ${fact.id}`);
    if (before?.close) throw new Error(`${fact.fact} of ${fact.id} came after its close`);
    if (before?.response && fact.fact === "head") throw new Error(`a second head of ${fact.id}`);
    if (fact.fact === "bytes" && fact.from === "server" && !before?.response)
      throw new Error(`the server's bytes of ${fact.id} came before its head`);
    found.set(fact.id, addFact(before, fact));
  }
  return [...found.values()];
}

export function asked(exchange: Exchange): string {
  return Buffer.from(joined(exchange.request.pieces)).toString("latin1");
}

export function answered(exchange: Exchange): string {
  return Buffer.from(joined(exchange.response?.pieces ?? [])).toString("latin1");
}

/** Opens a connection to an upstream: plain or TLS, straight or through an HTTP proxy (`HTTPS_PROXY`). */
import type { Socket, SocketHandler } from "bun";
import { isThisMachine } from "../door/sender.ts";

/** `elsewhere`: not this machine, whatever its name turns out to mean. */
export type Address = {
  readonly protocol: "http:" | "https:";
  readonly host: string;
  readonly port: number;
  readonly elsewhere?: true;
};

/** How to get there. `ca`: extra certificate authorities in PEM, beside the runtime's own. */
export type Network = {
  readonly ca: string | null;
  readonly insecureTls: boolean;
  /** Addresses (`host:port`) that were found to speak HTTP/2 alone. */
  readonly http2: Set<string>;
  /** The HTTP proxy for this address, or null to go straight. */
  readonly proxyFor: (address: Address) => URL | null;
};

/** What is spoken on the other side of a wire; on this side it is always HTTP/1.1. */
export type Protocol = "http/1.1" | "h2";

/** What the two ends of a wire are told. All are called at most once but `data` and `drain`. */
export type WireEvents = {
  open(wire: Wire, protocol: Protocol): void;
  /** The connection could not be made. `code` is the system's or the TLS library's word. */
  failed(code: string, message: string): void;
  data(bytes: Buffer): void;
  drain(): void;
  /** The other side has said all it will say. */
  end(): void;
  /** The connection is gone; `error` when it broke rather than ended. */
  close(error: Error | null): void;
};

/** The connection, as little as is needed of it. */
export type Wire = Pick<
  Socket<undefined>,
  "write" | "end" | "shutdown" | "terminate" | "pause" | "resume" | "flush"
> & {
  /** The other side has said that it takes no further request. */
  readonly spent?: boolean;
};

/** Longer than any healthy connection takes to open; without it a dead host would hold the client for minutes. */
const DIAL_TIMEOUT_MS = 30_000;

/** A model may think for longer than a router or firewall remembers a silent connection; some forget after a minute. */
export const KEEP_ALIVE_MS = 30_000;

/** ALPN's wire format: a length and a name. One alone: a server that is offered both prefers HTTP/2. */
const ALPN = { "http/1.1": Buffer.from("\x08http/1.1"), h2: Buffer.from("\x02h2") };

/**
 * Returns how to give up before `open` or `failed` was told. `failed` says `ALPN` when the upstream does not speak the
 * protocol that was asked for.
 */
export function dial(address: Address, network: Network, protocol: Protocol, events: WireEvents): () => void {
  let state: "dialling" | "open" | "over" = "dialling";
  let socket: Socket<undefined> | null = null;
  const timer = setTimeout(
    () => fail("ETIMEDOUT", `no connection within ${DIAL_TIMEOUT_MS / 1000} s`),
    DIAL_TIMEOUT_MS,
  );

  function fail(code: string, message: string): void {
    if (state !== "dialling") return;
    state = "over";
    clearTimeout(timer);
    socket?.terminate();
    events.failed(code, message);
  }
  function opened(wire: Socket<undefined>): void {
    if (state !== "dialling") {
      wire.terminate();
      return;
    }
    if (address.elsewhere && proxy === null && isThisMachine(wire.remoteAddress))
      return fail("ELOCAL", "it is a server of this machine, and the request comes from another one");
    state = "open";
    socket = wire;
    clearTimeout(timer);
    events.open(wire, protocol);
  }

  const proxy = network.proxyFor(address);
  const secure = address.protocol === "https:";
  const handlers: SocketHandler<undefined> = {
    binaryType: "buffer",
    open(wire) {
      socket = wire;
      wire.setNoDelay(true);
      wire.setKeepAlive(true, KEEP_ALIVE_MS);
      if (!secure) opened(wire);
    },
    handshake(wire, success, error) {
      if (!secure) return;
      if (error?.message.includes("NO_APPLICATION_PROTOCOL")) fail("ALPN", NO_COMMON_PROTOCOL);
      else if ((success && !error) || (network.insecureTls && (success || isAboutTrust(error)))) {
        // Without a word a server means HTTP/1.1.
        if (protocol === "h2" && wire.alpnProtocol !== "h2") fail("ALPN", NO_COMMON_PROTOCOL);
        else opened(wire);
      } else fail(codeOf(error) ?? "TLS", error?.message ?? "the TLS handshake failed");
    },
    data: (_, bytes) => events.data(bytes),
    drain: () => events.drain(),
    end: () =>
      state === "open" ? events.end() : fail("ECONNRESET", "the connection ended while it was opened"),
    close(_, error) {
      if (state === "dialling")
        fail(
          codeOf(error) ?? "ECONNRESET",
          error?.message ?? "the connection was closed while it was opened",
        );
      else if (state === "open") {
        state = "over";
        events.close(error ?? null);
      }
    },
    error: (_, error) => fail(codeOf(error) ?? "ERROR", error.message),
    connectError: (_, error) => fail(codeOf(error) ?? "ERROR", error.message),
  };
  const tls = secure
    ? {
        ...(!isIp(address.host) && { serverName: address.host }),
        rejectUnauthorized: !network.insecureTls,
        ALPNProtocols: ALPN[protocol],
        ...(network.ca && { ca: network.ca }),
      }
    : undefined;

  const dialled =
    proxy === null
      ? Bun.connect({
          hostname: address.host,
          port: address.port,
          allowHalfOpen: true,
          socket: handlers,
          ...(tls && { tls }),
        })
      : dialThrough(proxy, address, fail, (wire) => (socket = wire)).then((tunnel) => {
          if (tunnel === null) return;
          if (tls) tunnel.upgradeTLS({ data: undefined, tls, socket: handlers });
          else {
            tunnel.reload({ socket: handlers });
            opened(tunnel);
          }
        });
  dialled.catch((error: Error) => fail(codeOf(error) ?? "ERROR", error.message));
  return () => {
    if (state !== "dialling") return;
    state = "over";
    clearTimeout(timer);
    socket?.terminate();
  };
}

const NO_COMMON_PROTOCOL = "it speaks neither HTTP/1.1 nor HTTP/2";

/** RFC 9110 9.3.6: CONNECT, then the connection is the upstream's. */
function dialThrough(
  proxy: URL,
  address: Address,
  fail: (code: string, message: string) => void,
  opened: (wire: Socket<undefined>) => void,
): Promise<Socket<undefined> | null> {
  const { promise, resolve } = Promise.withResolvers<Socket<undefined> | null>();
  const give = (code: string, message: string) => {
    fail(code, `through the proxy ${proxy.host}: ${message}`);
    resolve(null);
  };
  const authority = `${address.host.includes(":") ? `[${address.host}]` : address.host}:${address.port}`;
  const user = proxy.username
    ? `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
    : null;
  const authorization = user ? `Proxy-Authorization: Basic ${btoa(user)}\r\n` : "";
  let answer = "";
  const handlers: SocketHandler<undefined> = {
    open(wire) {
      opened(wire);
      wire.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
    },
    data(wire, bytes) {
      answer += bytes.toString("latin1");
      if (answer.length > 16_384) return give("EPROXY", "its answer to CONNECT has no end");
      if (!answer.includes("\r\n\r\n")) return;
      if (/^HTTP\/1\.[01] 2\d\d/.test(answer)) resolve(wire);
      else give("EPROXY", `it answered CONNECT with ${JSON.stringify(answer.split("\r\n")[0])}`);
    },
    close: (_, error) => give(codeOf(error) ?? "ECONNRESET", error?.message ?? "it closed the connection"),
    connectError: (_, error) => give(codeOf(error) ?? "ERROR", error.message),
  };
  Bun.connect({
    hostname: proxy.hostname.replace(/^\[|\]$/g, ""),
    port: Number(proxy.port || (proxy.protocol === "https:" ? 443 : 80)),
    allowHalfOpen: true,
    socket: handlers,
    ...(proxy.protocol === "https:" && { tls: true }),
  }).catch((error: Error) => give(codeOf(error) ?? "ERROR", error.message));
  return promise;
}

function codeOf(error: unknown): string | undefined {
  return error && typeof error === "object" && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

/** The handshake is done, and who it was done with is doubted: Bun 1.4.5 says `success: false` then where a name was given. */
function isAboutTrust(error: unknown): boolean {
  return /^(?:UNABLE_TO_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|INVALID_CA|ERR_TLS_CERT_)/.test(
    codeOf(error) ?? "",
  );
}

function isIp(host: string): boolean {
  return host.includes(":") || /^\d+(?:\.\d+){3}$/.test(host);
}

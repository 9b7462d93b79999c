/** Listens on the proxy's port and gives each client a connection of its own. */
import type { Socket } from "bun";
import type { Door } from "../door/sender.ts";
import type { Sender } from "./admission.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { KEEP_ALIVE_MS } from "./dial.ts";
import { createEndpoints } from "./mcp/endpoints.ts";

export type ProxyOptions = ConnectionOptions & {
  readonly host: string;
  readonly port: number;
  readonly door: Door;
};

export type Proxy = {
  readonly host: string;
  readonly port: number;
  /** Exchanges in flight. */
  busy(): number;
  /** Takes no new connections and lets what is in flight finish, for at most `graceMs`; then cuts the rest. */
  stop(graceMs: number): Promise<void>;
};

/** Throws when the port cannot be listened on. */
export function startProxy(options: ProxyOptions): Proxy {
  const connections = new Set<Connection>();
  const shared = { ...options, endpoints: createEndpoints() };
  let stopped: (() => void) | null = null;

  const server = Bun.listen<Connection>({
    hostname: options.host,
    port: options.port,
    allowHalfOpen: true,
    socket: {
      binaryType: "buffer",
      open(socket) {
        socket.setNoDelay(true);
        socket.setKeepAlive(true, KEEP_ALIVE_MS);
        socket.data = new Connection(socket as never, shared, senderOf(socket, options.door));
        connections.add(socket.data);
      },
      data: (socket, bytes) => socket.data.data(bytes),
      drain: (socket) => socket.data.drain(),
      end: (socket) => socket.data.end(),
      close(socket, error) {
        // A socket that was never opened has no connection.
        if (!socket.data) return;
        connections.delete(socket.data);
        socket.data.close(error ?? null);
        if (connections.size === 0) stopped?.();
      },
      // Thrown here, in what a socket told: it costs this connection, and no other.
      error(socket, error) {
        socket.data?.close(error);
        socket.terminate();
      },
    },
  });

  return {
    host: server.hostname,
    port: server.port,
    busy: () => [...connections].filter((connection) => connection.busy).length,
    async stop(graceMs) {
      server.stop(false);
      for (const connection of connections) connection.stop();
      if (connections.size === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      stopped = resolve;
      const timer = setTimeout(() => {
        for (const connection of connections) connection.abort();
        resolve();
      }, graceMs);
      await promise;
      clearTimeout(timer);
    },
  };
}

/** Asked when there is a request: most who only connect are not worth the question. */
function senderOf(socket: Socket<Connection>, door: Door): () => Sender {
  // A client that has left already has no address any more, and is nobody.
  const { remoteAddress: address = "", remotePort: port = 0 } = socket;
  const { localAddress: ourAddress = "", localPort: ourPort = 0 } = socket;
  let sender: Sender | null = null;
  return () => (sender ??= { address, standing: door({ address, port, ourAddress, ourPort }) });
}

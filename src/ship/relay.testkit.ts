/** A wire between a recorder and a store: it passes bytes, holds them (as a network that drops all packets does), or breaks. */
import { connect, createServer, type Socket } from "node:net";

export type Relay = {
  readonly port: number;
  /** Nothing passes, nothing is refused: what a cable that was pulled looks like. */
  stall(): void;
  /** Those that there are end, new ones are refused. */
  cut(): void;
  /** "new ones alone": those that were held stay so, as behind a router that has forgotten them. */
  heal(who?: "all" | "new ones alone"): void;
  stop(): void;
};

export function relay(to: number): Relay {
  const sockets = new Set<Socket>();
  let state: "passes" | "stalls" | "cut" = "passes";
  const server = createServer((near) => {
    if (state === "cut") return near.destroy();
    const far = connect(to, "127.0.0.1");
    for (const [from, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      if (state === "stalls") from.pause();
      from.on("data", (bytes) => other.write(bytes));
      from.on("error", () => other.destroy());
      from.on("close", () => {
        sockets.delete(from);
        other.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  return {
    port: (server.address() as { port: number }).port,
    stall() {
      state = "stalls";
      for (const socket of sockets) socket.pause();
    },
    cut() {
      state = "cut";
      for (const socket of sockets) socket.destroy();
    },
    heal(who = "all") {
      state = "passes";
      if (who === "new ones alone") return;
      for (const socket of sockets) socket.resume();
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

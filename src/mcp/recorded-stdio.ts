/**
 * The tap inside a server's own process: stdin and stdout as the SDK's transport wants them, and every byte that passes
 * told to the session file, after it passed. Stdin flows from the next turn of the loop on: connect the transport in this.
 */
import { Writable, type Readable } from "node:stream";
import type { Fact, Open, Tell } from "../fact/fact.ts";

export type RecordedStdio = {
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Tells the end of the session, once. */
  end(exit: { code: number | null; signal: string | null }): void;
};

export function openOfThisProcess(name: string, argv: readonly string[], target: string): Open {
  return {
    fact: "open",
    id: Bun.randomUUIDv7(),
    at: Date.now(),
    wire: "stdio",
    method: "",
    path: "",
    upstream: name,
    target,
    headers: [],
    process: { pid: process.pid, command: argv, cwd: process.cwd() },
  };
}

export function recordedStdio(id: string, tell: Tell): RecordedStdio {
  const began = performance.now();
  const t = () => performance.now() - began;
  const bytes = (from: "client" | "server", piece: Uint8Array): Fact => ({
    fact: "bytes",
    id,
    t: t(),
    from,
    bytes: piece,
  });
  let ended = false;
  const stdout = new Writable({
    write(piece: Buffer, _, done) {
      process.stdout.write(piece, done);
      tell(bytes("server", piece));
    },
  });
  process.stdout.on("error", (error) => stdout.destroy(error));
  process.stdin.on("data", (piece: Buffer) => tell(bytes("client", piece)));
  return {
    stdin: process.stdin,
    stdout,
    end(exit) {
      if (ended) return;
      ended = true;
      tell({
        fact: "close",
        id,
        t: t(),
        ending: exit.signal ? "interrupted" : "complete",
        error: null,
        exit,
      });
    },
  };
}

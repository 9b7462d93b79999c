/** One end of a raw connection, for tests: says exactly these bytes, hears everything, and waits for conditions. */
import type { Socket, SocketHandler, TLSOptions } from "bun";

type Waiter = { holds: () => boolean; resolve: () => void; reject: (error: Error) => void; what: string };

export class Peer {
  /** What was heard, as it came. Empty while `tally` counts instead. */
  readonly pieces: Buffer[] = [];
  size = 0;
  /** How the other side left: `end` when it said so, `reset` when the connection broke. */
  left: "end" | "reset" | null = null;
  #socket: Socket<Peer> | null = null;
  #unsent: Uint8Array[] = [];
  #waiters: Waiter[] = [];
  #hash: Bun.CryptoHasher | null = null;

  static readonly handlers: SocketHandler<Peer> = {
    binaryType: "buffer",
    open: (socket) => socket.data.#take(socket),
    data: (socket, bytes) => socket.data.#hear(bytes),
    drain: (socket) => socket.data.#flush(),
    end: (socket) => socket.data && socket.data.#leave("end"),
    close: (socket, error) => socket.data && socket.data.#leave(error ? "reset" : "end"),
    // A handshake that failed never became a peer.
    error: (socket) => socket.data && socket.data.#leave("reset"),
  };

  static async dial(port: number, tls?: TLSOptions): Promise<Peer> {
    const peer = new Peer();
    await Bun.connect<Peer>({
      hostname: "127.0.0.1",
      port,
      allowHalfOpen: true,
      data: peer,
      socket: Peer.handlers,
      ...(tls && { tls }),
    });
    return peer;
  }

  /** For the listening side: the socket's peer. */
  static of(socket: Socket<Peer>): Peer {
    const peer = new Peer();
    socket.data = peer;
    peer.#take(socket);
    return peer;
  }

  get text(): string {
    return this.bytes.toString("latin1");
  }

  get bytes(): Buffer {
    return this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces);
  }

  /** What was heard behind the first head. */
  get body(): Buffer {
    const { bytes } = this;
    return bytes.subarray(bytes.indexOf("\r\n\r\n") + 4);
  }

  say(...parts: (string | Uint8Array)[]): void {
    for (const part of parts)
      this.#unsent.push(typeof part === "string" ? Buffer.from(part, "latin1") : part);
    this.#flush();
  }

  /** Everything that was said is with the system. */
  said(): Promise<void> {
    return this.until("everything is sent", () => this.#unsent.length === 0);
  }

  get isStuck(): boolean {
    return this.#unsent.length > 0;
  }

  /** Resolves with all that was heard once it holds `what`, or once `what` is true of it. */
  async hears(what: string | RegExp | ((peer: Peer) => boolean)): Promise<string> {
    const holds = () =>
      typeof what === "function"
        ? what(this)
        : typeof what === "string"
          ? this.text.includes(what)
          : what.test(this.text);
    await this.until(`hearing ${what}`, holds);
    return this.text;
  }

  async leaves(): Promise<"end" | "reset"> {
    await this.until("the other side leaves", () => this.left !== null);
    return this.left!;
  }

  /** Forgets what was heard so far. */
  forget(): void {
    this.pieces.length = 0;
    this.size = 0;
  }

  /** From now on only counts and hashes what comes, so that it may be more than memory holds. */
  tally(): void {
    this.#hash = new Bun.CryptoHasher("sha1");
  }

  get hash(): string {
    return this.#hash!.copy().digest("hex");
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  /** Says that it will say no more, and goes on listening. */
  halfClose(): void {
    this.#socket?.shutdown();
  }

  hangUp(): void {
    this.#socket?.end();
  }

  reset(): void {
    this.#socket?.terminate();
  }

  until(what: string, holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiters.push({ holds, resolve, reject, what });
    return promise;
  }

  #take(socket: Socket<Peer>): void {
    this.#socket = socket;
    socket.setNoDelay(true);
  }

  #hear(bytes: Buffer): void {
    this.size += bytes.byteLength;
    if (this.#hash) this.#hash.update(bytes);
    else this.pieces.push(bytes);
    this.#look();
  }

  #leave(how: "end" | "reset"): void {
    this.left ??= how;
    this.#look();
  }

  #flush(): void {
    while (this.#unsent.length > 0) {
      const bytes = this.#unsent[0]!;
      const sent = Math.max(0, this.#socket?.write(bytes) ?? 0);
      if (sent < bytes.byteLength) {
        this.#unsent[0] = bytes.subarray(sent);
        return;
      }
      this.#unsent.shift();
    }
    this.#look();
  }

  #look(): void {
    this.#waiters = this.#waiters.filter((waiter) => {
      if (waiter.holds()) waiter.resolve();
      else if (this.left !== null)
        waiter.reject(
          new Error(`it left (${this.left}) before ${waiter.what}; heard: ${this.text.slice(0, 500)}`),
        );
      else return true;
      return false;
    });
  }
}

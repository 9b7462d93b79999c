/** A connection that both sides have agreed to speak another protocol on: what passes, for the record, until it ends. */
import type { Recording } from "./recording.ts";
import { MessageReader } from "./websocket.ts";

export class Tunnel {
  readonly #recording: Recording;
  readonly #readers: { readonly client: MessageReader; readonly server: MessageReader };
  readonly #isWebSocket: boolean;

  constructor(recording: Recording, isWebSocket: boolean) {
    this.#recording = recording;
    this.#isWebSocket = isWebSocket;
    this.#readers = { client: new MessageReader(isWebSocket), server: new MessageReader(isWebSocket) };
  }

  read(from: "client" | "server", bytes: Buffer): void {
    this.#readers[from].read(bytes, (message, kind) => this.#recording.bytes(from, message, kind));
  }

  /** One side ended: the first end says who it was. */
  end(from: "client" | "server"): void {
    const { client, server } = this.#readers;
    const said = from === "client" ? (client.closed ?? server.closed) : (server.closed ?? client.closed);
    const first =
      server.closed && (!client.closed || server.closed.at < client.closed.at) ? "server" : "client";
    const socket = said && { code: said.code, reason: said.reason, from: first as "client" | "server" };
    if (socket || !this.#isWebSocket) this.#recording.close("complete", null, socket ? { socket } : {});
    else if (from === "client")
      this.#recording.close("client-gone", "the client closed the connection without a close frame");
    else this.#recording.close("upstream-error", "the upstream closed the connection without a close frame");
  }
}

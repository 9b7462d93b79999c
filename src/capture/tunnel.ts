/**
 * A connection on which both sides have agreed to speak another protocol: what passes, for the record, until both have
 * ended. It is read behind the traffic, which only says what came.
 */
import { PART_BYTES, type InParts } from "../fact/parts.ts";
import type { Ended, Recording } from "./record/recording.ts";
import { MessageReader } from "./websocket.ts";

type Talker = "client" | "server";

/** How long the side that was told "close" may take to say it too, when the one that said it has ended already. */
const LAST_WORD_MS = 2000;

export class Tunnel {
  readonly #recording: Recording;
  readonly #readers: { readonly client: MessageReader; readonly server: MessageReader } | null;
  #first: Talker | null = null;
  readonly #ended = { client: false, server: false };
  readonly #onOver: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isOver = false;

  /** `onOver`: nothing is to pass any more. */
  constructor(recording: Recording, protocol: "websocket" | "other", onOver: () => void) {
    this.#recording = recording;
    this.#onOver = onOver;
    this.#readers =
      protocol === "websocket" ? { client: new MessageReader(), server: new MessageReader() } : null;
  }

  read(from: Talker, bytes: Buffer): void {
    const reader = this.#readers?.[from];
    if (!reader) return this.#recording.bytes(from, bytes);
    this.#recording.tunnelled(bytes.byteLength, (t) => this.#messages(from, reader, bytes, t));
  }

  *#messages(from: Talker, reader: MessageReader, bytes: Buffer, t: number): InParts {
    reader.add(bytes, t);
    let looked = 0;
    for (let message = reader.next(); message !== null; message = reader.next()) {
      if (message === "again" || looked > PART_BYTES) {
        yield;
        looked = 0;
      }
      if (message === "again") continue;
      looked += message.bytes.byteLength;
      const told = this.#recording.message(from, t, message.bytes, message.kind);
      if (told) yield* told;
    }
  }

  /**
   * This side will say no more; the other may. A WebSocket is over for both sides then (RFC 6455 7.1.1), but for the
   * answer to a close frame.
   */
  end(from: Talker): void {
    const other = from === "client" ? "server" : "client";
    this.#first ??= from;
    this.#ended[from] = true;
    if (this.#ended[other]) return this.#over();
    const readers = this.#readers;
    if (readers === null) return;
    this.#recording.tunnelled(0, () => {
      if (!readers[from].closed || readers[other].closed) this.#over();
      else this.#timer ??= setTimeout(() => this.#over(), LAST_WORD_MS);
    });
  }

  /** The connection is gone with both its sides. */
  gone(from: Talker): void {
    this.#first ??= from;
    this.#isOver = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#recording.closeAs(() => this.#how());
  }

  #over(): void {
    if (this.#isOver) return;
    this.gone(this.#first!);
    this.#onOver();
  }

  /** The first end says who it was. */
  #how(): Ended {
    if (this.#readers === null) return { ending: "complete", error: null };
    const [client, server] = [this.#readers.client.closed, this.#readers.server.closed];
    const said = this.#first === "client" ? (client ?? server) : (server ?? client);
    const from = server && (!client || server.t < client.t) ? "server" : "client";
    if (said) {
      const socket = { code: said.code, reason: said.reason, from } as const;
      return { ending: "complete", error: null, socket };
    }
    return this.#first === "client"
      ? { ending: "client-gone", error: "the client closed the connection without a close frame" }
      : { ending: "upstream-error", error: "the upstream closed the connection without a close frame" };
  }
}

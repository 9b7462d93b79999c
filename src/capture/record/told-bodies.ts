/** What is told of the bodies of one exchange: decoded where they are coded, masked, piece by piece as they passed. */
import type { Bytes, Header } from "../../fact/fact.ts";
import { atOnce, PART_BYTES, type InParts } from "../../fact/parts.ts";
import type { Kind } from "../websocket.ts";
import { bodyKind } from "./body-kind.ts";
import { CodedBody, CodedMessages, type Say } from "./coded-body.ts";
import type { Echoes } from "./echoes.ts";
import type { FactTask } from "./fact-queue.ts";
import { BodyMask } from "./mask-body.ts";
import { EventStreamMask } from "./mask-event-stream.ts";
import type { RecordOptions } from "./record-options.ts";
import { undeclaredCoding } from "./undeclared-coding.ts";

export type Talker = "client" | "server";

/** Decoded, messages are larger: so many times what is kept of them, all together. */
const DECODED_MESSAGES = 2;

type Side = {
  mask: BodyMask | EventStreamMask | null;
  /** Of the few that come in a coding. */
  coded: CodedBody | null;
  messages: CodedMessages | null;
  /** Nothing came yet, and no coding is named: the first bytes may say so. */
  isUnseen: boolean;
};

const silent = (): Side => ({ mask: null, coded: null, messages: null, isUnseen: false });

export class ToldBodies {
  readonly #id: string;
  readonly #target: string;
  readonly #options: RecordOptions;
  readonly #echoes: Echoes;
  readonly #sides = { client: silent(), server: silent() };
  #extensions = "";

  constructor(id: string, target: string, options: RecordOptions, echoes: Echoes) {
    this.#id = id;
    this.#target = target;
    this.#options = options;
    this.#echoes = echoes;
  }

  /** The headers in front of a body say what it is. */
  start(from: Talker, headers: readonly Header[]): void {
    const { mask } = this.#options;
    const { kind, codings } = bodyKind(from, headers, this.#target);
    const side = this.#sides[from];
    if (mask)
      side.mask =
        kind === "aws event stream"
          ? new EventStreamMask(mask, this.#echoes)
          : new BodyMask(mask, kind, this.#echoes);
    side.isUnseen = codings.length === 0;
    if (codings.length > 0) this.#decode(from, codings);
  }

  /** Both sides speak another protocol from here on. `extensions`: of a WebSocket, as they were agreed on. */
  upgrade(extensions: string): void {
    const { mask } = this.#options;
    this.#extensions = extensions;
    if (!mask) return;
    this.#sides.client.mask = new BodyMask(mask, "stream", this.#echoes);
    this.#sides.server.mask = new BodyMask(mask, "stream", this.#echoes);
  }

  take(from: Talker, t: number, bytes: Uint8Array): ReturnType<FactTask> {
    const body = this.#sides[from].coded ?? this.#undeclared(from, bytes);
    return body ? body.take(t, bytes) : this.#masked(from, t, bytes);
  }

  /** `limit`: bytes that are kept of one side. */
  message(from: Talker, t: number, bytes: Uint8Array, kind: Kind | undefined, limit: number): void | InParts {
    if (!kind?.deflated) return this.#masked(from, t, bytes, kind?.frame);
    const side = this.#sides[from];
    const most = DECODED_MESSAGES * limit;
    side.messages ??= new CodedMessages(from, this.#extensions, most, this.#say(from));
    return side.messages.take(t, bytes, kind.frame);
  }

  /** Tells what is held back of a body. */
  end(from: Talker, t: number, how: "whole" | "cut"): void | Promise<void> {
    const side = this.#sides[from];
    const { coded } = side;
    if (!coded) return side.mask?.end();
    side.coded = null;
    return coded.end(t, how).finally(() => side.mask?.end());
  }

  close(): void {
    this.#sides.client.messages?.close();
    this.#sides.server.messages?.close();
  }

  #undeclared(from: Talker, bytes: Uint8Array): CodedBody | null {
    const side = this.#sides[from];
    if (!side.isUnseen) return null;
    side.isUnseen = false;
    const coding = undeclaredCoding(bytes);
    return coding === null ? null : this.#decode(from, [coding]);
  }

  #decode(from: Talker, codings: readonly string[]): CodedBody {
    const { mask, bodyLimit } = this.#options;
    const coded = new CodedBody(codings, bodyLimit, mask ? "lost" : "kept", this.#say(from));
    this.#sides[from].coded = coded;
    return coded;
  }

  #say(from: Talker): Say {
    return {
      bytes: (t, bytes, passed) => {
        const told = this.#masked(from, t, bytes, undefined, passed);
        if (told) atOnce(told);
      },
      message: (t, bytes, passed, frame) => this.#masked(from, t, bytes, frame, passed),
      gap: (t, lost, why) => this.#options.tell({ fact: "gap", id: this.#id, t, from, lost, why }),
    };
  }

  #masked(
    from: Talker,
    t: number,
    bytes: Uint8Array,
    frame?: Bytes["frame"],
    passed?: number,
  ): void | InParts {
    const tell = (masked: Uint8Array) => {
      const fact = { fact: "bytes" as const, id: this.#id, t, from, bytes: masked };
      if (frame === undefined && passed === undefined) this.#options.tell(fact);
      else this.#options.tell({ ...fact, ...(frame && { frame }), ...(passed !== undefined && { passed }) });
    };
    const body = this.#sides[from].mask;
    if (!body) return tell(bytes);
    const how = frame ? "message" : "push";
    if (bytes.byteLength > PART_BYTES) return body.inParts(how, bytes, tell);
    body[how](bytes, tell);
  }
}

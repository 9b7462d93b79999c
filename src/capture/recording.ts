/** What is told of one exchange: in order, masked, within the limit, with exactly one ending. */
import type { Bytes, Close, Ending, From, Header, Open, Tell } from "../fact/fact.ts";
import type { Mask } from "../fact/mask.ts";
import type { Protocol } from "./dial.ts";
import { Echoes } from "./echoes.ts";
import type { Later } from "./later.ts";
import { BodyMask, maskWhole } from "./mask-body.ts";

export type RecordOptions = {
  readonly tell: Tell;
  /** When what is told is masked: behind the traffic. */
  readonly later: Later;
  readonly mask: Mask | null;
  /** True where a source should be stopped until `room` is called: the record is far behind. */
  readonly crowded: (room: () => void) => boolean;
  /** Bytes of one body that are kept; what passes beyond is counted and told as a gap. The wire is never cut. */
  readonly bodyLimit: number;
};

type Side = { kept: number; lost: number };

export class Recording {
  readonly id: string;
  readonly #target: string;
  readonly #options: RecordOptions;
  readonly #start = performance.now();
  readonly #sides: Record<From, Side> = {
    client: { kept: 0, lost: 0 },
    server: { kept: 0, lost: 0 },
    stderr: { kept: 0, lost: 0 },
  };
  readonly #echoes = new Echoes();
  readonly #bodyMasks: { client: BodyMask | null; server: BodyMask | null } = { client: null, server: null };
  #over = false;

  /** `added`: a key of ours that goes upstream with the request. */
  constructor(options: RecordOptions, open: Omit<Open, "fact" | "id" | "at">, added: string | null = null) {
    this.#options = options;
    this.id = Bun.randomUUIDv7();
    this.#target = open.target;
    const { mask, tell, later } = options;
    const at = Date.now();
    later.push(() => {
      const found = (credential: string) => this.#echoes.add(credential);
      if (added !== null) found(added);
      const masked = mask && {
        headers: mask.headers(open.headers, found),
        path: mask.url(open.path, found),
        target: mask.url(open.target, found),
      };
      this.#bodyMasks.client = this.#maskFor(open.headers);
      tell({ fact: "open", id: this.id, at, ...open, ...masked });
    }, 0);
  }

  /** The URL that is asked, masked: for sentences that are recorded too. */
  get target(): string {
    return this.#options.mask?.url(this.#target) ?? this.#target;
  }

  #maskFor(headers: readonly Header[]): BodyMask | null {
    const { mask } = this.#options;
    const kind = mask && kindOf(headers);
    return mask && kind ? new BodyMask(mask, kind, this.#echoes) : null;
  }

  /** ms since the request, to a hundredth. */
  #now(): number {
    return Math.round((performance.now() - this.#start) * 100) / 100;
  }

  head(status: number, headers: readonly Header[], protocol: Protocol = "http/1.1"): void {
    if (this.#over) return;
    const { mask, tell, later } = this.#options;
    const t = this.#now();
    later.push(() => {
      // HTTP/2 has no such header: it is what the client is given instead of its frames.
      const sent = protocol === "h2" ? headers.filter(([name]) => name !== "transfer-encoding") : headers;
      this.#bodyMasks.server = this.#maskFor(sent);
      const masked = mask
        ?.headers(sent)
        .map(([name, value]): Header => [name, this.#echoes.masked(value, mask.secret)]);
      const spoken = protocol === "h2" ? { protocol: "HTTP/2" as const } : {};
      tell({ fact: "head", id: this.id, t, status, headers: masked ?? sent, ...spoken });
    }, 0);
  }

  bytes(from: From, bytes: Uint8Array, message?: Pick<Bytes, "frame" | "deflated">): void {
    // What passes while a connection is taken down is no part of the exchange any more.
    if (this.#over) return;
    const side = this.#sides[from];
    const room = this.#options.bodyLimit - side.kept;
    if (bytes.byteLength > room) {
      side.lost += bytes.byteLength - Math.max(0, room);
      if (room <= 0) return;
      bytes = bytes.subarray(0, room);
    }
    side.kept += bytes.byteLength;
    const t = this.#now();
    const kept = bytes;
    this.#options.later.push(() => this.#tellBytes(from, t, kept, message), kept.byteLength);
  }

  #tellBytes(from: From, t: number, bytes: Uint8Array, message?: Pick<Bytes, "frame" | "deflated">): void {
    const tell = (masked: Uint8Array) =>
      this.#options.tell({ fact: "bytes", id: this.id, t, from, bytes: masked, ...message });
    const { mask } = this.#options;
    const body = from === "stderr" ? null : this.#bodyMasks[from];
    if (!mask) tell(bytes);
    else if (message)
      tell(!message.deflated && isText(message, bytes) ? maskWhole(bytes, mask, this.#echoes) : bytes);
    else if (body) body.push(bytes, tell);
    else tell(bytes);
  }

  /** The request's body has ended: nothing of it needs to be held back any longer. */
  requestEnded(): void {
    this.#options.later.push(() => this.#bodyMasks.client?.end(), 0);
  }

  /** The first ending counts: what breaks while things are torn down is no second one. */
  close(ending: Ending, error: string | null, more?: Pick<Close, "socket">): void {
    if (this.#over) return;
    this.#over = true;
    const t = this.#now();
    this.#options.later.push(() => this.#tellClose(t, ending, error, more), 0);
  }

  #tellClose(t: number, ending: Ending, error: string | null, more?: Pick<Close, "socket">): void {
    this.#bodyMasks.client?.end();
    this.#bodyMasks.server?.end();
    for (const from of ["client", "server"] as const) {
      const { lost } = this.#sides[from];
      if (lost === 0) continue;
      const why = `the record keeps ${this.#options.bodyLimit} bytes of a body; everything passed`;
      this.#options.tell({ fact: "gap", id: this.id, t, from, lost, why });
    }
    const { mask } = this.#options;
    const said = (text: string) => (mask ? this.#echoes.masked(mask.sentence(text), mask.secret) : text);
    const socket = more?.socket && { ...more.socket, reason: said(more.socket.reason) };
    this.#options.tell({
      fact: "close",
      id: this.id,
      t,
      ending,
      error: error === null ? null : said(error),
      ...(socket && { socket }),
    });
  }
}

/** Null for what is no text: nothing can be found in it, and what looks like a key is none. */
function kindOf(headers: readonly Header[]): "json" | "form" | null {
  let kind: "json" | "form" = "json";
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (key === "content-encoding" && value.trim().toLowerCase() !== "identity") return null;
    if (key !== "content-type") continue;
    if (NO_TEXT.test(value)) return null;
    if (/x-www-form-urlencoded/i.test(value)) kind = "form";
  }
  return kind;
}

const NO_TEXT =
  /^\s*(?:image|audio|video|font)\/|octet-stream|\/(?:zip|gzip|pdf|protobuf|x-protobuf|vnd\.amazon\.eventstream)\b/i;

/** Gemini's Live API sends its JSON in binary messages. */
function isText({ frame }: Pick<Bytes, "frame">, bytes: Uint8Array): boolean {
  return frame === "text" || bytes[0] === 0x7b || bytes[0] === 0x5b;
}

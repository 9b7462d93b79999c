/**
 * One side of an exchange as the page can show it while it passes: decoded, as text, with characters that are cut in
 * two by the network held until they are whole. Made when somebody begins to watch, from what came before.
 */
import { type Decoder, decoderOf } from "../journal/decode.ts";
import { header, type Piece } from "../fact/exchange.ts";
import type { Header } from "../fact/fact.ts";

export type Shown = { text: string } | { base64: string };

export class LiveText {
  readonly #tell: (t: number, shown: Shown) => void;
  readonly #mask: (text: string) => string;
  readonly #text = new TextDecoder();
  readonly #decoder: Decoder | null;
  /** Pieces go through a content-decoder one after another; each output belongs to the piece that was put in. */
  #turn: Promise<void> = Promise.resolve();
  #ready: Buffer[] = [];
  #broken = false;

  constructor(
    headers: readonly Header[],
    earlier: readonly Piece[],
    tell: (t: number, shown: Shown) => void,
    mask: (text: string) => string = (text) => text,
  ) {
    this.#tell = tell;
    this.#mask = mask;
    const coding = header(headers, "content-encoding")?.trim().toLowerCase() ?? "identity";
    this.#decoder = coding === "identity" ? null : decoderOf(coding, earlier[0]?.bytes);
    this.#decoder?.on("data", (bytes: Buffer) => this.#ready.push(bytes));
    this.#decoder?.on("error", () => (this.#broken = true));
    for (const piece of this.#decoder ? earlier : earlier.slice(-1)) this.#put(piece, "unseen");
  }

  push(piece: Piece): void {
    this.#put(piece, "shown");
  }

  close(): void {
    this.#decoder?.destroy();
  }

  #put({ t, bytes, frame, deflated }: Piece, as: "unseen" | "shown"): void {
    const decoder = this.#decoder;
    if (frame === "binary" || deflated || this.#broken) {
      if (as === "shown") this.#tell(t, { base64: Buffer.from(bytes).toString("base64") });
      return;
    }
    if (!decoder) return this.#show(t, bytes, frame, as);
    this.#turn = this.#turn.then(async () => {
      if (this.#broken) return;
      await new Promise<void>((done) => {
        decoder.once("error", () => done());
        decoder.write(bytes as Uint8Array<ArrayBuffer>, () => done());
      });
      const out = Buffer.concat(this.#ready);
      this.#ready = [];
      if (out.byteLength > 0) this.#show(t, out, undefined, as);
    });
  }

  #show(t: number, bytes: Uint8Array, frame: "text" | undefined, as: "unseen" | "shown"): void {
    const text = this.#text.decode(bytes, { stream: !frame });
    // What was not coded was masked before it came here.
    if (as === "shown" && text !== "") this.#tell(t, { text: this.#decoder ? this.#mask(text) : text });
  }
}

/**
 * One side of an exchange as the page can show it while it passes: as text, with characters that are cut in two by the
 * network held until they are whole. Made when somebody begins to watch.
 */
import type { Piece } from "../fact/exchange.ts";

export type Shown = { text: string } | { base64: string };

export class LiveText {
  readonly #tell: (t: number, shown: Shown) => void;
  readonly #text = new TextDecoder();

  /** `before`: the piece that nobody watched, which may end in the middle of a character. */
  constructor(before: Piece | undefined, tell: (t: number, shown: Shown) => void) {
    this.#tell = tell;
    if (before && !before.frame) this.#text.decode(before.bytes, { stream: true });
  }

  push({ t, bytes, frame }: Piece): void {
    if (frame === "binary") return this.#tell(t, { base64: Buffer.from(bytes).toString("base64") });
    const text = this.#text.decode(bytes, { stream: !frame });
    if (text !== "") this.#tell(t, { text });
  }
}

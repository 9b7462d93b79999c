/** What was recorded, opened again: of an exchange in flight what there is so far, of all others what their files hold. */
import type { Bodies, BodyKey } from "../bodies/bodies.ts";
import { fileBodies } from "../bodies/files.ts";
import type { Exchange } from "../fact/exchange.ts";
import type { LinePlace } from "../fact/rows.ts";
import type { LocalIndex } from "../index/index.ts";
import { exchangeText } from "../journal/exchange-file.ts";
import { parseExchange } from "../journal/exchange-read.ts";
import { LARGEST_READ, outlineOf, partsOf } from "../journal/outline.ts";
import { LetGo } from "./let-go.ts";
import type { Recorder } from "./recorder.ts";
import { passedOf } from "./row.ts";

export type StoredOptions = {
  readonly logDir: string;
  readonly recorder: () => Pick<Recorder, "exchange" | "pathOf">;
  readonly index: () => Pick<LocalIndex, "fileOf">;
};

export class Stored {
  readonly bodies: Bodies;
  readonly #options: StoredOptions;
  readonly #letGo = new LetGo();

  constructor(options: StoredOptions) {
    this.#options = options;
    this.bodies = fileBodies(options.logDir, (key) => this.#pathOf(key));
  }

  async load(id: string): Promise<Exchange | null> {
    const flying = this.#options.recorder().exchange(id);
    if (flying) return flying;
    // The text is nobody's from here on: a large one is let go of before more is made of what it says.
    const exchange = parsedOf(await this.#text(id));
    if (exchange) this.#letGo.done(largest(exchange));
    return exchange;
  }

  async file(id: string): Promise<string | Uint8Array<ArrayBuffer> | null> {
    const flying = this.#options.recorder().exchange(id);
    return flying
      ? exchangeText(flying, { assembled: undefined, summary: {} }, passedOf(flying))
      : ((await this.bodies.get({ of: "exchange", id })) as Uint8Array<ArrayBuffer> | null);
  }

  /** Of what is too large to be read, its outside. */
  async #text(id: string): Promise<string | null> {
    const bytes = await this.bodies.get({ of: "exchange", id });
    if (bytes === null) return null;
    if (bytes.byteLength <= LARGEST_READ) return new TextDecoder().decode(bytes);
    const work = outlineOf(partsOf(bytes), bytes.byteLength);
    for (;;) {
      const { done, value } = work.next();
      if (done) return "text" in value ? value.text : null;
      await new Promise((next) => setImmediate(next));
    }
  }

  #pathOf({ of, id }: BodyKey): string | null {
    const waiting = of === "exchange" ? this.#options.recorder().pathOf(id) : null;
    return waiting ?? this.#options.index().fileOf(id)?.path ?? null;
  }

  async line(id: string, { offset, size }: LinePlace): Promise<string | null> {
    const bytes = await this.bodies.range({ of: "session", id }, offset, offset + size);
    return bytes && new TextDecoder().decode(bytes);
  }
}

function parsedOf(text: string | null): Exchange | null {
  const parsed = text === null ? null : parseExchange(text);
  return parsed && "exchange" in parsed ? parsed.exchange : null;
}

function largest(exchange: Exchange): number {
  const { request, response } = passedOf(exchange);
  return Math.max(request, response);
}

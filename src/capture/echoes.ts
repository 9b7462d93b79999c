/** What a client has signed in with in one exchange, so that it is found wherever anybody says it again. */

/** Shorter words than this are said by chance (`ollama`, `none`), and masking them would make nonsense of the record. */
const SHORTEST = 16;

/** Each is looked for in every piece; nobody signs in with more. */
const MOST = 32;

export class Echoes {
  readonly #known = new Map<string, Buffer>();
  bytes: readonly Buffer[] = [];

  add(credential: string): void {
    if (credential.length < SHORTEST || this.#known.size >= MOST || this.#known.has(credential)) return;
    this.#known.set(credential, Buffer.from(credential, "latin1"));
    this.bytes = [...this.#known.values()];
  }

  /** The same text with each of them masked. */
  masked(text: string, secret: (credential: string) => string): string {
    for (const credential of this.#known.keys())
      if (text.includes(credential)) text = text.replaceAll(credential, secret(credential));
    return text;
  }
}

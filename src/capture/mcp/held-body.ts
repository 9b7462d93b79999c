/** A request's body while it is held back: until its first bytes say what it is. What is read here is read again later. */
import type { Framing } from "../http1/body.ts";
import { McpLook, type Body } from "./mcp-look.ts";

/**
 * How long the first bytes of a body may come behind its head: any client sends both at once. One that does not, or
 * that waits for 100 (RFC 9110 10.1.1), is not kept waiting for more than this, and its request is then a model's.
 */
const PATIENCE_MS = 50;

export class HeldBody {
  readonly #framing: Framing;
  readonly #look = new McpLook();
  #told: PromiseWithResolvers<Body> | null = null;

  /** `framing`: one that nobody else reads by. */
  constructor(framing: Framing) {
    this.#framing = framing;
  }

  /** Resolves when it is known, or when the patience with a body that does not come is over. */
  wait(howLong: "until it is known" | "a moment"): Promise<Body> {
    const { promise, resolve } = (this.#told ??= Promise.withResolvers<Body>());
    if (howLong === "until it is known") return promise;
    const timer = setTimeout(() => resolve("other"), PATIENCE_MS);
    return promise.finally(() => clearTimeout(timer));
  }

  take(bytes: Buffer): Body | undefined {
    const body = this.#read(bytes);
    if (body) this.#told?.resolve(body);
    return body;
  }

  #read(bytes: Buffer): Body | undefined {
    if (this.#framing.kind === "none") return "other";
    for (let at = 0; ;) {
      const { used, body, more = [], done, again, broken } = this.#framing.take(bytes.subarray(at));
      for (const part of [body, ...more]) {
        const known = this.#look.take(part);
        if (known) return known;
      }
      if (broken !== undefined) return "other";
      if (done) return this.#look.end();
      if (!again) return undefined;
      at += used;
    }
  }
}

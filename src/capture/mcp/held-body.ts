/** A request's body while it is held back: until its first bytes say what it is. What is read here is read again later. */
import { requestFraming } from "../http1/body.ts";
import type { RequestHead } from "../http1/head.ts";
import { McpLook, type Body } from "./mcp-look.ts";

/**
 * How long the first bytes of a body may come behind its head: any client sends both at once. One that does not, or
 * that waits for 100 (RFC 9110 10.1.1), is not kept waiting for more than this, and its request is then a model's.
 */
const PATIENCE_MS = 50;

export class HeldBody {
  readonly #framing;
  readonly #look = new McpLook();
  readonly #told = Promise.withResolvers<Body>();

  constructor(head: RequestHead) {
    this.#framing = requestFraming(head);
  }

  /** Resolves when it is known, or when the patience with a body that does not come is over. */
  wait(howLong: "until it is known" | "a moment"): Promise<Body> {
    if (howLong === "until it is known") return this.#told.promise;
    const timer = setTimeout(() => this.#told.resolve("other"), PATIENCE_MS);
    return this.#told.promise.finally(() => clearTimeout(timer));
  }

  take(bytes: Buffer): Body | undefined {
    const body = this.#read(bytes);
    if (body) this.#told.resolve(body);
    return body;
  }

  #read(bytes: Buffer): Body | undefined {
    // Framing that cannot be understood is refused where it is passed on.
    if (typeof this.#framing === "string" || this.#framing.kind === "none") return "other";
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

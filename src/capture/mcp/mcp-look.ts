/**
 * The first bytes of a body: are they JSON-RPC, and is it MCP's? An answer comes as early as the bytes allow: the first
 * name of a member decides for every other kind of body, so that nothing but JSON-RPC is ever waited for.
 * https://www.jsonrpc.org/specification, https://modelcontextprotocol.io/specification/2025-11-25/basic
 */

/** `json-rpc`: with a method that is not MCP's. `empty`: `{}`, which says nothing. */
export type Body = "mcp" | "json-rpc" | "empty" | "other";

/** More than the members that stand before the method in any message; it bounds what is held back of a request. */
export const LOOKED_AT = 64 * 1024;

const MEMBERS = new Set(["jsonrpc", "id", "method", "params", "result", "error"]);

const METHOD =
  /^(?:initialize|ping|(?:tools|resources|prompts|notifications|logging|completion|sampling|roots|elicitation|tasks|server|subscriptions)\/.*)$/;

/** No name or method that matters is longer. */
const LONGEST_WORD = 80;

const QUOTE = 34;
const BACKSLASH = 92;

export class McpLook {
  #seen = 0;
  #depth = 0;
  /** How deep the members of the message stand: in a batch, one deeper. */
  #level = 1;
  #inString = false;
  #escaped = false;
  #word = "";
  /** The next text is the name of a member. */
  #isName = false;
  #name = "";
  #members = 0;
  #isRpc = false;
  #isAnswer = false;
  #method: string | null = null;

  /** Undefined while it cannot be told yet. */
  take(bytes: Uint8Array): Body | undefined {
    for (const byte of bytes) {
      const body = this.#byte(byte);
      if (body) return body;
    }
    // Only members of JSON-RPC have been named so far, and no other API has a body of nothing else.
    return this.#seen > LOOKED_AT ? (this.#members > 0 ? "mcp" : "other") : undefined;
  }

  /** The body is over. */
  end(): Body {
    if (this.#method !== null && METHOD.test(this.#method)) return "mcp";
    if (this.#isRpc) return this.#isAnswer ? "mcp" : "json-rpc";
    return this.#members === 0 && this.#depth > 0 ? "empty" : "other";
  }

  #byte(byte: number): Body | undefined {
    this.#seen++;
    if (this.#inString) return this.#inside(byte);
    if (this.#depth < this.#level) return this.#before(byte);
    const char = String.fromCharCode(byte);
    if (byte === QUOTE) {
      this.#inString = true;
      this.#word = "";
    } else if (char === "{" || char === "[") this.#depth++;
    else if (char === "}" || char === "]") {
      if (this.#depth === this.#level) return this.end();
      this.#depth--;
    } else if (char === "," && this.#depth === this.#level) this.#isName = true;
    return undefined;
  }

  /** In front of the first message: white space, a mark of the encoding, a batch's bracket. */
  #before(byte: number): Body | undefined {
    if (byte === 32 || (byte >= 9 && byte <= 13) || (this.#seen <= 3 && byte >= 0xbb)) return undefined;
    const char = String.fromCharCode(byte);
    if (char === "[" && this.#depth === 0) {
      this.#depth = 1;
      this.#level = 2;
      return undefined;
    }
    if (char !== "{") return "other";
    this.#depth++;
    this.#isName = true;
    return undefined;
  }

  #inside(byte: number): Body | undefined {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      this.#inString = false;
      return this.#depth === this.#level ? this.#text(this.#word) : undefined;
    }
    if (this.#depth === this.#level && this.#word.length < LONGEST_WORD)
      this.#word += String.fromCharCode(byte);
    return undefined;
  }

  /** A name or a text of the message itself. */
  #text(word: string): Body | undefined {
    if (this.#isName) {
      this.#isName = false;
      this.#name = word;
      this.#members++;
      if (word === "jsonrpc") this.#isRpc = true;
      else if (word === "result" || word === "error") this.#isAnswer = true;
      else if (!MEMBERS.has(word) && !this.#isRpc) return "other";
    } else if (this.#name === "method") this.#method = word;
    if (this.#method !== null && METHOD.test(this.#method)) return "mcp";
    if (this.#isRpc && this.#isAnswer) return "mcp";
    return this.#isRpc && this.#method !== null ? "json-rpc" : undefined;
  }
}

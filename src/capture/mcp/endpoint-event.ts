/**
 * The event of an old MCP stream (HTTP+SSE, revision 2024-11-05) that says where to post, read as any event stream is:
 * fields in any order, others between them, comments, every kind of line end, a mark of the encoding in front, pieces
 * cut anywhere. https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */

/** `field` is what stands before the address in its line; `at` is where the line begins in the stream. */
export type EndpointLine = { readonly address: string; readonly field: string; readonly at: number };

/** The event is one of the stream's first: some servers say a comment or a ping before it. */
const LOOKED_AT_BYTES = 8 * 1024;

export class EndpointReader {
  #text = "";
  /** Where the line begins that is not complete yet. */
  #from = 0;
  #isEndpoint = false;
  #line: EndpointLine | null = null;
  /** How many bytes of the stream have been read. */
  read = 0;

  /** The line, as soon as it is known to be the one; null when there will be none. */
  take(piece: Uint8Array): EndpointLine | null | "looking" {
    this.read += piece.byteLength;
    this.#text += Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1");
    for (;;) {
      const end = this.#lineEnd();
      if (end < 0) return this.#text.length > LOOKED_AT_BYTES ? null : "looking";
      const line = this.#text.slice(this.#from, end);
      const at = this.#from;
      this.#from = end + (this.#text.startsWith("\r\n", end) ? 2 : 1);
      this.#take(line, at);
      if (this.#isEndpoint && this.#line) return this.#line;
    }
  }

  /** A CR at the end of what came may be half of a line's end, which makes no difference to what stands before it. */
  #lineEnd(): number {
    // The LF of a CR LF that came in two pieces is no line of its own.
    if (this.#text[this.#from - 1] === "\r" && this.#text[this.#from] === "\n") this.#from++;
    for (let at = this.#from; at < this.#text.length; at++)
      if (this.#text[at] === "\n" || this.#text[at] === "\r") return at;
    return -1;
  }

  #take(whole: string, at: number): void {
    const mark = at === 0 && whole.startsWith("\xef\xbb\xbf") ? 3 : 0;
    const line = whole.slice(mark);
    if (line === "") {
      this.#isEndpoint = false;
      this.#line = null;
      return;
    }
    const [, name, colon = "", value = ""] = /^([^:]*)(: ?)?(.*)$/s.exec(line) ?? [];
    if (name === "event") this.#isEndpoint = value === "endpoint";
    if (name === "data") this.#line ??= { address: value.trim(), field: name + colon, at: at + mark };
  }
}

/**
 * `data: http://server/x` becomes a comment of the same length less, and `data: /x`: nothing else moves, whatever the
 * framing. Gives the address as it is then; null when the line is not whole in this piece, a part of it has left.
 */
export function withoutOrigin(
  piece: Uint8Array,
  start: number,
  { address, field, at }: EndpointLine,
): string | null {
  const origin = /^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i.exec(address)?.[0] ?? "";
  if (at < start || origin.includes("@")) return null;
  const rest = address.slice(origin.length);
  const place = rest.startsWith("/") ? rest : `/${rest}`;
  const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  const from = bytes.indexOf(field + address, at - start, "latin1");
  const room = address.length - place.length - 2;
  if (from < 0 || room < 0) return null;
  const words = "mcp-proxy-logger".padEnd(room).slice(0, room);
  bytes.write(`:${words}\n${field}${place}`, from, "latin1");
  return place;
}

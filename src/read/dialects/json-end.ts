/** Knows of a JSON object that comes in pieces whether it is over, in time linear to its length: nothing is parsed twice. */

export type JsonEnd = {
  feed(piece: string): void;
  /** True once the brackets that were opened are closed. Text that begins with no bracket is never over. */
  isOver(): boolean;
  /** True once anything but white space came. */
  hasBegun(): boolean;
};

export function jsonEnd(): JsonEnd {
  let depth = 0;
  let quoted = false;
  let escaped = false;
  let state: "blank" | "open" | "over" | "other" = "blank";

  function feed(piece: string): void {
    for (let i = 0; i < piece.length && state !== "other"; i++) {
      const char = piece.charCodeAt(i);
      if (quoted) {
        if (escaped) escaped = false;
        else if (char === BACKSLASH) escaped = true;
        else if (char === QUOTE) quoted = false;
        continue;
      }
      if (char <= 32) continue;
      const opens = char === CURLY || char === SQUARE;
      // Words before the first bracket, or behind the last one, are no such object.
      if (state !== "open" && !opens) state = "other";
      else if (opens) [depth, state] = [depth + 1, state === "over" ? "other" : "open"];
      else if (char === QUOTE) quoted = true;
      else if ((char === CURLY + 2 || char === SQUARE + 2) && --depth === 0) state = "over";
    }
  }

  return { feed, isOver: () => state === "over", hasBegun: () => state !== "blank" };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Each is closed by the character two further on. */
const CURLY = 0x7b;
const SQUARE = 0x5b;

/** Masks lines that are not what a pipe of JSON usually carries: in another encoding, or a part of a larger whole. */
import { PART_BYTES, type InParts } from "../fact/parts.ts";
import type { LineMask } from "./line-mask.ts";

/** Not UTF-8: each byte a character, as Latin-1 has it. Names and keys are the same in all such encodings. */
export function* maskedBytes(bytes: Uint8Array, mask: LineMask): InParts<Buffer> {
  const came = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = came.toString("latin1");
  const masked = yield* maskedLine(text, mask);
  return masked === text ? came : Buffer.from(masked.replaceAll("…", "*"), "latin1");
}

/** UTF-16, as some programs of Windows write their errors, is read with a zero beside each letter, and UTF-32 with three. */
export function* maskedLine(text: string, mask: LineMask): InParts<string> {
  const wide = WIDE.exec(text);
  if (wide === null) return yield* maskedIn(text, mask);
  const said = text.replaceAll("\0", "");
  const masked = yield* maskedIn(said, mask);
  if (masked === said) return text;
  const zeros = "\0".repeat(wide[1] === undefined ? 1 : 3);
  return masked.replaceAll(/./gsu, `$&${zeros}`);
}

function* maskedIn(text: string, mask: LineMask): InParts<string> {
  return mask.inParts && text.length > PART_BYTES ? yield* mask.inParts(text) : mask(text);
}

// oxlint-disable-next-line no-control-regex
const WIDE = /^(?:\ufeff|\xff\xfe|\xfe\xff)?\0{0,3}(?:((?:[^\0]\0{3}){8})|(?:[^\0]\0){8})/;

/** Nobody's private key has more lines. */
const MOST_LINES = 100;

/** For a stream that is no JSON: a private key is one over many lines, each of which looks like nothing. */
export function withPrivateKeys(mask: LineMask): LineMask {
  let left = 0;
  const isOfKey = (text: string) => {
    if (left > 0 && KEY_LINE.test(text)) {
      left--;
      return true;
    }
    left = BEGINS.test(text) && !text.includes("-----END ") ? MOST_LINES : 0;
    return false;
  };
  return Object.assign((text: string) => (isOfKey(text) ? "***" : mask(text)), {
    inParts: function* (text: string): InParts<string> {
      return isOfKey(text) ? "***" : yield* maskedIn(text, mask);
    },
  });
}

const BEGINS = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY/;
const KEY_LINE = /^\s*(?:[\w+/=]{1,100}|[\w-]{1,30}: .{0,200})?\s*$/;

/**
 * Text of somebody else for a terminal: what a terminal would obey instead of showing (escapes, a bell, a line that is
 * overwritten, letters that run the other way) is shown as a code. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  return text.replaceAll(CONTROLS, (sign) => {
    const code = sign.codePointAt(0)!;
    return code < 256
      ? `\\x${code.toString(16).padStart(2, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** C0 but for line break and tab, DEL, C1; marks of direction, and line ends that only Unicode knows. */
const CONTROLS =
  // oxlint-disable-next-line no-control-regex
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

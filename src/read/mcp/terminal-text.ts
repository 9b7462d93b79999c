/** What a process writes for a terminal: words, and signs that a terminal obeys. Here its colours are read and the rest is left out. */

/** `bold` and `dim` are weights, the others the eight colours by what people use them for. */
export type Tone = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "magenta";
export type Coloured = { readonly text: string; readonly tones: readonly Tone[] };

/**
 * A sequence by ECMA-48: CSI with its parameters, OSC to its end (a title, a link), or one of two letters. None holds another
 * ESC, so that each sign is looked at once, however many begin and never end.
 */
const SEQUENCE =
  // oxlint-disable-next-line no-control-regex
  /\x1b(?:\[([0-?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~])/g;

/** The words alone. */
export function withoutColours(text: string): string {
  return text.includes("\x1b") ? text.replace(SEQUENCE, "") : text;
}

/** Pieces of one look each, joined they are the words. */
export function coloured(text: string): Coloured[] {
  const pieces: Coloured[] = [];
  let tones: readonly Tone[] = [];
  let from = 0;
  const put = (to: number) => {
    if (to > from) pieces.push({ text: text.slice(from, to), tones });
  };
  for (const found of text.matchAll(SEQUENCE)) {
    put(found.index);
    from = found.index + found[0].length;
    if (found[2] === "m") tones = after(tones, found[1] ?? "");
  }
  put(text.length);
  return pieces;
}

/** What a text looks like behind these numbers (SGR). A colour of a palette (38, 48) is no colour that we have. */
function after(tones: readonly Tone[], numbers: string): readonly Tone[] {
  const weights = new Set(tones.filter(isWeight));
  let colour = tones.find((tone) => !isWeight(tone));
  for (const number of numbers.slice(0, MOST_NUMBERS).split(";").map(Number)) {
    if (number === 38 || number === 48) break;
    if (number === 0) weights.clear();
    if (number === 22) weights.clear();
    if (number === 1) weights.add("bold");
    if (number === 2) weights.add("dim");
    if (number === 0 || number === 39) colour = undefined;
    if ((number >= 30 && number <= 37) || (number >= 90 && number <= 97)) colour = COLOURS[number % 10];
  }
  return colour === undefined ? [...weights] : [...weights, colour];
}

/** Of one sequence: more is no colour, and would cost what nobody sees. */
const MOST_NUMBERS = 64;
/** By their last digit; black and white are the text's own. Cyan is a blue. */
const COLOURS: readonly (Tone | undefined)[] = [
  undefined,
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "blue",
  undefined,
];

function isWeight(tone: Tone): boolean {
  return tone === "bold" || tone === "dim";
}

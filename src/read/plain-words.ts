/** The words of a text that may be Markdown, without its marks: for a line that draws nothing. Code and tables stay as words. */

/** Each line by itself; what is no mark stays: `2 * 3 * 4`, `snake_case`, `a[0](b)`. */
export function plainWords(text: string): string {
  if (!MARKS.test(text)) return text;
  return text
    .split("\n")
    .filter((line) => !isFence(line) && !isRule(line))
    .map(inLine)
    .join("\n");
}

const MARKS = /[*_`#[|>~]/;
/** What a pair of marks may hold: without an end each mark would look through the whole text for its other. */
const PAIRS: readonly [RegExp, string][] = [
  [/!?\[([^[\]]{1,200})\]\((?:https?:|\/|#|mailto:)[^()\s]{0,500}\)/g, "$1"],
  [/`([^`]{1,200})`/g, "$1"],
  [/(\*\*|__)(?=\S)([^*]{1,200}?)(?<=\S)\1/g, "$2"],
  [/(?<![*\w])\*(?=[^\s*])([^*]{1,200})(?<=[^\s*])\*(?![*\w])/g, "$1"],
];

function inLine(line: string): string {
  let words = line.replace(/^ {0,3}(?:#{1,6}(?= )|>)/, "");
  for (const [pair, inside] of PAIRS) words = words.replace(pair, inside);
  return words;
}

function isFence(line: string): boolean {
  return /^(?:```|~~~)/.test(line.trim());
}

/** Below a table's head, or between two parts of a text. */
function isRule(line: string): boolean {
  const signs = line.trim();
  return signs.length > 2 && /^(?:[|:\- ]+|[*_ ]+)$/.test(signs) && /[-*_]/.test(signs);
}

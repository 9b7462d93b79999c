/**
 * The filter language: one meaning for the page, the server, the index and the command line. Pure, and served to the page
 * as it is. `model:gpt* status:>=400 -tool:bash ttft:>2s "free text"`: terms joined by AND, `a|b` inside of a value is OR, `*` stands for any
 * characters, `-` turns a term round.
 */
import { field, type Field, type Scope } from "./fields.ts";
import { readValues, type Value } from "./value.ts";

/** Where a term stands in what was typed; `end` is behind its last character. */
export type Span = { readonly start: number; readonly end: number };

export type Term = Span &
  (
    | /** In quotes it is meant as it stands; without, as the beginning of a word. */
      { readonly kind: "text"; readonly not: boolean; readonly text: string; readonly quoted: boolean }
    | {
        readonly kind: "field";
        readonly not: boolean;
        readonly field: Field;
        readonly values: readonly Value[];
      }
    /** A known field with a value that it cannot have, or one of another list. It filters nothing; the page says what it could be. */
    | { readonly kind: "wrong"; readonly field: Field; readonly said: string }
  );

export type Filter = { readonly terms: readonly Term[] };

/** A longer filter was not typed by a person; what is beyond is not read. */
export const LONGEST_FILTER = 2_000;

/** Never throws: whatever was typed means something, and a word that is no term of ours is searched for as text. */
export function parseFilter(typed: string, scope: Scope = "exchanges"): Filter {
  return { terms: words(typed.slice(0, LONGEST_FILTER)).flatMap((word) => termOf(word, scope)) };
}

/** A filter of single values, each meant as it is written; a value that its field cannot have fits nothing. */
function filterBy(said: Readonly<Record<string, string | undefined>>): Filter {
  const terms = Object.entries(said).flatMap(([name, value]): Term[] => {
    const known = field(name);
    if (!known || value === undefined || value.trim() === "") return [];
    const values = readValues(known, value.trim()) ?? [];
    return [{ kind: "field", start: 0, end: 0, not: false, field: known, values }];
  });
  return { terms };
}

/** What was typed (`q`) together with single values. */
export function filterOf(
  { q = "", ...said }: Readonly<Record<string, string | undefined>>,
  scope: Scope = "exchanges",
): Filter {
  return { terms: [...parseFilter(q, scope).terms, ...filterBy(said).terms] };
}

/** What full-text search is to look for: the words that are no fields, each as it was typed. */
export function textsOf({ terms }: Filter): { text: string; not: boolean }[] {
  return terms.flatMap((term) => (term.kind === "text" ? [{ text: term.text, not: term.not }] : []));
}

export function isEmpty({ terms }: Filter): boolean {
  return terms.every(({ kind }) => kind === "wrong");
}

type Word = Span & { readonly written: string };

/** At white space, except inside of quotes; a quote that is not closed goes to the end. */
function words(typed: string): Word[] {
  const found: Word[] = [];
  let start = -1;
  let quoted = false;
  for (let at = 0; at <= typed.length; at++) {
    const letter = typed[at];
    const isEnd = letter === undefined || (!quoted && isSpace(letter));
    if (isEnd && start >= 0) {
      found.push({ start, end: at, written: typed.slice(start, at) });
      start = -1;
      quoted = false;
    } else if (!isEnd) {
      if (start < 0) start = at;
      if (letter === '"') quoted = !quoted;
    }
  }
  return found;
}

/** The full-width space too: it is what the space bar gives while Chinese is typed. */
function isSpace(letter: string): boolean {
  return letter === " " || letter === "\t" || letter === "\n" || letter === "\u3000";
}

function termOf({ start, end, written }: Word, scope: Scope): Term[] {
  const not = written.length > 1 && written[0] === "-";
  const rest = not ? written.slice(1) : written;
  const colon = rest.search(/[:：]/);
  const known = colon > 0 ? field(rest.slice(0, colon)) : undefined;
  if (!known) {
    const text = unquoted(rest).trim();
    return [{ kind: "text", start, end, not, text, quoted: rest.includes('"') }];
  }
  const said = rest.slice(colon + 1);
  // Still being typed.
  if (said === "") return [];
  if (known.of !== undefined && known.of !== scope)
    return [{ kind: "wrong", start, end, field: known, said }];
  const values = alternatives(said).flatMap((one) => readValues(known, one) ?? [null]);
  if (values.some((value) => value === null)) return [{ kind: "wrong", start, end, field: known, said }];
  return [{ kind: "field", start, end, not, field: known, values: values as Value[] }];
}

/** `a|"b|c"` has two. */
function alternatives(said: string): string[] {
  const found: string[] = [];
  let quoted = false;
  let start = 0;
  for (let at = 0; at <= said.length; at++) {
    if (said[at] === '"') quoted = !quoted;
    if (at < said.length && (said[at] !== "|" || quoted)) continue;
    found.push(unquoted(said.slice(start, at)));
    start = at + 1;
  }
  return found;
}

function unquoted(text: string): string {
  return text.replaceAll('"', "");
}

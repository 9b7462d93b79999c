/** What may stand next in a filter that is being typed, from what there is to filter by. */
import { field, FIELDS, type Field, type Scope } from "./fields.ts";

/** By facet, the most frequent first (`Facets` of the index). */
export type Known = Readonly<Record<string, readonly { readonly value: string; readonly count: number }[]>>;

export type Completion = {
  /** What replaces the characters from `start` to `end`. */
  readonly text: string;
  /** How many exchanges have it; null where that is not counted. */
  readonly count: number | null;
};

export type Completions = {
  readonly start: number;
  readonly end: number;
  readonly options: readonly Completion[];
};

const MOST_OFFERS = 12;

/** `caret` is the place of the cursor in what was typed. */
export function complete(
  typed: string,
  caret: number,
  known: Known,
  scope: Scope = "exchanges",
): Completions {
  const start = Math.max(typed.lastIndexOf(" ", caret - 1), typed.lastIndexOf("\u3000", caret - 1)) + 1;
  const word = typed.slice(start, caret);
  const not = word.startsWith("-") ? "-" : "";
  const rest = word.slice(not.length);
  const colon = rest.search(/[:：]/);
  const end = caret;
  if (colon < 0) return { start, end, options: names(rest, not, scope) };
  const found = field(rest.slice(0, colon));
  if (!found || !isIn(found, scope)) return { start, end, options: [] };
  const said = rest.slice(colon + 1).replaceAll('"', "");
  const options = values(found, known)
    .filter(({ text }) => text.toLowerCase().includes(said.toLowerCase()) && text !== said)
    .slice(0, MOST_OFFERS)
    .map(({ text, count }) => ({ text: `${not}${found.name}:${quoted(text)} `, count }));
  return { start, end, options };
}

/** In the list of runs their own fields come first. */
function names(begun: string, not: string, scope: Scope): Completion[] {
  const small = begun.toLowerCase();
  const own = FIELDS.filter(({ of }) => of === scope);
  const all = [...own, ...FIELDS.filter(({ of }) => of === undefined)];
  return all
    .filter(({ name, aliases }) => [name, ...aliases].some((one) => one.startsWith(small)))
    .slice(0, MOST_OFFERS)
    .map(({ name }) => ({ text: `${not}${name}:`, count: null }));
}

function isIn({ of }: Field, scope: Scope): boolean {
  return of === undefined || of === scope;
}

/** Where a field's values are counted under another name. */
const FACETS: Readonly<Record<string, string>> = { api: "dialect" };

function values({ name, kind, flags }: Field, known: Known): { text: string; count: number | null }[] {
  if (flags) return flags.map((text) => ({ text, count: null }));
  const counted = known[FACETS[name] ?? name];
  if (counted) return counted.map(({ value, count }) => ({ text: value, count }));
  return (EXAMPLES[kind] ?? []).map((text) => ({ text, count: null }));
}

const EXAMPLES: Partial<Record<Field["kind"], readonly string[]>> = {
  status: [">=400", "4xx", "5xx", "200", "client-gone"],
  ms: [">1s", ">5s", "<200ms", "1s..5s"],
  tokens: [">1k", ">10k", ">100k", "1k..10k"],
  usd: [">0.01", ">0.1", ">1"],
  time: ["5m", "1h", "1d", "7d"],
};

function quoted(text: string): string {
  return /[\s|]/.test(text) ? `"${text}"` : text;
}

/** Names that the glossary explains, marked where they are shown: `public/terms.js` opens their entry. */
import { numberSource } from "../fact/json-source.ts";
import type { Entry, Kind, Side } from "../read/glossary/entry.ts";
import { entriesIn, explain, explainBody, explainValue, isOwn, sameAs } from "../read/glossary/explain.ts";
import { glossary } from "../read/glossary/glossary.ts";
import { html, type Hole, type Html } from "./html.ts";
import type { Lang } from "./language.ts";

/** Where a value stands: whose names these are, on which side, below which path. */
export type Source = { readonly dialect: string; readonly side: Side; readonly path?: string };

/** Others that mean the same; more than these would be a list and no help. */
const MOST_ALSO = 6;
/** Names of one body that are listed; a body may have any number. */
const MOST_NAMES = 150;
/** Nodes that are looked at for it, and how deep: a body may be 32 MiB of brackets. */
const MOST_NODES = 50_000;
const DEEPEST = 100;
const LONGEST_NAME = 200;

/** Those of one dialect, or all. */
export function entriesOf(dialect: string | undefined): readonly Entry[] {
  return dialect === undefined ? glossary : entriesIn(dialect);
}

/** One entry as the page shows it, by its key or as `dialect kind name`; `also`: how other dialects call it. */
export function meaning(key: string, lang: Lang) {
  const [, dialect = "", kind, name] = /^(\S+) (\w+) (.*)$/s.exec(key) ?? [];
  const entry = byKey.get(key) ?? explain(dialect, `${kind}:${name}`);
  if (!entry) return null;
  const { at, source } = entry;
  const also = sameAs(entry).map((other) => `${other.where[0]} ${other.at[0]?.replace("$.", "")}`);
  return {
    name: at[0]?.replace("$.", ""),
    text: entry[lang],
    source,
    also: [...new Set(also)].slice(0, MOST_ALSO),
  };
}

const byKey = new Map(glossary.map((entry) => [entry.key, entry]));

/** A name by its kind (`header:etag`, `method:tools/call`, `event:message_stop`), as a word that can be asked about. */
export function named(dialect: string, where: string, shown: string): Html {
  return term(explain(dialect, where), shown);
}

/** The same by the first of some names that has an entry. */
export function namedFirst(dialect: string, wheres: readonly string[], shown: string): Html {
  const entries = wheres.map((where) => explain(dialect, where));
  return term(entries.find((entry) => entry !== null) ?? null, shown);
}

/** Why the model stopped, by the name that this dialect has for it. */
export function ending(dialect: string, word: string): Html {
  for (const path of ENDINGS) {
    const entry = explainValue(dialect, "response", path, word);
    if (entry) return term(entry, word);
  }
  return html`${word}`;
}

const ENDINGS = ["choices.finish_reason", "stop_reason", "candidates.finishReason", "stopReason", "status"];

function term(entry: Entry | null, shown: string): Html {
  if (!entry) return html`${shown}`;
  return html`<span class="term" data-term="${entry.key}" role="button" tabindex="0">${shown}</span>`;
}

/**
 * JSON, indented, with the names marked that have an entry. Only the first of a kind takes the keyboard's focus: a body
 * with a hundred messages has a hundred `role`.
 */
export function marked(value: unknown, { dialect, side, path: root = "" }: Source, most: number): Html {
  const seen = new Set<string>();
  let left = most;
  return pieces(draw(value, root, "\n"));

  /** `line` begins a line as deep as this one; `source` is how a number was written, where not as it is printed. */
  function draw(it: unknown, path: string, line: string, source?: string): Html {
    if (Array.isArray(it) && it.length > 0)
      return list(
        "[",
        it,
        (one, inner, n) => draw(one, path, inner, numberSource(it, String(n))),
        `${line}]`,
        line,
      );
    if (typeof it === "object" && it !== null && !Array.isArray(it) && Object.keys(it).length > 0) {
      const row = ([name, one]: [string, unknown], inner: string) => {
        const below = joined(path, name);
        const shown = mark(explainBody(dialect, side, below), text(JSON.stringify(name).slice(1, -1)));
        return pieces('"', shown, '": ', draw(one, below, inner, numberSource(it, name)));
      };
      return list("{", Object.entries(it), row, `${line}}`, line);
    }
    return mark(ofValue(dialect, side, path, it), text(source ?? JSON.stringify(it) ?? String(it)));
  }

  function list<T>(
    opening: string,
    all: readonly T[],
    row: (one: T, line: string, n: number) => Html,
    closing: string,
    line: string,
  ): Html {
    const drawn: Html[] = [];
    for (const [n, one] of all.entries()) {
      left -= closing.length + 3;
      if (left <= 0) break;
      drawn.push(pieces(drawn.length > 0 ? "," : "", `${line}  `, row(one, `${line}  `, n)));
    }
    return pieces(opening, drawn, closing);
  }

  function text(written: string): string {
    const shown = written.slice(0, Math.max(0, left));
    left -= written.length;
    return shown;
  }

  function mark(entry: Entry | null, shown: string): Html {
    if (!entry) return html`${shown}`;
    if (!seen.has(entry.key)) {
      seen.add(entry.key);
      return term(entry, shown);
    }
    return html`<span class="term" data-term="${entry.key}">${shown}</span>`;
  }
}

/** What a value means: as a word of its field, or as the name of a method, an event or an error. */
function ofValue(dialect: string, side: Side, path: string, value: unknown): Entry | null {
  const entry = explainValue(dialect, side, path, value);
  if (entry || (typeof value !== "string" && typeof value !== "number")) return entry;
  for (const kind of NAMING.get(path.slice(path.lastIndexOf(".") + 1)) ?? []) {
    const found = explain(dialect, `${kind}:${value}`);
    if (found && !isOwn(dialect, side, path)) return found;
  }
  return null;
}

const NAMING: ReadonlyMap<string, readonly Kind[]> = new Map([
  ["method", ["method"]],
  ["type", ["event", "error"]],
  ["code", ["error"]],
]);

/** Parts side by side: white space counts here, and a template may be laid out anew by the formatter. */
function pieces(...parts: Hole[]): Html {
  return html`${parts}`;
}

/** The names of some bodies, each place once, in the order in which they come: for a view that draws the text itself. */
export function namesIn(bodies: readonly unknown[], { dialect, side }: Source): Html[] {
  const found = new Map<string, Entry>();
  let left = MOST_NODES;
  for (const body of bodies) walk(body, "", 0);
  return [...found].map(
    ([path, { key }]) =>
      html`<span class="term" data-term="${key}" data-path="${path}" role="button" tabindex="0"
        >${path}</span
      > `,
  );

  function walk(it: unknown, path: string, depth: number): void {
    if (typeof it !== "object" || it === null || depth > DEEPEST) return;
    if (found.size >= MOST_NAMES || --left < 0) return;
    if (Array.isArray(it)) {
      for (const one of it) walk(one, path, depth + 1);
      return;
    }
    for (const [name, one] of Object.entries(it)) {
      // No name of an API is this long: it is the user's own, and so is what stands below it.
      if (name.length > LONGEST_NAME) continue;
      const below = joined(path, name);
      const entry = found.has(below) ? null : explainBody(dialect, side, below);
      if (entry) found.set(below, entry);
      if (!isOwn(dialect, side, below)) walk(one, below, depth + 1);
    }
  }
}

/** As the glossary reads paths: a name with dots in it stands in brackets. */
function joined(path: string, name: string): string {
  if (/[.[\]"]/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

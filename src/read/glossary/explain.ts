/**
 * Which entry explains what: a header, event, method or error by its name, a node of a body by its path. Every answer
 * is a look-up; nothing is searched. The end of a path decides, the longest that has an entry: `delta.content` explains
 * `choices[0].delta.content` before `content` does. Below nodes that hold the user's own names nothing is explained.
 */
import { glossary } from "./glossary.ts";
import type { Entry, Kind, Side } from "./entry.ts";
import { tablesOf } from "./kin.ts";
import { schemaStep, type Below } from "./schema-step.ts";

/** What a path comes to: its entry, and what stands below it. `own`: the node itself is the user's, not the API's. */
type Place = { readonly entry: Entry | null; readonly below: Below; readonly own: boolean };

/** `names` also has the families of headers; `paths` has the ends of paths, for one side. */
type Names = Record<Kind, ReadonlyMap<string, Entry>>;
type Paths = { readonly ends: ReadonlyMap<string, Entry>; readonly seen: Map<string, Place> };

/** A body may have any number of names; what is remembered of it may not. Beyond this, paths are worked out each time. */
const MOST_PATHS = 5000;

const names = new Map<string, Names>();
const paths = new Map<string, Paths>();

/**
 * By name: a header, a JSON-RPC method, the name of an event, an error's number or word. `header:date` asks for a
 * header alone, and so do the other kinds; without a kind the first that has the name answers.
 */
export function explain(dialect: string, where: string): Entry | null {
  const known = namesOf(dialect);
  const [, kind, rest] = /^(header|field|event|method|error|term):(.*)$/s.exec(where) ?? [];
  if (kind !== undefined && rest !== undefined) return byName(known, kind as Kind, rest);
  for (const each of ["header", "method", "event", "error", "term", "field"] as const) {
    const entry = byName(known, each, where);
    if (entry) return entry;
  }
  return null;
}

/**
 * By place in a body: `choices[0].message.content`, with or without `$.`; a name with dots may stand in `["…"]`. The
 * elements of an array are explained as the array is. For a socket both directions are `stream`.
 */
export function explainBody(dialect: string, side: Side, path: string): Entry | null {
  return placeOf(pathsOf(dialect, side), pathIn(dialect, path)).entry;
}

/** What a value means where it has a meaning of its own, such as `length` in `finish_reason`. */
export function explainValue(dialect: string, side: Side, path: string, value: unknown): Entry | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const { ends } = pathsOf(dialect, side);
  for (const end of endsOf(pathIn(dialect, path))) {
    const entry = ends.get(`${end}=${value}`);
    if (entry) return entry;
  }
  return null;
}

/** Whether the name at this place is the user's own: a tool's argument, a key of metadata, a property in a schema. */
export function isOwn(dialect: string, side: Side, path: string): boolean {
  return placeOf(pathsOf(dialect, side), pathIn(dialect, path)).own;
}

/** The entries that mean the same in other dialects. */
export function sameAs(entry: Entry): readonly Entry[] {
  if (entry.same === undefined) return [];
  return (same.get(entry.same) ?? []).filter((other) => other !== entry);
}

const same = Map.groupBy(
  glossary.filter((entry) => entry.same !== undefined),
  (entry) => entry.same,
);

function byName(known: Names, kind: Kind, name: string): Entry | null {
  if (kind === "field" || kind === "term") return known[kind].get(plain(name)) ?? null;
  if (kind !== "header") return known[kind].get(name) ?? null;
  const lower = name.toLowerCase();
  const exact = known.header.get(lower);
  if (exact) return exact;
  for (let end = lower.lastIndexOf("-"); end > 0; end = lower.lastIndexOf("-", end - 1)) {
    const family = known.header.get(`${lower.slice(0, end)}-*`);
    if (family) return family;
  }
  return null;
}

function placeOf(known: Paths, path: string): Place {
  const seen = known.seen.get(path);
  if (seen) return seen;
  const place = worked(known, path);
  if (known.seen.size < MOST_PATHS) known.seen.set(path, place);
  return place;
}

function worked(known: Paths, path: string): Place {
  if (path === "") return ROOT;
  const cut = path.lastIndexOf(".");
  const above = cut < 0 ? ROOT : placeOf(known, path.slice(0, cut));
  if (above.below !== "api") {
    const { keyword, below } = schemaStep(above.below, path.slice(cut + 1));
    return { entry: keyword, below, own: keyword === null };
  }
  for (const end of endsOf(path)) {
    const entry = known.ends.get(end);
    if (entry) return { entry, below: entry.below ?? "api", own: false };
  }
  return { entry: null, below: "api", own: false };
}

const ROOT: Place = { entry: null, below: "api", own: false };

/** `$.a.b`, `a.b`, `b`. */
function* endsOf(path: string): Generator<string> {
  yield `$.${path}`;
  for (let at = 0; at >= 0; at = path.indexOf(".", at) + 1 || -1) yield path.slice(at);
}

/** Without `$.`, brackets and numbers of arrays; a quoted name loses its quotes. */
function plain(path: string): string {
  return path
    .replace(/\["((?:[^"\\]|\\.)*)"\]/g, ".$1")
    .replace(/\[\d*\]/g, "")
    .replace(/^\$?\.?/, "");
}

/** Code Assist's bodies are Gemini's, one step down. */
function pathIn(dialect: string, path: string): string {
  return dialect === "gemini-code-assist" ? plain(path).replace(/^(request|response)\./, "") : plain(path);
}

function pathsOf(dialect: string, side: Side): Paths {
  const name = `${dialect} ${side}`;
  const found = paths.get(name);
  if (found) return found;
  const ends = new Map<string, Entry>();
  for (const table of tablesOf(dialect)) {
    const fields = (byTable.get(table) ?? []).filter(({ kind }) => kind === "field" || kind === "term");
    // Within a table, what holds on one side alone goes before what holds on all.
    for (const only of [side, undefined])
      for (const entry of fields)
        if (entry.side === only) for (const at of entry.at) put(ends, ending(at), entry);
  }
  const made = { ends, seen: new Map() };
  if (known(dialect)) paths.set(name, made);
  return made;
}

function namesOf(dialect: string): Names {
  const found = names.get(dialect);
  if (found) return found;
  const made = {
    header: new Map<string, Entry>(),
    field: new Map<string, Entry>(),
    event: new Map<string, Entry>(),
    method: new Map<string, Entry>(),
    error: new Map<string, Entry>(),
    term: new Map<string, Entry>(),
  };
  for (const entry of entriesIn(dialect))
    for (const at of entry.at)
      put(made[entry.kind], entry.kind === "field" || entry.kind === "term" ? plain(at) : at, entry);
  if (known(dialect)) names.set(dialect, made);
  return made;
}

/** What can be met in a dialect: the entries of its tables, nearest first, and last the headers of all others. */
export function entriesIn(dialect: string): readonly Entry[] {
  const near = tablesOf(dialect).flatMap((table) => byTable.get(table) ?? []);
  return [...new Set([...near, ...glossary.filter((entry) => entry.kind === "header")])];
}

const byTable = new Map<string, Entry[]>();
for (const entry of glossary)
  for (const table of entry.where) {
    const there = byTable.get(table);
    if (there) there.push(entry);
    else byTable.set(table, [entry]);
  }

/** Only tables that exist are kept: a dialect's name may come from a file. */
function known(dialect: string): boolean {
  return byTable.has(dialect) || tablesOf(dialect).length > 2;
}

/** A field's root mark and a term's value stay. */
function ending(at: string): string {
  const root = at.startsWith("$.") ? "$." : "";
  const [path = "", ...value] = at.split("=");
  return root + [plain(path), ...value].join("=");
}

function put(map: Map<string, Entry>, name: string, entry: Entry): void {
  if (!map.has(name)) map.set(name, entry);
}

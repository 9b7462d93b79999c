/**
 * Which call a piece of a streamed tool call belongs to. One rule for all who speak OpenAI's chat, since each leaves out
 * or repeats something else: a known id is that call; a name begins a new one unless it goes on with the running one;
 * else the index; else the place in the list; else the last call.
 */
import { compact, indexOf, isObject, object, objectAt, put, text, type Json } from "../json.ts";
import { jsonEnd, type JsonEnd } from "./json-end.ts";
import { keep } from "./keep.ts";

export type CallPieces = {
  /** Adds the pieces of one event to these calls; gives what each brought of names and arguments. */
  add(calls: Json[], pieces: readonly Json[]): CallPiece[];
  /** The same for the one `function_call` that there was before there were calls. */
  addLegacy(fn: Json, piece: Json): CallPiece[];
};

/** `begins`: it is the name of a call, or its beginning. `call`: of which call, in the order in which they began. */
export type CallPiece = { text: string; call: number; begins?: string };

/** `n`: in the order in which they began. */
type Running = { call: Json; n: number; index: number | null; arguments: JsonEnd };
/** What one piece says of its call. `place` is null for a piece that comes alone. */
type Clues = { id: string | null; index: number | null; name: string; place: number | null; brings: boolean };

/** `tools` are the names that the request offers: by them a piece of a name is told from a name. */
export function callPieces(tools: ReadonlySet<string> = new Set()): CallPieces {
  const byId = new Map<string, Running>();
  const byIndex = new Map<number, Running>();
  const byPlace = new Map<number, Running>();
  const all: Running[] = [];

  function add(calls: Json[], pieces: readonly Json[]): CallPiece[] {
    return pieces.flatMap((piece, i) => {
      const clues = cluesOf(piece, pieces.length > 1 ? i : null);
      const running = find(clues) ?? begin(calls);
      const { id, index, place } = clues;
      if (id !== null && !byId.has(id)) byId.set(id, running);
      if (index !== null) byIndex.set(index, running);
      if (place !== null) byPlace.set(place, running);
      running.index ??= index;
      return grow(running, piece);
    });
  }

  function begin(calls: Json[]): Running {
    const running: Running = { call: {}, n: all.length, index: null, arguments: jsonEnd() };
    calls.push(running.call);
    all.push(running);
    return running;
  }

  function find(clues: Clues): Running | undefined {
    const { id, index, name, place } = clues;
    const known = id === null ? undefined : byId.get(id);
    if (known && !isAnotherUnder(known, clues)) return known;
    const placed = place === null ? all.at(-1) : (byPlace.get(place) ?? all[place]);
    const indexed = index === null ? undefined : byIndex.get(index);
    if (name !== "") {
      const running = indexed ?? (index === null ? placed : unnumbered(placed));
      return running && goesOn(running, clues) ? running : undefined;
    }
    if (indexed) return indexed;
    // A new number with an id is a call whose name comes later; else a call that is not over goes on under it.
    if (index !== null && id !== null) return unnumbered(placed);
    return placed?.arguments.isOver() === true && clues.brings ? undefined : placed;
  }

  /** Some give all calls one id, each under its own index. */
  function isAnotherUnder(known: Running, { index, name }: Clues): boolean {
    return (
      index !== null &&
      known.index !== null &&
      known.index !== index &&
      name !== "" &&
      (known.arguments.isOver() || nameOf(known.call) !== name)
    );
  }

  function goesOn(running: Running, { id, index, name, brings }: Clues): boolean {
    const before = nameOf(running.call);
    const isNew = id !== null && idOf(running.call["id"]) !== null;
    if (before === "") return true;
    // The same name again is the same call, until its arguments are whole and others come. Under a new id, with nothing
    // in it, while nothing has come, it can only open another call.
    if (before === name && isNew && !brings && !running.arguments.hasBegun()) return false;
    if (before === name) return !running.arguments.isOver() || (!isNew && !brings);
    if (isNew || running.arguments.hasBegun() || (tools.has(before) && tools.has(name))) return false;
    return name.startsWith(before) || index !== null || isBeginning(before + name);
  }

  function isBeginning(name: string): boolean {
    for (const tool of tools) if (tool.startsWith(name)) return true;
    return false;
  }

  const legacy = jsonEnd();
  return { add, addLegacy: (fn, piece) => addFunction(fn, piece, legacy, 0) };
}

/** A call that came without a number may get one later. */
function unnumbered(running: Running | undefined): Running | undefined {
  return running?.index === null ? running : undefined;
}

function cluesOf(piece: Json, place: number | null): Clues {
  const { name, arguments: args, input } = object(piece["custom"] ?? piece["function"]);
  const brings = compact(args ?? input ?? "").trim() !== "";
  return {
    id: idOf(piece["id"]),
    index: indexOf(piece["index"]),
    name: text(name) ?? "",
    place,
    brings,
  };
}

/** Some write the word where others write nothing. */
function idOf(id: unknown): string | null {
  const said = typeof id === "number" ? String(id) : text(id);
  return said === null || /^(|null|none|undefined)$/i.test(said) ? null : said;
}

function nameOf(call: Json): string {
  return text(object(call["custom"] ?? call["function"])["name"]) ?? "";
}

function grow(running: Running, piece: Json): CallPiece[] {
  const { call } = running;
  for (const key of Object.keys(piece)) {
    if (key === "index" || key === "function" || key === "custom") continue;
    const value = piece[key];
    if (key !== "id") keep(call, key, value);
    else if (idOf(call["id"]) === null) keep(call, "id", idOf(value) === null ? null : value);
  }
  const key = isObject(piece["custom"]) ? "custom" : "function";
  return addFunction(objectAt(call, key), object(piece[key]), running.arguments, running.n);
}

/** Arguments grow. Of names the longer one that begins as the other does counts, else the pieces join. */
function addFunction(fn: Json, piece: Json, end: JsonEnd, call: number): CallPiece[] {
  const added: CallPiece[] = [];
  for (const key of Object.keys(piece)) {
    const value = piece[key];
    if (key === "name") {
      const name = text(value) ?? "";
      const before = text(fn["name"]) ?? "";
      const repeats = name.startsWith(before);
      if (name !== "" && name !== before && (repeats || !end.hasBegun())) {
        put(fn, key, repeats ? name : before + name);
        const more = repeats ? name.slice(before.length) : name;
        added.push({ text: more, call, begins: more });
      }
    } else if (key === "arguments" || key === "input") {
      // A server that streams arguments as an object sends them whole.
      const said = value === null || value === undefined ? "" : compact(value);
      // The last event of a stream may hold whole calls once more.
      if (end.isOver() && said === fn[key]) continue;
      put(fn, key, (text(fn[key]) ?? "") + said);
      end.feed(said);
      if (said !== "") added.push({ text: said, call });
    } else keep(fn, key, value);
  }
  return added;
}

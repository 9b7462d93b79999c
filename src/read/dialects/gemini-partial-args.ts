/**
 * Gemini function calls whose arguments come in pieces (`partialArgs`, `willContinue`). A piece sets the value at a
 * JSON path; a string that `willContinue` is continued by the next piece at the same path.
 * https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling
 */
import { DEEPEST } from "../../fact/nesting.ts";
import type { Added } from "../dialect.ts";
import { isObject, objects, put, text, without, type Json } from "../json.ts";
import { isEmpty, keepAll } from "./keep.ts";
import { first, word, written } from "./values.ts";
import { wholeCall } from "./whole-call.ts";

export type CallAssembler = {
  /** Takes a part with a function call. `part` is to be kept when the part is a new one; `added` says what it adds. */
  take(part: Json, call: Json): { part: Json | null; added: Added[] };
  /** Something else came: no further piece belongs to the call. */
  close(): void;
  /** The part with the arguments that were put together for it. */
  finished(part: Json): Json;
};

/** `key`: of the part of the answer that grows. `path`: of the value that came last. */
type Open = { args: Json; continued: string | null; key: string; path: string | null };

/** `whose`: of which candidate, since each counts its own calls. */
export function callAssembler(whose: number): CallAssembler {
  const built = new Map<Json, Open>();
  const byId = new Map<string, Open>();
  /** The call that further pieces belong to, and the one before when something else came between. */
  let open: Open | null = null;
  let last: Open | null = null;
  let count = 0;

  function take(part: Json, call: Json): { part: Json | null; added: Added[] } {
    const name = word(call["name"]);
    if (name === null) return takeNameless(part, call);
    open = null;
    const key = `call ${whose}.${count++}`;
    const pieces = call["partialArgs"] ?? call["partial_args"];
    if (call["willContinue"] !== true && pieces === undefined) {
      return { part, added: wholeCall(name, call["args"] === undefined ? "" : written(call["args"]), key) };
    }
    const args = isObject(call["args"]) ? { ...call["args"] } : {};
    const started: Open = { args, continued: null, key, path: null };
    built.set(part, started);
    const id = word(call["id"]);
    if (id !== null) byId.set(id, started);
    last = started;
    if (call["willContinue"] === true) open = started;
    return { part, added: [...wholeCall(name, "", key), ...addPieces(started, call)] };
  }

  /** A piece of the call with its id, else of the one that is open or was the last; with nothing in it, only an end. */
  function takeNameless(part: Json, call: Json): { part: Json | null; added: Added[] } {
    const running = byId.get(word(call["id"]) ?? "") ?? open ?? last;
    const brings = first(call, "partialArgs", "partial_args") !== undefined || !isEmpty(call["args"]);
    if (!running) return { part: brings ? part : null, added: [] };
    if (isObject(call["args"])) keepAll(running.args, call["args"]);
    const added = addPieces(running, call);
    if (call["willContinue"] !== true) open = null;
    return { part: null, added };
  }

  function finished(part: Json): Json {
    const started = built.get(part);
    if (!started) return part;
    const key = "functionCall" in part ? "functionCall" : "function_call";
    const call = without(part[key] as Json, "partialArgs", "partial_args", "willContinue", "args");
    return { ...part, [key]: { ...call, args: started.args } };
  }

  return { take, close: () => void (open = null), finished };
}

function addPieces(open: Open, call: Json): Added[] {
  const said = objects(first(call, "partialArgs", "partial_args")).map((piece) => addPiece(open, piece));
  return said.filter((one) => one !== "").map((one) => ({ lane: "tool", text: one, part: open.key }));
}

function addPiece(open: Open, piece: Json): string {
  const where = text(first(piece, "jsonPath", "json_path"));
  const path = where === null ? null : pathOf(where);
  if (where === null || path === null) return "";
  const value = valueOf(piece);
  const goesOn = open.continued === where && typeof value === "string";
  open.continued = piece["willContinue"] === true ? where : null;
  if (value === undefined) return "";
  set(open.args, path, (before) => (goesOn && typeof before === "string" ? before + value : value));
  const said = typeof value === "string" ? value : written(value);
  if (goesOn) return said;
  // It becomes JSON at the end only: until then a value stands behind its path.
  const separator = open.path === null ? "" : ", ";
  open.path = where;
  return `${separator}${where.replace(/^\$\.?/, "")}: ${said}`;
}

function valueOf(piece: Json): unknown {
  if ("nullValue" in piece || "null_value" in piece) return null;
  return first(
    piece,
    "stringValue",
    "string_value",
    "numberValue",
    "number_value",
    "boolValue",
    "bool_value",
  );
}

/** `$.a.b[0]["c d"]` as its keys and indices; null when it is none, or leads too deep. */
export function pathOf(path: string): (string | number)[] | null {
  if (!path.startsWith("$")) return null;
  const keys: (string | number)[] = [];
  const step = /\.([^.[\]]+)|\[(\d{1,6})\]|\[(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\]/y;
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const found = step.exec(path);
    if (found === null) return null;
    const quoted = found[3] ?? found[4];
    if (found[2] !== undefined) keys.push(Number(found[2]));
    else keys.push(quoted === undefined ? (found[1] as string) : quoted.replace(/\\(.)/g, "$1"));
    if (keys.length > DEEPEST) return null;
  }
  return keys.length === 0 ? null : keys;
}

/** An index far beyond the list is not a list that grows piece by piece: it would make a list of holes. */
const FURTHEST = 1000;

function set(root: Json, path: (string | number)[], change: (before: unknown) => unknown): void {
  let holder: Json | unknown[] = root;
  for (const [i, key] of path.entries()) {
    const next = path[i + 1];
    if (Array.isArray(holder) && (typeof key !== "number" || key > holder.length + FURTHEST)) return;
    const before = Array.isArray(holder) ? holder[Number(key)] : own(holder, String(key));
    const fits = typeof before === "object" && before !== null;
    const value = next === undefined ? change(before) : fits ? before : typeof next === "number" ? [] : {};
    if (Array.isArray(holder)) holder[Number(key)] = value;
    else put(holder, String(key), value);
    holder = value as Json | unknown[];
  }
}

function own(holder: Json, key: string): unknown {
  return Object.hasOwn(holder, key) ? holder[key] : undefined;
}

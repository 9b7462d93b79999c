/**
 * Which names in the recordings have no entry. Every body, stream event and header of every recording is walked; what
 * the user chose (a tool's arguments, keys of metadata, properties of schemas) is not asked for.
 */
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { look } from "../look.ts";
import { exchangeOf, type Recording } from "../recording.ts";
import type { Side } from "./entry.ts";
import { explain, explainBody, isOwn } from "./explain.ts";

/** Names without an entry, on purpose: inventions that a test recording needs, and noise of single servers. */
const allowed: readonly string[] = readFileSync(join(import.meta.dir, "coverage.allowed.txt"), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));

type Tally = { seen: number; explained: number; missing: Map<string, number> };

const shared = join(import.meta.dir, "../../../../../shared/fixtures");
const root = existsSync(shared) ? shared : join(import.meta.dir, "../../../../shared/fixtures");
const own = join(import.meta.dir, "../fixtures");

describe("our own recordings", () => {
  test("every name has an entry, or is on the list of those that need none", () => {
    expect(unexpected(walked(own))).toEqual([]);
  });
});

describe.skipIf(!existsSync(root))("shared recordings", () => {
  test("every name has an entry, or is on the list of those that need none", () => {
    expect(unexpected(walked(root))).toEqual([]);
  });

  test("the list has no name that is explained by now", () => {
    const missing = new Set([...walked(own).missing.keys(), ...walked(root).missing.keys()]);
    expect(allowed.filter((name) => !missing.has(name))).toEqual([]);
  });
});

function unexpected({ missing }: Tally): string[] {
  return [...missing]
    .filter(([name]) => !allowed.includes(name))
    .sort((a, b) => b[1] - a[1])
    .map(([name, times]) => `${name} ×${times}`);
}

function walked(folder: string): Tally {
  const tally: Tally = { seen: 0, explained: 0, missing: new Map() };
  for (const path of filesOf(folder)) {
    if (/\.reading\.json$|\/mcp-schema\//.test(path)) continue;
    if (path.endsWith(".jsonl")) session(tally, readFileSync(path, "utf8"));
    else if (path.endsWith(".json")) file(tally, JSON.parse(readFileSync(path, "utf8")));
  }
  return tally;
}

/** One recording; a session of several exchanges; or a message by itself, as the specification's examples are. */
function file(tally: Tally, json: unknown): void {
  if (!isObject(json)) return;
  if (isObject(json["response"])) exchange(tally, json as unknown as Recording);
  else if (Array.isArray(json["exchanges"]))
    json["exchanges"].forEach((each) => ofSession(tally, each as Seen));
  else if (json["jsonrpc"] === "2.0") message(tally, json);
}

function exchange(tally: Tally, recording: Recording): void {
  const made = exchangeOf(recording);
  const { glimpse, dialect, stream } = look(made);
  const name = dialect.name;
  for (const [header] of [...made.request.headers, ...(made.response?.headers ?? [])])
    count(tally, `header ${header.toLowerCase()}`, explain(name, `header:${header}`) !== null);
  if (made.wire !== "websocket") nodes(tally, name, "request", glimpse.requestBody);
  if (!stream) return nodes(tally, name, "response", glimpse.responseBody);
  for (const frame of stream.frames) {
    if (frame.name !== null) event(tally, name, frame.name);
    const type = isObject(frame.json) ? frame.json["type"] : undefined;
    if (typeof type === "string" && /\.|_(start|stop|delta)$/.test(type)) event(tally, name, type);
    nodes(tally, name, "stream", frame.json);
  }
}

type Seen = Record<
  "request" | "response",
  { headers: [string, string][]; pieces: { text: string }[] } | null
>;

function ofSession(tally: Tally, { request, response }: Seen): void {
  for (const side of [request, response]) {
    for (const [header] of side?.headers ?? [])
      count(tally, `header ${header.toLowerCase()}`, explain("mcp", `header:${header}`) !== null);
    const text = side?.pieces.map((piece) => piece.text).join("") ?? "";
    for (const line of text.split("\n")) message(tally, parsed(line.replace(/^data:/, "")));
  }
}

function session(tally: Tally, text: string): void {
  for (const line of text.split("\n")) {
    const json = parsed(line);
    if (isObject(json)) message(tally, json["message"]);
  }
}

function message(tally: Tally, json: unknown): void {
  if (!isObject(json)) return;
  const { method, error } = json;
  if (typeof method === "string")
    count(tally, `mcp method ${method}`, explain("mcp", `method:${method}`) !== null);
  if (isObject(error))
    count(tally, `mcp error ${error["code"]}`, explain("mcp", `error:${error["code"]}`) !== null);
  nodes(tally, "mcp", "stream", json);
}

function event(tally: Tally, dialect: string, name: string): void {
  count(tally, `${dialect} event ${name}`, explain(dialect, `event:${name}`) !== null);
}

function nodes(tally: Tally, dialect: string, side: Side, value: unknown, path = ""): void {
  if (Array.isArray(value)) for (const each of value) nodes(tally, dialect, side, each, `${path}[]`);
  if (!isObject(value)) return;
  for (const [key, below] of Object.entries(value)) {
    const at = path === "" ? key : `${path}.${key}`;
    if (!isOwn(dialect, side, at))
      count(tally, `${dialect} ${side} ${at}`, explainBody(dialect, side, at) !== null);
    nodes(tally, dialect, side, below, at);
  }
}

function count(tally: Tally, name: string, explained: boolean): void {
  tally.seen++;
  if (explained) tally.explained++;
  else tally.missing.set(name, (tally.missing.get(name) ?? 0) + 1);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a line of SSE that is not data
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesOf(path) : [path]));
}

/**
 * What share of the leaves of the recordings is explained, by dialect: what they are (in both languages), and why they
 * are here and what comes next. Leaves are places in bodies and events that hold a value; names of the user's own are not
 * asked for. The floors are what was measured: they may rise, and not fall.
 */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Side } from "../glossary/entry.ts";
import { explainBody, explainValue, isOwn } from "../glossary/explain.ts";
import { look } from "../look.ts";
import { recordedLines } from "../mcp/recording.testkit.ts";
import { exchangeOf, type Recording } from "../recording.ts";
import { noteOf } from "./notes.ts";

type Share = { leaves: number; en: number; zh: number; noted: number };

/** Per cent of distinct leaf paths with a note, rounded down; a dialect that is not here has none to lose. */
const NOTED: Readonly<Record<string, number>> = {
  mcp: 80,
  "openai-chat": 64,
  "openai-responses": 58,
  "openai-realtime": 71,
  "anthropic-messages": 63,
  "vertex-anthropic": 97,
  gemini: 61,
  "vertex-gemini": 100,
  "gemini-interactions": 61,
  "gemini-live": 63,
  "gemini-code-assist": 71,
  "bedrock-converse": 64,
  "bedrock-invoke": 71,
  cohere: 64,
  "cohere-v1": 54,
  ollama: 69,
  "mistral-conversations": 50,
  "openai-assistants": 73,
  "openai-agents": 68,
  "anthropic-complete": 72,
};

const root = join(import.meta.dir, "../fixtures");
const seen = new Map<string, Set<string>>();
const shares = new Map<string, Share>();

for (const path of readdirSync(root, { recursive: true }).map(String)) {
  if (path.startsWith("mcp/")) {
    const lines = recordedLines(path.slice(4), readFileSync(join(root, path), "utf8"));
    for (const line of lines as Record<string, unknown>[]) leaves("mcp", "stream", line["message"]);
  } else if (path.endsWith(".json") && !path.endsWith(".reading.json")) {
    const recording = JSON.parse(readFileSync(join(root, path), "utf8")) as Recording;
    if (recording.response) ofExchange(recording);
  }
}

function ofExchange(recording: Recording): void {
  const { glimpse, dialect, stream } = look(exchangeOf(recording));
  leaves(dialect.name, "request", recording.messages ? null : glimpse.requestBody);
  if (!stream) leaves(dialect.name, "response", glimpse.responseBody);
  for (const { json } of stream?.frames ?? []) leaves(dialect.name, "stream", json);
}

function leaves(dialect: string, side: Side, value: unknown, path = ""): void {
  if (Array.isArray(value) && value.length > 0) {
    for (const each of value) leaves(dialect, side, each, `${path}[]`);
    return;
  }
  const isNode = typeof value === "object" && value !== null && Object.keys(value).length > 0;
  if (isNode) {
    for (const [key, below] of Object.entries(value as object)) {
      const at = path === "" ? key : `${path}.${key}`;
      if (!isOwn(dialect, side, at)) leaves(dialect, side, below, at);
    }
    return;
  }
  if (path !== "" && value !== undefined) count(dialect, side, path, value);
}

function count(dialect: string, side: Side, path: string, value: unknown): void {
  const places = seen.get(dialect) ?? new Set();
  seen.set(dialect, places);
  const key = `${side} ${path.replaceAll("[]", "")}`;
  if (places.has(key)) return;
  places.add(key);
  const share = shares.get(dialect) ?? { leaves: 0, en: 0, zh: 0, noted: 0 };
  shares.set(dialect, share);
  const entry = explainBody(dialect, side, path);
  const word = explainValue(dialect, side, path, value);
  share.leaves++;
  if (entry?.en) share.en++;
  if (entry?.zh) share.zh++;
  if ((entry && noteOf(entry)) || (word && noteOf(word))) share.noted++;
}
const percent = (some: number, { leaves: all }: Share) => Math.floor((100 * some) / all);

test("what a place is, is said in both languages, but for the few that need no entry", () => {
  const missing = [...shares].map(([dialect, share]) => [
    dialect,
    share.leaves - share.en,
    share.leaves - share.zh,
  ]);
  // See glossary/coverage.allowed.txt: a block that no API has, and a person's own answers to a form.
  expect(missing.filter(([, en, zh]) => en !== 0 || zh !== 0)).toEqual([
    ["anthropic-messages", 1, 1],
    ["mcp", 1, 1],
  ]);
  expect(shares.size).toBeGreaterThanOrEqual(40);
});

test("why it is here and what comes next is said for no smaller a share than before", () => {
  const fallen = Object.entries(NOTED).filter(
    ([dialect, floor]) => percent(shares.get(dialect)?.noted ?? 0, shares.get(dialect)!) < floor,
  );
  expect(fallen).toEqual([]);
});

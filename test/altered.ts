/** Our own files with something wrong in them: what a damaged disk, a stranger or another program may put into `logs/`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { exchangeText } from "../src/journal/exchange-file.ts";
import { assembled, read } from "../src/read/read.ts";
import { exchangeOf, type Recording } from "../src/read/recording.ts";
import { root } from "./program.ts";

const fixtures = join(root, "src/read/fixtures");
const namesIn = (folder: string) =>
  readdirSync(join(fixtures, folder)).map((name) => join(fixtures, folder, name));

/** Exchange files, one of each dialect. */
export const exchanges: readonly string[] = readdirSync(fixtures, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "mcp")
  .map(({ name }) => namesIn(name).find((path) => /(?<!\.reading)\.json$/.test(path)) ?? "")
  .filter((path) => path !== "")
  .map((path) => {
    const exchange = exchangeOf(JSON.parse(readFileSync(path, "utf8")) as Recording);
    const derived = { assembled: assembled(exchange) ?? undefined, summary: { model: read(exchange).model } };
    return exchangeText(exchange, derived, { request: 1, response: 2 });
  });

/** Session files. */
export const sessions: readonly string[] = namesIn("mcp")
  .filter((path) => path.endsWith(".jsonl"))
  .map((path) => readFileSync(path, "utf8"));

const deep = JSON.parse(`${"[".repeat(400)}${"]".repeat(400)}`) as unknown;

/** What may stand where anything else should. */
export const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    "",
    "x",
    [],
    {},
    [null],
    [[]],
    { a: { b: [] } },
    deep,
  ),
  fc.constantFrom<unknown>("\u0000", "\uD800", "<b>", "../../x", "a".repeat(5_000), ["__proto__"], {
    $base64: 5,
  }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** A text of JSON, or of JSON lines, with some of its values others. */
export function altered(text: string, changes: readonly (readonly [at: number, value: unknown])[]): string {
  const isLines = /\}\n\s*\{/.test(text);
  const documents = (isLines ? text.split("\n").filter(Boolean) : [text]).map(
    (one) => JSON.parse(one) as unknown,
  );
  for (const [at, value] of changes) {
    const n = at % documents.length;
    const places = placesIn(documents[n]);
    const place = places[Math.floor(at / documents.length) % Math.max(1, places.length)];
    if (place) place[0][place[1]] = structuredClone(value);
  }
  return documents.map((one) => JSON.stringify(one)).join("\n") + (isLines ? "\n" : "");
}

function placesIn(value: unknown, depth = 0): [Record<string, unknown>, string][] {
  if (typeof value !== "object" || value === null || depth > 20) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [
    [holder, key] as [Record<string, unknown>, string],
    ...placesIn(holder[key], depth + 1),
  ]);
}

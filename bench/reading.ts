/**
 * `bun bench/reading.ts`: how many MB of a long answer each dialect reads in a second of the processor: framed, folded, read, checked.
 * The answers are our own recordings with a piece of their text repeated to a few MB. Prints a table; the best
 * of the rounds counts: everything else on the machine only makes it slower. `--json` prints numbers alone; `of=FOLDER` reads
 * the same answers with the readers of another checkout, to compare the two in one breath.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const of =
  Bun.argv.find((word) => word.startsWith("of="))?.slice("of=".length) ?? join(import.meta.dir, "..");
const from = (file: string) => join(resolve(of), "src/read", file);
const { look } = (await import(from("look.ts"))) as typeof import("../src/read/look.ts");
const { read } = (await import(from("read.ts"))) as typeof import("../src/read/read.ts");
const { exchangeOf } = (await import(from("recording.ts"))) as typeof import("../src/read/recording.ts");

const FIXTURES = join(import.meta.dir, "../src/read/fixtures");

const MB = 1024 * 1024;
const SIZE = 2 * MB;
const ROUNDS = 7;
/** Before it is measured all of it is compiled, as in a process that has run for a while. */
const WARM = 3;
const TOKENS = new Set(["text", "reasoning", "tool"]);
/** As a socket gives it. */
const PIECE = 16 * 1024;

const STREAMS: readonly string[] = [
  "openai-chat/openrouter-stream-weather.json",
  "openai-chat/openrouter-stream-think.json",
  "openai-responses/stream-think.json",
  "openai-responses/stream-weather.json",
  "anthropic-messages/stream-think.json",
  "anthropic-messages/stream-weather.json",
  "gemini/stream-think.json",
  "gemini-interactions/stream-hello.json",
  "bedrock-converse/stream-think.json",
  "cohere/stream-hello.json",
  "mistral-conversations/stream-weather.json",
  "ollama/stream-chat-thinking-and-tool-call.json",
].filter((path) => existsSync(join(FIXTURES, path)));

const speeds: Record<string, number> = {};
for (const path of STREAMS) for (let warm = 0; warm < WARM; warm++) speedOf(path);
for (const path of STREAMS) speeds[path] = best(Array.from({ length: ROUNDS }, () => speedOf(path)));
if (Bun.argv.includes("--json")) console.log(JSON.stringify(speeds));
else
  for (const [path, speed] of Object.entries(speeds))
    console.log(`${speed.toFixed(1).padStart(7)} MB/s  ${path}`);

function speedOf(path: string): number {
  const exchange = long(path);
  // Time of the processor: the machine may have other work.
  const started = process.cpuUsage();
  read(exchange);
  const { user, system } = process.cpuUsage(started);
  return (SIZE / MB) * (1_000_000 / (user + system));
}

/** The recording with one event of its text many times over. */
function long(path: string) {
  const recording = JSON.parse(readFileSync(join(FIXTURES, path), "utf8"));
  const exchange = exchangeOf(recording);
  const seen = look(exchange);
  const frames = seen.stream?.frames ?? [];
  const bytes = Buffer.concat((exchange.response?.pieces ?? []).map((piece) => piece.bytes));
  const length = (n: number) =>
    (seen.added.get(n) ?? []).reduce((sum, { lane, text }) => sum + (TOKENS.has(lane) ? text.length : 0), 0);
  // The kind of event that comes most often, as in any long answer: not the one that opens a block.
  const spoken = frames.filter(({ n }) => length(n) > 0);
  const kinds = Map.groupBy(spoken, ({ json, name }) => String(Reflect.get(Object(json), "type") ?? name));
  const [most = []] = [...kinds.values()].toSorted((a, b) => b.length - a.length);
  const rich = most.toSorted((a, b) => length(b.n) - length(a.n))[0];
  if (!rich) throw new Error(`${path} is no stream`);
  const event = bytes.subarray(rich.start, rich.end);
  const times = Math.ceil(SIZE / event.length);
  const body = Buffer.concat([
    bytes.subarray(0, rich.end),
    Buffer.concat(Array(times).fill(event)),
    bytes.subarray(rich.end),
  ]);
  const pieces = Array.from({ length: Math.ceil(body.length / PIECE) }, (_, i) => ({
    t: 100 + i,
    bytes: new Uint8Array(body.subarray(i * PIECE, (i + 1) * PIECE)),
  }));
  return { ...exchange, response: exchange.response && { ...exchange.response, pieces } };
}

function best(numbers: readonly number[]): number {
  return Math.max(0, ...numbers);
}

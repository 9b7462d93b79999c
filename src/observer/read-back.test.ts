/** What is read from an exchange's file is what was read while it was there, for every recording at hand. */
import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Exchange } from "../fact/exchange.ts";
import { exchangeText } from "../journal/exchange-file.ts";
import { parseExchange } from "../journal/exchange-read.ts";
import { look } from "../read/look.ts";
import { assembled, read } from "../read/read.ts";
import { exchangeOf, replayed, type Recording } from "../read/recording.ts";
import { threadKeys } from "../read/thread.ts";

const roots = ["../read/fixtures", "../../../shared/fixtures", "../../../../shared/fixtures"].map((path) =>
  join(import.meta.dir, path),
);
const files = roots
  .filter(existsSync)
  .flatMap((root) => readdirSync(root, { recursive: true, encoding: "utf8" }).map((name) => join(root, name)))
  .filter((path) => path.endsWith(".json") && !/\.reading\.json$|\/mcp/.test(path));

test("reading live equals reading from disk", () => {
  expect(files.length).toBeGreaterThan(100);
  for (const path of files) {
    const recording = JSON.parse(readFileSync(path, "utf8")) as Recording;
    for (const exchange of [replayed(recording), inPieces(recording)]) {
      const live = everything(exchange);
      const parsed = parseExchange(written(exchange));
      if ("error" in parsed) throw new Error(`${path}: ${parsed.error}`);
      expect({ path, ...everything(parsed.exchange) }).toEqual({ path, ...live });
    }
  }
});

test("a stream under a name that is none is kept as a stream, with its message", () => {
  const body = `data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`;
  const exchange = exchangeOf({
    request: { method: "POST", path: "/v1/chat/completions", body: {} },
    response: { status: 200, headers: { "content-type": "text/plain" }, body },
  });
  const file = JSON.parse(written(exchange)) as {
    response_body: { choices: { message: { content: string } }[] };
    response_chunks: { data: string }[];
  };
  expect(file.response_body.choices[0]?.message.content).toBe("Hi");
  expect(file.response_chunks.map(({ data }) => data).join("")).toBe(body);
});

/** Cut where it hurts: within characters too. */
function inPieces(recording: Recording): Exchange {
  if (recording.messages) return exchangeOf(recording);
  const size = exchangeOf(recording).response?.pieces.reduce((sum, { bytes }) => sum + bytes.length, 0) ?? 0;
  return exchangeOf(
    recording,
    Array.from({ length: Math.min(50, size) }, (_, i) => Math.floor((i * size) / 50)),
  );
}

function written(exchange: Exchange): string {
  const derived = { assembled: assembled(exchange) ?? undefined, summary: {} };
  return exchangeText(exchange, derived, { request: 0, response: 0 });
}

function everything(exchange: Exchange) {
  const seen = look(exchange);
  const reading = read(exchange, seen);
  return { reading, assembled: assembled(exchange, seen), keys: threadKeys(reading, exchange, seen) };
}

/**
 * Makes the recordings that `/learn` explains: `bun scripts/lessons.ts [NAME …]`. Plays each lesson through the real
 * program, demo model and weather server, and keeps what was recorded, byte for byte, in src/web/learn/recordings/.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { play } from "../src/demo/lessons/play.ts";
import { LESSONS } from "../src/fact/lessons.ts";
import type { LessonExchange, LessonItem } from "../src/web/learn/recorded.ts";
import { getJson, type Json, type Program, root, startProgram, until } from "../test/program.ts";

const wanted = process.argv.slice(2);
for (const name of LESSONS.filter((it) => wanted.length === 0 || wanted.includes(it))) {
  await using program = await startProgram();
  await play(name, program);
  await written(program);
  const items = [...(await exchanges(program)), ...(await sessions(program))].toSorted((a, b) => a.at - b.at);
  const kept = items.map(({ at: _, ...item }) => item);
  const path = join(root, "src/web/learn/recordings", `${name}.json`);
  await Bun.write(path, `${JSON.stringify(kept, null, 1)}\n`);
  console.log(name, kept.map(({ kind }) => kind).join(" "), Bun.file(path).size);
}

/** Everything is on disk when nothing is in flight or waits. */
async function written({ pageUrl }: Program): Promise<void> {
  await until(async () => {
    const { in_flight, waiting, backlog } = await getJson(`${pageUrl}/api/status`);
    const { items } = await getJson(`${pageUrl}/api/mcp/sessions`);
    return in_flight + waiting + backlog === 0 && items.every((it: Json) => it.state === "closed");
  });
}

type Placed = LessonItem & { at: number };

async function exchanges({ logDir }: Program): Promise<Placed[]> {
  const folder = join(logDir, "llm_proxy");
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
  return Promise.all(
    names.map(async (name) => {
      const file: Json = await Bun.file(join(folder, name)).json();
      return { kind: "exchange", at: Date.parse(file.timestamp), exchange: exchangeOf(file) } as const;
    }),
  );
}

function exchangeOf(file: Json): LessonExchange {
  const chunks: { t_ms: number; data: string }[] = file.response_chunks ?? [
    { t_ms: file.duration_ms, data: file.response_body_raw ?? JSON.stringify(file.response_body) },
  ];
  return {
    at: file.timestamp,
    ending: file.ending,
    error: file.error,
    ended: file.duration_ms,
    request: {
      method: file.method,
      path: file.path,
      host: "demo",
      headers: headersOf(file.headers),
      body: file.body_raw ?? JSON.stringify(file.body),
    },
    response: {
      status: file.response_status,
      headers: headersOf(file.response_headers),
      body: chunks.map(({ data }) => data).join(""),
      reads: chunks.map(({ t_ms, data }) => [t_ms, Buffer.byteLength(data)]),
    },
  };
}

/** Ports are others each time. */
function headersOf(headers: Json): Record<string, string> {
  const all: [string, string][] = Array.isArray(headers) ? headers : Object.entries(headers);
  return Object.fromEntries(
    all.map(([name, value]) => [name, /^host$/i.test(name) ? "localhost:8000" : String(value)]),
  );
}

/** A session stands where its first call does: that is what an exchange asked for. */
async function sessions({ logDir }: Program): Promise<Placed[]> {
  const folder = join(logDir, "mcp_weather");
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".jsonl"));
  return Promise.all(
    names.map(async (name) => {
      const text = await Bun.file(join(folder, name)).text();
      const lines: Json[] = text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      const call = lines.find((line) => line.message?.method === "tools/call") ?? lines[0];
      return { kind: "session", at: Date.parse(call.timestamp), lines: lines.map(lineOf) } as const;
    }),
  );
}

/** Where the server stood on the machine that recorded it says nothing about MCP. */
function lineOf(line: Json): Json {
  if (line.event !== "start") return line;
  const { session_id, timestamp, seq, event } = line;
  return { session_id, timestamp, seq, event, command: ["bun", "src/mcp/weather.ts"] };
}

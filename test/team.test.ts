/** Recorders on several machines and pages over one store: the program as people start it. Skipped where there is no Postgres. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { bucket, type Bucket } from "../src/bodies/bucket.testkit.ts";
import { hasPostgres, startServer, type Server } from "../src/index/postgres/server.testkit.ts";
import type { RecorderLine } from "../src/fact/recorder-state.ts";
import type { ExchangeRow } from "../src/fact/rows.ts";
import { root, startPage, startProgram, type Program } from "./program.ts";
import { tappedServer } from "./scripted.ts";

const WEATHER = [process.execPath, `${root}/src/mcp/weather.ts`, "--provider", "sample", "--no-record"];

type Page = { items: ExchangeRow[]; total: number };

async function until<T>(ask: () => Promise<T | null | false | undefined>): Promise<T> {
  for (;;) {
    const found = await ask();
    if (found) return found;
    await Bun.sleep(20);
  }
}

async function json<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

const say = (proxy: string, words: string, stream = false) =>
  fetch(`${proxy}/@demo/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "demo", stream, messages: [{ role: "user", content: words }] }),
  }).then((response) => response.text());

describe.skipIf(!hasPostgres)("a team", () => {
  let server: Server;
  let at: Bucket;
  let team: string[];
  let keys: Record<string, string>;
  beforeAll(async () => {
    server = await startServer();
    at = bucket();
    team = ["--store", server.url, "--bodies", `s3://team?endpoint=${at.url}`];
    keys = { S3_ACCESS_KEY_ID: "a", S3_SECRET_ACCESS_KEY: "b", S3_REGION: "us-east-1" };
  });
  afterAll(async () => {
    at?.stop();
    await server?.stop();
  });

  const recorder = (name: string): Promise<Program> =>
    startProgram([...team, "--recorder-name", name, "--user", `user of ${name}`], undefined, keys);

  test("two recorders are one list on two pages, each row with where it comes from, each body one click away", async () => {
    await using laptop = await recorder("laptop");
    await using ci = await recorder("ci");
    await using first = await startPage(team, keys);
    await using second = await startPage(team, keys);
    await Promise.all([
      say(laptop.proxyUrl, "kingfisher on the laptop"),
      say(ci.proxyUrl, "heron in the pipeline"),
    ]);
    for (const { pageUrl } of [first, second]) {
      const all = await until(async () => {
        const page = await json<Page>(`${pageUrl}/api/exchanges`);
        return page.total === 2 && page.items.every(({ state }) => state === "done") && page;
      });
      expect(all.items.map(({ origin }) => origin?.recorder).toSorted()).toEqual(["ci", "laptop"]);
      const mine = await json<Page>(
        `${pageUrl}/api/exchanges?q=${encodeURIComponent("recorder:lap* kingfisher")}`,
      );
      expect([mine.total, mine.items[0]?.origin]).toEqual([
        1,
        expect.objectContaining({ project: "default", user: "user of laptop" }),
      ]);
      const file = await json<{ body: { messages: { content: string }[] } }>(
        `${pageUrl}/api/exchanges/${mine.items[0]!.id}`,
      );
      expect(file.body.messages[0]?.content).toBe("kingfisher on the laptop");
      const shown = await (
        await fetch(`${pageUrl}/llm/${mine.items[0]!.id}`, { headers: { accept: "text/html" } })
      ).text();
      expect(shown).toContain("kingfisher on the laptop");
      expect(shown).toContain("laptop · user of laptop");
    }
    // What is still going on at a recorder is on the page, its text as it comes.
    const words = say(laptop.proxyUrl, "explain at length how a proxy works", true);
    const flying = await until(async () =>
      (await json<Page>(`${first.pageUrl}/api/exchanges`)).items.find(({ state }) => state === "streaming"),
    );
    const socket = new WebSocket(`${first.pageUrl.replace("http", "ws")}/ws`);
    const added: string[] = [];
    socket.onmessage = ({ data }) => {
      for (const frame of [JSON.parse(String(data))].flat())
        if (frame.type === "exchange.added")
          added.push(...frame.parts.map((part: { append: string }) => part.append));
    };
    await until(async () => socket.readyState === WebSocket.OPEN);
    socket.send(JSON.stringify({ follow: flying.id }));
    await until(async () => added.join("").length > 20);
    socket.close();
    await words;
    await until(async () =>
      (await json<Page>(`${second.pageUrl}/api/exchanges`)).items.find(
        ({ id, state }) => id === flying.id && state === "done",
      ),
    );
    // How each recorder does stands on every page, in its status and for a scraper; the page is told when that changes.
    for (const { pageUrl } of [first, second]) {
      const status = await until(async () => {
        const told = await json<{ recorders: RecorderLine[] }>(`${pageUrl}/api/status`);
        return told.recorders.length === 2 && told.recorders.every(({ backlog }) => backlog === 0) && told;
      });
      expect(
        status.recorders.map(({ recorder, errors, held }) => [recorder, errors, held]).toSorted(),
      ).toEqual([
        ["ci", 0, 0],
        ["laptop", 0, 0],
      ]);
      const metrics = await (await fetch(`${pageUrl}/metrics`)).text();
      for (const line of [
        'mcp_proxy_logger_recorder_backlog{project="default",recorder="laptop"} 0',
        'mcp_proxy_logger_recorder_errors_total{project="default",recorder="ci"} 0',
        'mcp_proxy_logger_recorded{kind="exchanges"} 3',
        "mcp_proxy_logger_store_silent_seconds 0",
      ])
        expect(metrics).toContain(`\n${line}\n`);
      expect(metrics).toMatch(/\nmcp_proxy_logger_exchanges_total\{.*upstream="demo".*\} \d/);
      const page = await (await fetch(`${pageUrl}/status`, { headers: { accept: "text/html" } })).text();
      expect(page).toContain("2 recorders");
    }
    // A tool that was called on one of the machines is counted by each page, for a scraper.
    const weather = await tappedServer(laptop.logDir, "weather", WEATHER);
    await weather.callTool({ name: "get_forecast", arguments: { location: "Oslo" } });
    for (const { pageUrl } of [first, second])
      await until(async () =>
        /\nmcp_proxy_logger_mcp_calls_total\{server="weather",method="tools\/call",tool="get_forecast",outcome="[a-z-]+"[^}]*\} 1\n/.test(
          await (await fetch(`${pageUrl}/metrics`)).text(),
        ),
      );
    await weather.close();
    const listening = new WebSocket(`${second.pageUrl.replace("http", "ws")}/ws`);
    const told: { exchanges: number }[] = [];
    listening.onmessage = ({ data }) => {
      for (const frame of [JSON.parse(String(data))].flat())
        if (frame.type === "status") told.push(frame.status);
    };
    await until(async () => listening.readyState === WebSocket.OPEN);
    await say(ci.proxyUrl, "one more");
    await until(async () => told.some(({ exchanges }) => exchanges === 4));
    listening.close();
    const audit = new Bun.SQL(server.url, { max: 1 });
    expect(
      (await audit.unsafe("select distinct what, visitor from mcpl.audit")).map((row: object) => ({
        ...row,
      })),
    ).toEqual([{ what: "exchange", visitor: "127.0.0.1" }]);
    await audit.close();
  });
});

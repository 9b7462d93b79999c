import { filterOf } from "../../filter/filter.ts";
import { expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileBodies } from "../../bodies/files.ts";
import type { Exchange } from "../../fact/exchange.ts";
import type { Frame } from "../../fact/frame.ts";
import { createFeed } from "../../feed/ring.ts";
import type { Index, LocalIndex } from "../../index/index.ts";
import { openIndex } from "../../index/sqlite.ts";
import { exchangePath, exchangeText } from "../../journal/exchange-file.ts";
import { packExchanges } from "../../journal/pack.ts";
import { threadOf } from "../../read/thread.ts";
import { entryOfText } from "../entry.ts";
import { startSync, type Sync } from "./sync.ts";

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const idOf = (n: number) => `0190a0a0-0000-7000-8000-${String(n).padStart(12, "0")}`;
const START = 1_700_000_000_000;

/** A chat's n-th turn: it repeats what was said before. */
function exchange(n: number, turns: readonly string[] = [`question ${n}`]): Exchange {
  const messages = turns.map((content, at) => ({ role: at % 2 === 0 ? "user" : "assistant", content }));
  const answer = { role: "assistant", content: `answer ${turns.length}` };
  const json: [string, string][] = [["content-type", "application/json"]];
  return {
    id: idOf(n),
    at: START + n * 1_000,
    wire: "http",
    upstream: "demo",
    method: "POST",
    path: "/v1/chat/completions",
    target: "http://127.0.0.1:1/v1/chat/completions",
    request: { headers: json, pieces: [{ t: 0, bytes: bytes({ model: "m", messages }) }] },
    response: {
      status: 200,
      headers: json,
      pieces: [
        { t: 9, bytes: bytes({ object: "chat.completion", model: "m", choices: [{ message: answer }] }) },
      ],
      ttfb: 5,
    },
    gaps: [],
    close: { t: 9, ending: "complete", error: null },
  };
}

const line = (seq: number, more: object = {}) =>
  `${JSON.stringify({ session_id: "s1", timestamp: new Date(START + seq).toISOString(), seq, from: "client", direction: "notification", message: { jsonrpc: "2.0", method: `m${seq}` }, ...more })}\n`;

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await Bun.sleep(2);
}

function place() {
  const home = fs.mkdtempSync(join(tmpdir(), "sync-"));
  const logs = join(home, "logs");
  const running: (() => Promise<void>)[] = [];
  const write = (path: string, text: string) => {
    fs.mkdirSync(dirname(join(logs, path)), { recursive: true });
    fs.writeFileSync(join(logs, path), text);
  };
  return {
    logs,
    write,
    put(one: Exchange): string {
      const path = exchangePath(one);
      write(path, exchangeText(one, { assembled: undefined, summary: {} }, { request: 11, response: 22 }));
      return path;
    },
    remove: (path: string) => fs.rmSync(join(logs, path)),
    /** A program on this folder. Programs with the same `name` share an index. */
    start(name = "index.sqlite") {
      const bodies = fileBodies(logs, ({ id }) => index.fileOf(id)?.path ?? null);
      const index: Index & LocalIndex = openIndex(
        join(home, name),
        () => {},
        async (id, { offset, size }) => {
          const line = await bodies.range({ of: "session", id }, offset, offset + size);
          return line && new TextDecoder().decode(line);
        },
      );
      const feed = createFeed({ ring: 10_000, queue: 10_000 });
      const frames: Frame[] = [];
      feed.listen((some) => (frames.push(...some), "sent"));
      let understood = 0;
      const slices: { newest: string; waiting: number; of: number }[] = [];
      const sync: Sync = startSync({
        logs,
        index,
        feed,
        understand: (text, pending) => (understood++, entryOfText(text, index, pending)),
        resolve: (id, keys, lookup) => threadOf({ id }, keys, lookup),
        async onChange({ waiting, of }) {
          const [first] = (await index.exchanges({ limit: 1 })).items;
          if (first) slices.push({ newest: first.id, waiting, of });
        },
        watch: { collectMs: 1, lookMs: 20 },
      });
      running.push(async () => {
        await sync.close();
        index.close();
      });
      return {
        index,
        sync,
        frames,
        slices,
        understood: () => understood,
        ids: async (q?: string) =>
          (await index.exchanges({ limit: 1_000, filter: filterOf({ q }) })).items.map((row) => row.id),
        rows: () => frames.filter((frame) => frame.type === "exchange.close").map((frame) => frame.row.id),
        stop: () => running.pop()?.() ?? Promise.resolve(),
      };
    },
    async [Symbol.asyncDispose]() {
      for (const stop of running) await stop();
      fs.rmSync(home, { recursive: true });
    },
  };
}

test("what is there at the start is taken in, and what was known is not read again", async () => {
  await using at = place();
  const paths = [1, 2, 3].map((n) => at.put(exchange(n)));
  const first = at.start();
  await first.sync.caughtUp;
  expect(await first.ids()).toEqual([3, 2, 1].map(idOf));
  expect(await first.ids('"question 2"')).toEqual([idOf(2)]);
  const found = await first.index.exchange(idOf(2));
  const path = first.index.fileOf(idOf(2))?.path;
  expect([found?.bytes_in, found?.bytes_out, path]).toEqual([11, 22, paths[1] ?? ""]);
  await first.stop();
  at.put(exchange(4));
  at.remove(paths[0] ?? "");
  at.write(
    paths[1] ?? "",
    fs.readFileSync(join(at.logs, paths[1] ?? ""), "utf8").replace("question 2", "changed"),
  );
  const second = at.start();
  await second.sync.caughtUp;
  expect(await second.ids()).toEqual([4, 3, 2].map(idOf));
  expect([await second.ids('"question 2"'), await second.ids("changed")]).toEqual([[], [idOf(2)]]);
  expect(second.understood()).toBe(2);
});

test("files that come, change and go while we run are noticed and told, in folders that were not there", async () => {
  await using at = place();
  const { sync, index, rows, ids, frames } = at.start();
  await sync.caughtUp;
  const path = at.put(exchange(1));
  await until(() => rows().includes(idOf(1)));
  at.put(exchange(2));
  await until(async () => (await ids()).length === 2);
  at.write(path, fs.readFileSync(join(at.logs, path), "utf8").replace("question 1", "changed"));
  await until(async () => (await ids("changed")).length === 1);
  at.remove(path);
  await until(() => frames.some((frame) => frame.type === "exchange.gone" && frame.ids[0] === idOf(1)));
  expect(await ids()).toEqual([idOf(2)]);
  fs.rmSync(at.logs, { recursive: true });
  await until(async () => (await ids()).length === 0);
  at.put(exchange(3));
  await until(async () => (await ids()).length === 1);
  expect(index.files().size).toBe(1);
});

test("what we write ourselves is not read again, and what others make of it is", async () => {
  await using at = place();
  at.put(exchange(1));
  const { sync, ids, understood } = at.start();
  await sync.caughtUp;
  const path = exchangePath(exchange(2));
  at.write(
    "spool/draft",
    exchangeText(exchange(2), { assembled: undefined, summary: {} }, { request: 1, response: 2 }),
  );
  fs.renameSync(join(at.logs, "spool/draft"), join(at.logs, path));
  const { mtimeMs: mtime, size } = fs.statSync(join(at.logs, path));
  sync.known(path, { mtime, size });
  at.put(exchange(3));
  await until(async () => (await ids()).includes(idOf(3)));
  expect([understood(), (await ids()).includes(idOf(2))]).toEqual([2, false]);
  at.write(path, fs.readFileSync(join(at.logs, path), "utf8").replace("question 2", "changed"));
  await until(async () => (await ids("changed")).length === 1);
  at.remove(path);
  await until(async () => !(await ids()).includes(idOf(2)));
});

test("a file that cannot be read is named with a reason, and taken in when it is mended", async () => {
  await using at = place();
  at.write("llm_proxy/broken.json", '{"format":1,');
  at.write("llm_proxy/other.json", '{"hello":"world"}');
  at.write("llm_proxy/notes.txt", "buy milk");
  at.write("mcp_x/other.jsonl", '{"hello":"world"}\n');
  at.write("llm_proxy/packed/broken.json.zst", "no pack");
  const path = at.put(exchange(1));
  const { index, ids } = at.start();
  await until(async () => (await index.unreadable()).length === 5);
  expect(Object.fromEntries((await index.unreadable()).map((file) => [file.path, file.why]))).toEqual({
    "llm_proxy/broken.json": expect.stringContaining("not JSON"),
    "llm_proxy/notes.txt": expect.stringContaining("name"),
    "llm_proxy/other.json": expect.stringContaining("not an exchange"),
    "llm_proxy/packed/broken.json.zst": expect.stringContaining("not a pack"),
    "mcp_x/other.jsonl": expect.stringContaining("session_id"),
  });
  expect(await ids()).toEqual([idOf(1)]);
  fs.copyFileSync(join(at.logs, path), join(at.logs, "llm_proxy/broken.json"));
  for (const wrong of ["llm_proxy/other.json", "llm_proxy/notes.txt", "mcp_x/other.jsonl"]) at.remove(wrong);
  at.remove(path);
  at.remove("llm_proxy/packed/broken.json.zst");
  await until(
    async () =>
      (await index.unreadable()).length === 0 && index.fileOf(idOf(1))?.path.endsWith("broken.json") === true,
  );
});

test("what this process wrote and put itself is not read again", async () => {
  await using at = place();
  const { sync, index, ids, understood, rows } = at.start();
  await sync.caughtUp;
  const path = at.put(exchange(1));
  const { mtimeMs: mtime, size } = fs.statSync(join(at.logs, path));
  sync.known(path, { mtime, size });
  at.put(exchange(2));
  await until(async () => (await ids()).length === 1 && rows().length === 1);
  expect([await ids(), rows(), understood(), index.file(path)]).toEqual([[idOf(2)], [idOf(2)], 1, null]);
});

test("two programs on one index each tell their page", async () => {
  await using at = place();
  const [first, second] = [at.start(), at.start()];
  await Promise.all([first.sync.caughtUp, second.sync.caughtUp]);
  at.put(exchange(1));
  at.write("mcp_x/1.jsonl", line(1));
  const told = ({ frames, rows }: typeof first) =>
    rows().includes(idOf(1)) && frames.some((frame) => frame.type === "mcp.message");
  await until(() => told(first) && told(second));
  fs.appendFileSync(join(at.logs, "mcp_x/1.jsonl"), line(2));
  const seqs = ({ frames }: typeof first) =>
    frames.filter((frame) => frame.type === "mcp.message").map((frame) => frame.row.seq);
  await until(() => seqs(first).includes(2) && seqs(second).includes(2));
  expect([seqs(first), seqs(second)]).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

test("a session file is followed line by line, whoever appends", async () => {
  await using at = place();
  at.write("mcp_weather/1.jsonl", line(1) + line(2));
  const { sync, index, frames } = at.start();
  await sync.caughtUp;
  expect((await index.messages("s1")).items.map(({ seq, at: t }) => [seq, t - START])).toEqual([
    [1, 1],
    [2, 2],
  ]);
  expect(await index.session("s1")).toMatchObject({ name: "weather", messages: 2, at: START + 1 });
  const path = join(at.logs, "mcp_weather/1.jsonl");
  fs.appendFileSync(path, line(3) + line(4).slice(0, 20));
  fs.appendFileSync(path, line(4).slice(20));
  const told = () => frames.filter((frame) => frame.type === "mcp.message").map((frame) => frame.row.seq);
  await until(() => told().length === 2);
  expect(told()).toEqual([3, 4]);
  fs.appendFileSync(path, `not JSON\n${line(4)}`);
  await until(async () => (await index.messages("s1")).items.length === 5);
  expect(await index.unreadable()).toEqual([
    { path: "mcp_weather/1.jsonl", why: expect.stringContaining("not JSON") },
  ]);
  expect((await index.messages("s1")).items.at(-1)?.seq).toBe(5);
  fs.writeFileSync(path, line(1, { session_id: "s2" }));
  await until(async () => (await index.session("s1")) === null && (await index.session("s2")) !== null);
  at.remove("mcp_weather/1.jsonl");
  await until(async () => (await index.counts()).sessions === 0);
});

test("a long message is in the file once: the index has its outline, the page's frames its first words, who opens it gets it", async () => {
  await using at = place();
  const { index, frames, sync } = at.start();
  await sync.caughtUp;
  const result = { content: [{ type: "text", text: "x".repeat(5_000_000) }] };
  const answer = { from: "server", direction: "response", message: { jsonrpc: "2.0", id: 1, result } };
  at.write("mcp_x/a.jsonl", line(1, {}) + line(2, answer) + line(3, {}));
  await until(async () => (await index.counts()).messages === 3);
  expect((await index.messages("s1")).items.map((row) => row.line["message"])).toEqual([
    { jsonrpc: "2.0", method: "m1" },
    answer.message,
    { jsonrpc: "2.0", method: "m3" },
  ]);
  const lines = () => frames.filter((frame) => frame.type === "mcp.message").map(({ row }) => row);
  await until(() => lines().length === 3);
  const told = lines();
  expect(told[1]).toMatchObject({ seq: 2, kind: "result", id: "1", note: "x".repeat(300) });
  expect(JSON.stringify(told).length).toBeLessThan(2_000);
  at.remove("mcp_x/a.jsonl");
  fs.writeFileSync(join(at.logs, "mcp_x/a.jsonl"), "{}\n");
  expect((await index.messages("s1")).items[1]?.line["message"]).toEqual({
    jsonrpc: "2.0",
    id: 1,
    result: {},
  });
});

test("a session that went on while we were away is read whole, and only once", async () => {
  await using at = place();
  at.write("mcp_x/1.jsonl", line(1));
  const first = at.start();
  await first.sync.caughtUp;
  await first.stop();
  fs.appendFileSync(join(at.logs, "mcp_x/1.jsonl"), line(2));
  const second = at.start();
  await second.sync.caughtUp;
  expect((await second.index.messages("s1")).items.map(({ seq }) => seq)).toEqual([1, 2]);
  expect((await second.index.session("s1"))?.messages).toBe(2);
});

test("turns of a conversation find each other although the newest are taken in first", async () => {
  await using at = place();
  const turns = ["a", "answer 1", "b", "answer 3", "c"];
  for (const n of [1, 2, 3]) at.put(exchange(n, turns.slice(0, n * 2 - 1)));
  at.put(exchange(4));
  const { sync, index } = at.start();
  await sync.caughtUp;
  const { items } = await index.exchanges({ limit: 9 });
  const threads = items.map(({ conversation, turn, parent }) => [conversation, turn, parent]);
  expect(threads).toEqual([
    [idOf(4), 1, null],
    [idOf(1), 3, idOf(2)],
    [idOf(1), 2, idOf(1)],
    [idOf(1), 1, null],
  ]);
  const more = [...turns, "answer 5", "d", "answer 7", "e"];
  for (const n of [5, 6]) at.put({ ...exchange(n, more.slice(0, n * 2 - 3)), at: Date.now() + n });
  await until(async () => (await index.exchange(idOf(6)))?.turn === 5);
  expect(await index.exchange(idOf(5))).toMatchObject({ conversation: idOf(1), turn: 4, parent: idOf(3) });
  expect(await index.exchange(idOf(6))).toMatchObject({ conversation: idOf(1), turn: 5, parent: idOf(5) });
});

test("packing while we run, and after a rebuild, keeps every exchange listed, found and openable", async () => {
  await using at = place();
  for (const n of [1, 2, 3]) at.put(exchange(n));
  const { sync, index, ids, frames } = at.start();
  await sync.caughtUp;
  packExchanges({ logs: at.logs, before: Date.now() + 60_000, files: 2 });
  await until(async () => [1, 2, 3].every((n) => index.fileOf(idOf(n))?.path.includes(".zst#") === true));
  await until(() => index.files().size === 2);
  expect(await ids()).toEqual([3, 2, 1].map(idOf));
  const rebuilt = at.start("other.sqlite");
  await rebuilt.sync.caughtUp;
  expect([await rebuilt.ids(), await rebuilt.ids('"question 2"')]).toEqual([[3, 2, 1].map(idOf), [idOf(2)]]);
  expect(frames.filter((frame) => frame.type === "exchange.gone")).toEqual([]);
});

test("many files are taken in newest first, in slices between which others get their turn", async () => {
  await using at = place();
  for (let n = 0; n < 300; n++) at.put(exchange(n));
  const { sync, index, ids, frames, slices } = at.start();
  await sync.caughtUp;
  expect([slices[0]?.newest, slices.length > 2]).toEqual([idOf(299), true]);
  expect([(await index.counts()).exchanges, sync.state()]).toEqual([
    300,
    { waiting: 0, of: 0, trouble: null },
  ]);
  expect(new Set(await ids()).size).toBe(300);
  await until(() => frames.some((frame) => frame.type === "resync"));
});

test("a file that is too large to be read is in the list with its outside", async () => {
  await using here = place();
  const one = exchange(1);
  const path = exchangePath(one);
  const text = exchangeText(one, { assembled: undefined, summary: {} }, { request: 11, response: 22 });
  const size = 41 * 1024 * 1024;
  here.write(path, text.replace('"question 1"', JSON.stringify("x".repeat(size))));
  const program = here.start();
  await until(async () => (await program.ids()).length === 1);
  const [row] = (await program.index.exchanges({ limit: 1 })).items;
  expect(row).toMatchObject({ id: one.id, path: one.path, status: 200, bytes_in: 11, rules: ["record/gap"] });
  expect(await program.ids("question")).toEqual([]);
});

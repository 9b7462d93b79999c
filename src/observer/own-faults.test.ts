/** An error that is not the disk's costs the exchange that it belongs to, never those behind it: kept, named, gone on. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, spyOn, test } from "bun:test";
import { decodeFacts, encodeFacts } from "../fact/line.ts";
import { concat } from "../fact/concat.ts";
import type { Fact } from "../fact/fact.ts";
import { exchangePath } from "../journal/exchange-file.ts";
import { openIndex } from "../index/sqlite.ts";
import type { Index, LocalIndex } from "../index/index.ts";
import { createWay, exchange, until } from "./way.testkit.ts";

const poison = (id: string) => {
  if (id === "bad") throw new RangeError("Maximum call stack size exceeded.");
};
const quarantine = (logDir: string) =>
  existsSync(join(logDir, "quarantine")) ? readdirSync(join(logDir, "quarantine")).toSorted() : [];

describe("a reader that throws", () => {
  test("costs its exchange the reading: it is kept as it came, and those around it are as ever", async () => {
    await using way = createWay({
      thread(_, { id }) {
        poison(id);
        return null;
      },
    });
    for (const id of ["a", "bad", "b"]) await way.tell(...exchange(id));
    await until(() => way.recorder.state().backlog === 0 && way.settled.length === 3);
    expect(way.files().map(({ id, response_body, reason }) => [id, response_body, reason])).toEqual([
      ["a", "answer of a", undefined],
      ["b", "answer of b", undefined],
      [
        "bad",
        "answer of bad",
        "it could not be read (Maximum call stack size exceeded.) and is kept as it came",
      ],
    ]);
    expect(way.settled).toEqual(["a", "bad", "b"]);
    expect(way.recorder.state().warnings.join()).toContain("1 exchanges were kept as they came");
    expect(await way.index.exchange("bad")).toMatchObject({
      id: "bad",
      state: "done",
      status: 200,
      problems: 1,
    });
  });

  test("also in the mask", async () => {
    const mask = { secret: () => poison("bad") } as never;
    await using way = createWay({ mask });
    const key = `sk-proj-${"Ab1".repeat(16)}`;
    const chunk = (content: string) =>
      `data: ${JSON.stringify({ object: "chat.completion.chunk", choices: [{ index: 0, delta: { content } }] })}\n\n`;
    const [open, , bytes, close] = exchange("keyed") as [Fact, Fact, Fact, Fact];
    const head: Fact = {
      fact: "head",
      id: "keyed",
      t: 1,
      status: 200,
      headers: [["content-type", "text/event-stream"]],
    };
    const said = {
      ...bytes,
      bytes: new TextEncoder().encode(chunk(key.slice(0, 9)) + chunk(key.slice(9))),
    } as Fact;
    await way.tell({ ...open, path: "/v1/chat/completions" } as Fact, head, said, close);
    await way.tell(...exchange("b"));
    await until(() => way.settled.length === 2);
    const [, keyed] = way.files();
    expect([keyed.id, keyed.response_body, keyed.reason]).toEqual([
      "keyed",
      null,
      expect.stringContaining("kept as it came"),
    ]);
  });
});

test("what cannot be a file is set aside with its facts and the reason, also for the next run to tell", async () => {
  await using way = createWay();
  const [open] = exchange("bad") as [Extract<Fact, { fact: "open" }>];
  // A folder stands where the file should: no other try will ever write it.
  mkdirSync(join(way.logDir, exchangePath(open)), { recursive: true });
  await way.tell(...exchange("bad"), ...exchange("b"));
  await until(() => way.settled.length === 2);
  const [facts, text] = quarantine(way.logDir);
  expect([facts, text]).toEqual([expect.stringMatching(/_bad\.facts$/), expect.stringMatching(/_bad\.txt$/)]);
  const read = (name = "") => readFileSync(join(way.logDir, "quarantine", name));
  expect(decodeFacts(read(facts)).facts).toEqual(exchange("bad"));
  expect(read(text).toString()).toContain("it could not be read (EISDIR");
  expect(way.recorder.state().warnings.join()).toContain("1 exchanges were set aside in logs/quarantine");
  await using next = createWay({ logDir: way.logDir });
  expect(next.recorder.state().warnings).toEqual([
    "1 exchanges of earlier runs lie in logs/quarantine, each with its reason in a .txt file",
  ]);
});

test("an index that refuses one row refuses no other, and the file of that one is named", async () => {
  const real = openIndex(":memory:");
  const index: Index & LocalIndex = {
    ...real,
    putExchanges(entries) {
      for (const { row } of entries) poison(row.id);
      real.putExchanges(entries);
    },
  };
  await using way = createWay({ index });
  await way.tell(...exchange("a"), ...exchange("bad"), ...exchange("b"));
  await until(() => way.settled.length === 3 && way.recorder.state().waiting === 0);
  expect((await real.counts()).exchanges).toBe(2);
  expect(await real.unreadable()).toEqual([
    {
      path: expect.stringMatching(/_bad\.json$/),
      why: "the index refused it: Maximum call stack size exceeded.",
    },
  ]);
  expect(way.recorder.state().warnings.join()).toContain(
    "1 exchanges have their files and are not in the list",
  );
});

test("an index that is busy or full gets them later; until then each is found by its file", async () => {
  const real = openIndex(":memory:");
  let refuses = true;
  const index: Index & LocalIndex = {
    ...real,
    putExchanges(entries) {
      if (refuses) throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
      real.putExchanges(entries);
    },
  };
  await using way = createWay({ index });
  await way.tell(...exchange("a"));
  await until(() => way.settled.length === 1);
  expect(way.recorder.state().warnings).toEqual([
    "the index cannot be written (the disk is full): the files are; it is tried again",
  ]);
  expect(way.recorder.pathOf("a")).toMatch(/_a\.json$/);
  refuses = false;
  expect(way.recorder.state()).toMatchObject({ waiting: 0, warnings: [] });
  expect((await real.exchange("a"))?.id).toBe("a");
});

test("a fact that cannot be taken costs its exchange a hole, and the batch's others nothing", async () => {
  await using way = createWay();
  const odd = { fact: "bytes", id: "bad", t: 2, from: "nobody", bytes: new Uint8Array(3) } as unknown as Fact;
  const [open, head, ...rest] = exchange("bad") as [Fact, Fact, ...Fact[]];
  way.recorder.take(concat(encodeFacts([...exchange("a"), open, head, odd, ...rest, ...exchange("b")])));
  await until(() => way.settled.length === 3);
  const holes = way.files().map(({ id, gaps }) => [id, gaps?.map(({ why }: { why: string }) => why)]);
  expect(holes.filter(([, gaps]) => gaps)).toEqual([["bad", ["a part of the record could not be read"]]]);
  expect(way.recorder.state().warnings.join()).toContain("1 parts of exchanges were not recorded");
});

test("a listener that throws has missed that fact, and nobody else has", async () => {
  await using way = createWay({ onFact: ({ id }) => poison(id) });
  await way.tell(...exchange("a"), ...exchange("bad"), ...exchange("b"));
  await until(() => way.settled.length === 3);
  expect(way.files().map(({ response_body }) => response_body)).toEqual([
    "answer of a",
    "answer of b",
    "answer of bad",
  ]);
  expect(way.recorder.state().warnings).toEqual([
    "MCP sessions over HTTP lack 4 parts, the last: Maximum call stack size exceeded.; the exchanges have them",
  ]);
});

test("what has ended is found at each moment until the index has it", async () => {
  await using way = createWay();
  const missing: string[] = [];
  // Asked at each step that the index is told of anything: in between nothing else can ask.
  const put = spyOn(way.index, "putExchanges");
  const ids = Array.from({ length: 40 }, (_, n) => `e${n}`);
  for (const id of ids) {
    way.recorder.take(concat(encodeFacts(exchange(id))));
    for (let turn = 0; turn < 3; turn++) {
      await new Promise<void>((next) => setImmediate(next));
      const listed = new Set(way.recorder.inFlight().map((row) => row.id));
      for (const told of ids.slice(0, ids.indexOf(id) + 1)) {
        const inIndex = way.index.fileOf(told) !== null;
        if (!listed.has(told) && !inIndex) missing.push(`${told} is not listed`);
        if (!way.recorder.exchange(told) && !inIndex) missing.push(`${told} is not found`);
      }
    }
  }
  expect(missing).toEqual([]);
  expect(put.mock.calls.length).toBeGreaterThan(10);
});

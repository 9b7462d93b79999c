/** What a disk can say, one word after another: the traffic's facts are taken all the same, it is said, and all is written later. */
import { readdirSync } from "node:fs";
import * as fs from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, spyOn, test } from "bun:test";
import { createWay, exchange, until } from "./way.testkit.ts";

/** The disk says this from now on, where these functions of it are used. */
type Refused = "openSync" | "writeSync" | "writev" | "open" | "renameSync";
const spies: { mockRestore(): void }[] = [];
function refuse(code: string, ...functions: Refused[]): void {
  const error = () => Object.assign(new Error(`${code}: told so by the test`), { code });
  for (const name of functions) {
    const real = fs[name] as (...args: unknown[]) => unknown;
    const spy = spyOn(fs, name) as unknown as { mockImplementation(f: unknown): void; mockRestore(): void };
    spy.mockImplementation((...args: unknown[]) => {
      // The draft of an exchange and the spool alone: everything else of this process goes on.
      const ours = code === "EROFS" && name === "openSync" ? /\.tmp$/ : /\.tmp$|\.facts$/;
      if (typeof args[0] === "string" && !ours.test(args[0])) return real(...args);
      const told = args.at(-1);
      if (typeof told === "function") return void told(error());
      throw error();
    });
    spies.push(spy);
  }
}
function mend(): void {
  for (const spy of spies.splice(0)) spy.mockRestore();
}
afterEach(mend);

const CODES: [code: string, said: RegExp][] = [
  ["ENOSPC", /the disk is full/],
  ["EIO", /the disk fails/],
  ["EMFILE", /EMFILE/],
  ["EROFS", /read-only/],
  ["EDQUOT", /EDQUOT/],
];

describe.each(CODES)("%s", (code, said) => {
  const opening = code === "EMFILE" || code === "EROFS";

  test("where exchanges become files: they wait, it is said, and each is written once", async () => {
    await using way = createWay();
    refuse(code, opening ? "openSync" : "writeSync");
    await way.tell(...exchange("a"));
    await way.tell(...exchange("b"));
    const warning = () => way.recorder.state().warnings[0] ?? "";
    await until(() => warning() !== "" && way.recorder.state().backlog === 2);
    expect(warning()).toMatch(said);
    expect(warning()).toMatch(/\d exchanges wait; traffic is not affected/);
    expect([way.files(), way.settled]).toEqual([[], []]);
    // Without a file to open for it the spool cannot be read either: nobody knows yet what is in it.
    const known = code === "EMFILE" ? 0 : 2;
    expect([(await way.index.counts()).exchanges, way.recorder.state().waiting]).toEqual([0, known]);
    mend();
    await until(() => way.recorder.state().backlog === 0);
    expect(way.files().map(({ id, response_body }) => [id, response_body])).toEqual([
      ["a", "answer of a"],
      ["b", "answer of b"],
    ]);
    expect([way.settled, way.recorder.state().warnings]).toEqual([["a", "b"], []]);
    await until(() => way.recorder.state().waiting === 0);
    expect((await way.index.counts()).exchanges).toBe(2);
    expect(readdirSync(join(way.logDir, "llm_proxy")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("where facts are spooled: they go by memory, it is said, and the spool goes on when it can", async () => {
    await using way = createWay();
    refuse(code, opening ? "open" : "writev");
    const [first, second, ...rest] = exchange("a");
    await way.tell(first!, second!);
    expect(way.spool.trouble).toContain(code);
    mend();
    await way.tell(...rest);
    await until(() => way.files().length === 1);
    expect(way.files()[0]).toMatchObject({ id: "a", response_body: "answer of a", ending: "complete" });
    await way.tell(...exchange("b"));
    expect(way.spool.trouble).toBeNull();
    await until(() => way.files().length === 2);
  });
});

test("a disk that refuses for so long that memory has a limit: the exchange is kept, its body is a gap that says so", async () => {
  await using way = createWay({ limit: 1_000 });
  refuse("ENOSPC", "writeSync", "writev");
  await way.tell(...exchange("a"));
  await way.tell(...exchange("b", "x".repeat(5_000)));
  await until(() => way.recorder.state().warnings.length > 1);
  expect(way.recorder.state().warnings[1]).toContain("5000 bytes of 1 exchanges were not kept");
  mend();
  await until(() => way.files().length === 2);
  const [a, b] = way.files();
  expect([a.response_body, a.gaps]).toEqual(["answer of a", undefined]);
  expect(b).toMatchObject({
    response_status: 200,
    ending: "complete",
    truncated: { bytes: 5_000 },
    gaps: [{ from: "server", bytes: 5_000, why: expect.stringContaining("could not be written") }],
  });
});

test("an exchange whose beginning died with an observer is counted, and the next ones are recorded", async () => {
  await using way = createWay();
  await way.tell(...exchange("a").slice(1));
  await way.tell(...exchange("b"));
  await until(() => way.files().length === 1);
  expect(way.recorder.state().warnings).toEqual([
    "1 exchanges were not recorded: their beginning was lost; traffic was not affected",
  ]);
});

test("a rename that fails leaves no half file behind", async () => {
  await using way = createWay();
  refuse("EIO", "renameSync");
  await way.tell(...exchange("a"));
  await until(() => way.recorder.state().warnings.length > 0);
  const left = readdirSync(way.logDir, { recursive: true, encoding: "utf8" });
  expect(left.filter((name) => /\.(?:tmp|json)$/.test(name))).toEqual([]);
  mend();
  await until(() => way.files().length === 1);
});

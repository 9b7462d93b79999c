import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runRow, stepRow } from "../index/contract-rows.testkit.ts";
import { machine, ORIGIN, shipping, team, until } from "./place.testkit.ts";

const away = Object.assign(new Error("gone"), { code: "ERR_POSTGRES_CONNECTION_CLOSED" });
const sha256 = (bytes: Uint8Array) => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

test("what was there and what comes is shipped once: body, row, evidence, with where it comes from", async () => {
  const [here, there] = [machine(), team()];
  const first = here.record({ asked: "why is the sky blue" }, '{"a":1}');
  here.index.putEvidence([{ source: first, part: "", kind: "model", at: 1, json: '{"id":1}' }]);
  const shipper = shipping(here.local, there.store);
  await shipper.caughtUp();
  const second = here.record();
  await until(() => there.rows.has(second));
  await shipper.caughtUp();
  expect([text(there.bodies.get(first)), there.evidence.get(first)]).toEqual(['{"a":1}', '{"id":1}']);
  expect(there.rows.get(first)?.row.origin).toEqual(ORIGIN);
  expect(there.rows.get(first)?.row.sum).toBe(sha256(new TextEncoder().encode('{"a":1}')));
  expect(there.rows.get(first)?.text).toContain("why is the sky blue");
  expect([there.puts, shipper.state().shipped.exchanges]).toEqual([2, 2]);
  expect(there.told.filter(({ type }) => type === "exchange.close")).toHaveLength(2);
  expect(shipper.state()).toMatchObject({ backlog: 0, unlooked: false, lag_ms: 0, errors: 0, trouble: null });
  await shipper.close();
});

test("stars go to the store as they are, and again when one is given", async () => {
  const [here, there] = [machine(), team()];
  const id = here.record();
  here.index.putStars([{ of: "exchange", id }]);
  const shipper = shipping(here.local, there.store);
  await shipper.caughtUp();
  expect(there.stars).toEqual([{ of: "exchange", id }]);
  there.away = away;
  here.index.putStars([]);
  here.local.feed.publish({ type: "star", of: "exchange", id, starred: false });
  await until(() => shipper.state().errors > 0);
  there.away = null;
  await until(() => there.stars.length === 0);
  expect(there.told.at(-1)).toMatchObject({ type: "star", of: "exchange", id, starred: false });
  await shipper.close();
});

test("no row is there before its body is, and a store that dies between the two gets both again", async () => {
  const [here, there] = [machine(), team()];
  const id = here.record();
  there.beforeRows = () => {
    expect(there.bodies.has(id)).toBe(true);
    there.away = away;
    there.beforeRows = () => {};
  };
  const shipper = shipping(here.local, there.store);
  await until(() => shipper.state().errors > 2);
  expect([there.rows.size, there.bodies.size, shipper.state().trouble]).toEqual([
    0,
    1,
    "the store has closed the connection",
  ]);
  there.away = null;
  await until(() => there.rows.has(id));
  await shipper.caughtUp();
  expect([there.rows.size, there.bodies.size, shipper.state().trouble]).toEqual([1, 1, null]);
  await shipper.close();
});

test("away for as long as it takes: everything is shipped later, over a restart too, and nothing twice", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ship-"));
  const checkpoint = join(folder, "ship.sqlite");
  const [here, there] = [machine(), team()];
  there.bucketAway = new Error("500");
  for (let n = 0; n < 30; n++) here.record();
  const before = shipping(here.local, there.store, { checkpoint });
  await until(() => before.state().errors > 3);
  for (let n = 0; n < 30; n++) here.record();
  await before.close();
  there.bucketAway = null;
  const after = shipping(here.local, there.store, { checkpoint });
  await after.caughtUp();
  await after.close();
  expect([there.rows.size, there.bodies.size, there.puts]).toEqual([60, 60, 60]);
  const again = shipping(here.local, there.store, { checkpoint });
  await again.caughtUp();
  expect([there.puts, again.state().shipped.exchanges]).toEqual([60, 0]);
  await again.close();
  const elsewhere = shipping(here.local, there.store, { checkpoint, target: "another store" });
  await elsewhere.caughtUp();
  expect(there.puts).toBe(120);
  await elsewhere.close();
  rmSync(folder, { recursive: true });
});

test("one that the store never takes is set aside with its reason; the others of its batch are shipped", async () => {
  const [here, there] = [machine(), team()];
  const ids = Array.from({ length: 40 }, (_, n) => here.record({ model: n === 17 ? "poison" : "m" }));
  there.poison = ({ model }) => model === "poison";
  const shipper = shipping(here.local, there.store);
  await shipper.caughtUp();
  expect([there.rows.size, there.rows.has(ids[17]!)]).toEqual([39, false]);
  expect(shipper.aside(9)).toEqual([
    { id: ids[17]!, kind: "exchange", how: "refused", why: "the store refused it: bad value" },
  ]);
  expect(shipper.state()).toMatchObject({ refused: 1, held: 0, errors: 0, backlog: 0 });
  const writes = there.writes;
  here.feed.publish({ type: "resync", from: 0 });
  await shipper.caughtUp();
  expect(there.writes).toBe(writes);
  there.poison = () => false;
  expect([shipper.release(ids[17]!), shipper.release("unknown")]).toEqual([true, false]);
  await until(() => there.rows.has(ids[17]!));
  await shipper.close();
});

test("what holds a credential stays here, and is told without saying it", async () => {
  const [here, there] = [machine(), team()];
  const key = `sk-ant-api03-${"aB3dE5gH7jK9".repeat(6)}`;
  const held = here.record({}, JSON.stringify({ body: { text: `my key is ${key} ` } }));
  const far = here.record({}, JSON.stringify({ pad: "x ".repeat(150_000), text: `my key is ${key} ` }));
  const masked = here.record({}, '{"text":"my key is sk-ant-api03-*#9f4c96e6**** and Bearer …#12345678"}');
  const shipper = shipping(here.local, there.store);
  await shipper.caughtUp();
  expect([...there.rows.keys(), ...there.bodies.keys()]).toEqual([masked, masked]);
  expect(shipper.state().held).toBe(2);
  const told = JSON.stringify(shipper.aside(9));
  expect([told.includes(held), told.includes(far), told.includes("aB3dE5gH")]).toEqual([true, true, false]);
  here.say("s1", [{ seq: 0, text: `export KEY=${key}` }]);
  await until(() => shipper.state().held === 3);
  expect([there.sessions.size, there.messages.size]).toEqual([0, 0]);
  await shipper.close();
});

test("an id that another recorder has put is theirs: neither body nor row goes over it", async () => {
  const [here, there] = [machine(), team()];
  const id = here.record();
  there.theirs.add(id);
  const shipper = shipping(here.local, there.store);
  await shipper.caughtUp();
  expect([there.bodies.size, there.rows.size, shipper.state().refused]).toEqual([0, 0, 1]);
  await shipper.close();
});

test("a session is shipped as it grows, its long lines by their place", async () => {
  const [here, there] = [machine(), team()];
  here.say("s1", [{ seq: 0 }, { seq: 1, big: "x".repeat(70_000) }]);
  const shipper = shipping(here.local, there.store);
  await shipper.caughtUp();
  const size = here.bodies.get("s1")!.byteLength;
  here.say("s1", [{ seq: 2 }], "closed");
  await until(() => there.messages.size === 3);
  await shipper.caughtUp();
  expect([...there.bodies.keys()]).toEqual(["s1@0", `s1@${size}`]);
  expect(text(there.bodies.get("s1@0"))! + text(there.bodies.get(`s1@${size}`))!).toBe(
    text(here.bodies.get("s1"))!,
  );
  const long = here.bodies.get("s1")!.subarray(28, 28 + 70_036);
  expect(there.messages.get("s1/1")?.place).toEqual({ offset: 28, size: 70_036, sum: sha256(long) });
  expect(there.sessions.get("s1")).toMatchObject({ state: "closed", origin: ORIGIN });
  await shipper.close();
});

test("a line that is half written waits for its end", async () => {
  const [here, there] = [machine(), team()];
  here.say("s1", [{ seq: 0 }]);
  const whole = here.bodies.get("s1")!;
  const more = new TextEncoder().encode('{"session_id":"s1","seq":1');
  here.bodies.set("s1", Buffer.concat([whole, more]));
  here.index.putSession((await here.index.session("s1"))!, {
    path: "mcp_weather/s1.jsonl",
    mtime: 2,
    size: whole.byteLength + more.byteLength,
  });
  const shipper = shipping(here.local, there.store);
  await until(() => there.bodies.has("s1@0"));
  expect(there.bodies.get("s1@0")!.byteLength).toBe(whole.byteLength);
  await shipper.close();
});

test("the files of what was shipped go when that is asked for, and those of the rest stay", async () => {
  const [here, there] = [machine(), team()];
  const [shipped, poison] = [here.record(), here.record({ model: "poison" })];
  there.poison = ({ model }) => model === "poison";
  const gone: string[] = [];
  const shipper = shipping(here.local, there.store, { drop: (path) => gone.push(path), dropAfterMs: -1 });
  await until(() => gone.length > 0);
  await shipper.caughtUp();
  expect([gone, poison.length > 0]).toEqual([[`llm_proxy/${shipped}.json`], true]);
  await shipper.close();
});

test("what goes on is told at once, with where it comes from; what is this machine's own is not", async () => {
  const [here, there] = [machine(), team()];
  const shipper = shipping(here.local, there.store);
  await shipper.caughtUp();
  const id = here.record();
  const row = { ...(await here.index.exchange(id))!, state: "streaming" as const };
  here.feed.publish({ type: "exchange.row", row });
  here.feed.publish({ type: "exchange.gone", ids: ["x"] });
  await until(() => there.told.length >= 2);
  const types = there.told.map(({ type }) => type).toSorted();
  expect(types).toEqual(["exchange.close", "exchange.row"]);
  expect(there.told.find(({ type }) => type === "exchange.row")).toMatchObject({ row: { origin: ORIGIN } });
  await shipper.close();
});

test("a row that stands in another thread since an older one came late is put again, its body not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ship-"));
  const checkpoint = join(folder, "ship.sqlite");
  const [here, there] = [machine(), team()];
  const [first, second] = [here.record({ conversation: "alone", turn: 0 }), here.record()];
  const shipper = shipping(here.local, there.store, { checkpoint });
  await shipper.caughtUp();
  const writes = there.writes;
  here.move(first, { conversation: "older", turn: 1, parent: "late" });
  here.feed.publish({ type: "resync", from: 0 });
  await until(() => there.rows.get(first)?.row.conversation === "older");
  await shipper.caughtUp();
  expect([there.puts, there.writes - writes, there.rows.get(second)?.row.conversation]).toEqual([2, 1, null]);
  // What was told before is told anew, once.
  here.feed.publish({ type: "resync", from: 0 });
  await shipper.caughtUp();
  await shipper.close();
  // While nobody shipped, too.
  here.move(second, { conversation: "older", turn: 2, parent: first });
  const later = shipping(here.local, there.store, { checkpoint });
  await later.caughtUp();
  expect([there.rows.get(second)?.row.turn, there.writes - writes, there.puts]).toEqual([2, 2, 2]);
  await later.close();
  rmSync(folder, { recursive: true });
});

test("a checkpoint of before threads were remembered is gone on with", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ship-"));
  const checkpoint = join(folder, "ship.sqlite");
  const [here, there] = [machine(), team()];
  const id = here.record({ conversation: "c" });
  const old = new Database(checkpoint, { create: true });
  old.run("create table exchanges (id text primary key, at real not null) without rowid");
  old.run("create table target (name text not null)");
  old.run("insert into target values ('t')");
  old.query("insert into exchanges values (?, 1)").run(id);
  old.close();
  const next = here.record();
  const shipper = shipping(here.local, there.store, { checkpoint });
  await shipper.caughtUp();
  expect([...there.rows.keys()]).toEqual([next]);
  await shipper.close();
  rmSync(folder, { recursive: true });
});

test("a run of which one row was shipped and another not, as by a kill, is shipped whole by the next start", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ship-"));
  const checkpoint = join(folder, "ship.sqlite");
  const [here, there] = [machine(), team()];
  here.index.putRuns({ ...NO_ROWS, runs: [runRow("r")], steps: [stepRow("s", "r", { asked: "before" })] });
  const first = shipping(here.local, there.store, { checkpoint });
  await first.caughtUp();
  await first.close();
  expect([...there.steps.values()].map(({ asked }) => asked)).toEqual(["before"]);
  const { length } = there.runPuts;
  const idle = shipping(here.local, there.store, { checkpoint });
  await idle.caughtUp();
  await idle.close();
  expect(there.runPuts.length).toBe(length);
  // Its own row says the same as before; nobody heard of the step.
  here.index.putRuns({ ...NO_ROWS, steps: [stepRow("s", "r", { asked: "after" })] });
  const second = shipping(here.local, there.store, { checkpoint });
  await second.caughtUp();
  await second.close();
  expect([...there.steps.values()].map(({ asked }) => asked)).toEqual(["after"]);
  rmSync(folder, { recursive: true });
});

test("how it does is said again and again, also while it cannot ship", async () => {
  const [here, there] = [machine(), team()];
  there.bucketAway = new Error("500");
  here.record();
  const shipper = shipping(here.local, there.store, { reportMs: 1, version: "1.2" });
  await until(() => there.reports.some(({ errors, trouble }) => errors > 1 && trouble === "500"));
  there.bucketAway = null;
  await until(() => there.reports.at(-1)?.shipped === 1);
  expect(there.reports.at(-1)).toMatchObject({ backlog: 0, held: 0, refused: 0, version: "1.2" });
  await shipper.close();
});

const NO_ROWS = { runs: [], steps: [], ties: [], gone: { runs: [], steps: [], ties: [] } };

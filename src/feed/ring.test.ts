import { expect, test } from "bun:test";
import type { SessionHead, ShownLine } from "../fact/live.ts";
import type { Frame, Status } from "../fact/frame.ts";
import type { News, Topic } from "./feed.ts";
import { connection, feedContract, until } from "./contract.testkit.ts";
import { createRing } from "./frames.ts";
import { createFeed } from "./ring.ts";
import { weightOf } from "./weight.ts";

const gone = (n: number): News => ({ type: "exchange.gone", ids: [String(n)] });
const bytes = (id: string, text: string): News => ({
  type: "exchange.bytes",
  id,
  t_ms: 1,
  from: "server",
  text,
});

const bytesOf = (of: string): Topic => ({ what: "bytes", of });

feedContract("the ring", () => ({
  feed: createFeed({ ring: 100, queue: 50, after: 1_000 }),
  close: () => {},
}));

test("frames are numbered and reach every listener, several in one delivery", async () => {
  const feed = createFeed({ ring: 100, queue: 10, after: 0 });
  const [first, second] = [connection(), connection()];
  feed.listen(first.send);
  feed.listen(second.send);
  for (let n = 1; n <= 5; n++) feed.publish(gone(n));
  await until(() => first.got.length === 5 && second.got.length === 5);
  expect([first.seqs(), first.batches, feed.seq()]).toEqual([[1, 2, 3, 4, 5], [5], 5]);
  expect(second.got).toEqual(first.got);
});

test("a listener gets what comes after it came, or after `since`", async () => {
  const feed = createFeed({ ring: 100, queue: 1, after: 0 });
  for (let n = 1; n <= 5; n++) feed.publish(gone(n));
  const [fresh, resumed, current] = [connection(), connection(), connection()];
  feed.listen(fresh.send);
  feed.listen(resumed.send, 2);
  feed.listen(current.send, 5);
  feed.publish(gone(6));
  await until(() => fresh.got.length > 0 && current.got.length > 0);
  expect([fresh.seqs(), resumed.seqs(), current.seqs()]).toEqual([[6], [3, 4, 5, 6], [6]]);
});

test("a `since` that is older than the ring, or from another run, is answered with resync", async () => {
  const feed = createFeed({ ring: 4, queue: 100, after: 1_000 });
  for (let n = 0; n < 20; n++) feed.publish(gone(n));
  const old = [0, 999, 1_001, 5_000].map((since) => {
    const at = connection();
    feed.listen(at.send, since);
    return at;
  });
  await until(() => old.every((at) => at.got.length > 0));
  expect(old.map((at) => at.got)).toEqual(
    [1, 1_000, 1_002, 1_021].map((from) => [{ type: "resync", seq: 1_020, from }]),
  );
  feed.publish(gone(21));
  await until(() => old.every((at) => at.got.length > 1));
  expect(old.map((at) => at.got[1]?.seq)).toEqual([1_021, 1_021, 1_021, 1_021]);
});

test("the ring holds at least what it promises", async () => {
  const feed = createFeed({ ring: 4, queue: 100, after: 0 });
  for (let n = 0; n < 103; n++) feed.publish(gone(n));
  const at = connection();
  feed.listen(at.send, 99);
  await until(() => at.got.length > 0);
  expect(at.seqs()).toEqual([100, 101, 102, 103]);
});

test("bytes reach only who subscribed to their exchange, in order with the rows", async () => {
  const feed = createFeed({ ring: 100, queue: 10, after: 0 });
  const [follower, other] = [connection(), connection()];
  const listener = feed.listen(follower.send);
  feed.listen(other.send).subscribe(bytesOf("b"));
  listener.subscribe(bytesOf("a"));
  feed.publish(gone(1));
  feed.publish(bytes("a", "Hel"));
  feed.publish(gone(2));
  feed.publish(bytes("a", "lo"));
  feed.publish(gone(3));
  await until(() => other.got.length === 3 && follower.got.length === 5);
  expect([follower.seqs(), other.seqs()]).toEqual([
    [1, 2, 3, 4, 5],
    [1, 3, 5],
  ]);
  listener.unsubscribe(bytesOf("a"));
  feed.publish(bytes("a", "!"));
  feed.publish(gone(4));
  await until(() => follower.got.length === 6);
  expect(follower.got.at(-1)).toEqual({ type: "exchange.gone", seq: 7, ids: ["4"] });
});

test("a full connection gets what it missed when it has drained", async () => {
  const feed = createFeed({ ring: 100, queue: 10, after: 0 });
  const at = connection();
  const listener = feed.listen(at.send);
  at.answer = "full";
  feed.publish(gone(1));
  await until(() => at.refused === 1);
  feed.publish(gone(2));
  at.answer = "sent";
  listener.drained();
  await until(() => at.got.length === 2);
  expect(at.seqs()).toEqual([1, 2]);
});

test("a full connection that missed too much, or bytes, gets resync and then goes on", async () => {
  for (const missed of [
    (feed: ReturnType<typeof createFeed>) => {
      for (let n = 0; n < 11; n++) feed.publish(gone(n));
    },
    (feed: ReturnType<typeof createFeed>) => feed.publish(bytes("a", "text")),
  ]) {
    const feed = createFeed({ ring: 100, queue: 10, after: 0 });
    const at = connection();
    const listener = feed.listen(at.send);
    listener.subscribe(bytesOf("a"));
    at.answer = "full";
    missed(feed);
    await until(() => at.refused === 1);
    at.answer = "sent";
    listener.drained();
    await until(() => at.got.length > 0);
    feed.publish(gone(99));
    await until(() => at.got.length > 1);
    expect(at.got[0]).toEqual({ type: "resync", seq: feed.seq() - 1, from: 1 });
    expect(at.got[1]?.seq).toBe(feed.seq());
  }
});

test("a slow listener does not hold up the others, and a broken one is dropped", async () => {
  const feed = createFeed({ ring: 100, queue: 10, after: 0 });
  const [stuck, good] = [connection(), connection()];
  stuck.answer = "full";
  let thrown = 0;
  feed.listen(stuck.send);
  feed.listen(() => {
    thrown++;
    throw new Error("gone");
  });
  feed.listen(good.send);
  feed.publish(gone(1));
  await until(() => good.got.length === 1);
  feed.publish(gone(2));
  await until(() => good.got.length === 2);
  expect([stuck.refused, thrown]).toEqual([1, 1]);
});

test("a closed listener hears nothing more", async () => {
  const feed = createFeed({ ring: 100, queue: 10, after: 0 });
  const [closed, open] = [connection(), connection()];
  const listener = feed.listen(closed.send);
  feed.listen(open.send);
  feed.publish(gone(1));
  listener.close();
  await until(() => open.got.length === 1);
  expect(closed.got).toEqual([]);
});

test("a burst comes in several deliveries, all of it", async () => {
  const feed = createFeed({ ring: 10_000, queue: 10_000, after: 0 });
  const at = connection();
  feed.listen(at.send).subscribe(bytesOf("a"));
  for (let n = 0; n < 1_000; n++) {
    feed.publish(bytes("a", "x".repeat(1_000)));
    if (n % 100 === 99) await Bun.sleep(0);
  }
  await until(() => at.got.length === 1_000);
  expect(at.batches.length).toBeGreaterThan(1);
});

test("the ring is bounded in bytes as well as in frames", async () => {
  const large = (n: number): News => ({ type: "exchange.gone", ids: [String(n).padStart(10_000, "x")] });
  const ring = createRing({ frames: 1_000, bytes: 200_000, after: 0 });
  let most = 0;
  for (let n = 1; n <= 500; n++) {
    const frame = { ...large(n), seq: n } as Frame;
    ring.push(frame, weightOf(frame));
    most = Math.max(most, ring.bytes());
  }
  expect(most).toBeLessThan(420_000);
  expect(ring.bytes()).toBeGreaterThan(180_000);
  const all = { frames: Infinity, bytes: Infinity };
  expect(ring.after(490, all)?.map(({ seq }) => seq)).toEqual([
    491, 492, 493, 494, 495, 496, 497, 498, 499, 500,
  ]);
  expect(ring.after(100, all)).toBeNull();
  // One that is larger than all of it is told to those who listen, and to nobody else.
  const huge = { type: "html", seq: 501, content: "x".repeat(500_000) } satisfies Frame;
  ring.push(huge, weightOf(huge));
  expect(ring.after(500, all)).toEqual([huge]);
});

test("a full connection that is too many bytes behind gets resync", async () => {
  const feed = createFeed({ ring: 1_000, queue: 500, queueBytes: 50_000, after: 0 });
  const slow = connection();
  const listener = feed.listen(slow.send);
  slow.answer = "full";
  feed.publish(gone(1));
  await until(() => slow.refused === 1);
  for (let n = 0; n < 10; n++) feed.publish({ type: "html", content: "x".repeat(10_000) });
  slow.answer = "sent";
  listener.drained();
  await until(() => slow.got.length > 0);
  expect(slow.types()).toEqual(["resync"]);
});

test("no frame but html has a field that htmx would swap into the page", () => {
  const htmx = ["content", "payload", "target", "swap", "select"];
  for (const [type, frame] of Object.entries(everyFrame)) {
    if (type === "html") continue;
    expect(Object.keys(frame).filter((key) => htmx.includes(key))).toEqual([]);
  }
  const held: Swappable = "none";
  expect(held).toBe("none");
});

/** "none" for as long as no kind of frame but html declares such a field; else the types do not check. */
type Swappable = [Taken<Exclude<Frame, { type: "html" }>>] extends [never] ? "none" : never;
type Taken<F> = F extends unknown
  ? Extract<keyof F, "content" | "payload" | "target" | "swap" | "select">
  : never;

const status: Status = {
  exchanges: 0,
  sessions: 0,
  in_flight: 0,
  waiting: 0,
  backlog: 0,
  warnings: [],
  unreadable: [],
};
const row = {} as Extract<Frame, { type: "exchange.open" }>["row"];
const session = {} as Extract<Frame, { type: "mcp.session" }>["row"];
const everyFrame: { [Type in Frame["type"]]: Extract<Frame, { type: Type }> } = {
  hello: { type: "hello", seq: 1, at: 0 },
  resync: { type: "resync", seq: 1, from: 0 },
  "exchange.open": { type: "exchange.open", seq: 1, row },
  "exchange.head": { type: "exchange.head", seq: 1, row, headers: [] },
  "exchange.row": { type: "exchange.row", seq: 1, row },
  "exchange.added": {
    type: "exchange.added",
    seq: 1,
    id: "a",
    ttfb: null,
    ttft: null,
    from_n: 0,
    events: [],
    parts: [],
    fresh: false,
  },
  "exchange.bytes": { type: "exchange.bytes", seq: 1, id: "a", t_ms: 1, from: "server", text: "" },
  "exchange.close": { type: "exchange.close", seq: 1, row, ending: "complete" },
  "exchange.gone": { type: "exchange.gone", seq: 1, ids: [] },
  star: { type: "star", seq: 1, of: "run", id: "a", starred: true },
  "mcp.session": { type: "mcp.session", seq: 1, row: session },
  "mcp.message": { type: "mcp.message", seq: 1, row: {} as ShownLine },
  "mcp.row": { type: "mcp.row", seq: 1, session_id: "s", rows: [] },
  "mcp.head": { type: "mcp.head", seq: 1, session_id: "s", head: {} as SessionHead },
  "run.row": { type: "run.row", seq: 1, row: {} as Extract<Frame, { type: "run.row" }>["row"] },
  "run.step": { type: "run.step", seq: 1, row: {} as Extract<Frame, { type: "run.step" }>["row"] },
  "run.tie": { type: "run.tie", seq: 1, row: {} as Extract<Frame, { type: "run.tie" }>["row"] },
  "run.gone": { type: "run.gone", seq: 1, runs: [], steps: [], ties: [] },
  status: { type: "status", seq: 1, status },
  html: { type: "html", seq: 1, content: "<p></p>" },
};

import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addFact, type Exchange } from "../fact/exchange.ts";
import type { Fact } from "../fact/fact.ts";
import { concat } from "../fact/concat.ts";
import { decodeFacts, encodeFacts } from "../fact/line.ts";
import { LargeBodies } from "./large-bodies.ts";
import { SpoolReader } from "./spool-reader.ts";

const KB = 1024;
const bytes = (n: number, t: number): Fact => ({
  fact: "bytes",
  id: "x",
  t,
  from: t % 2 === 0 ? "client" : "server",
  bytes: new Uint8Array(n).fill(t),
});

/** One batch in a file behind some other bytes, taken in as the recorder does. */
function taken(facts: Fact[]) {
  const folder = mkdtempSync(join(tmpdir(), "spool-reader-"));
  const encoded = concat(encodeFacts(facts));
  const range = { path: join(folder, "a.facts"), at: 3, length: encoded.byteLength };
  writeFileSync(range.path, Buffer.concat([Buffer.from("abc"), encoded]));
  const reader = new SpoolReader();
  const batch = reader.read(range);
  const bodies = new LargeBodies(reader);
  let exchange: Exchange | undefined;
  for (const fact of decodeFacts(batch).facts) {
    exchange = addFact(exchange, fact);
    if (fact.fact === "bytes")
      bodies.added(exchange, fact.from === "client" ? "request" : "response", batch, range);
  }
  return { exchange: exchange!, bodies, folder, reader };
}

const start: Fact[] = [
  {
    fact: "open",
    id: "x",
    at: 0,
    wire: "http",
    method: "POST",
    path: "/",
    upstream: "",
    target: "",
    headers: [],
  },
  { fact: "head", id: "x", t: 1, status: 200, headers: [] },
];
const sizes = ({ request, response }: Exchange) =>
  [request, response!].map(({ pieces }) =>
    pieces.map(({ bytes: one }) => [one.byteLength, one[0], one.at(-1)]),
  );

test("a large body is left in the spool, and comes back whole and in its pieces", () => {
  const facts = [2, 3, 4, 5, 6].map((t) => bytes(400 * KB, t));
  const { exchange, bodies, folder } = taken([...start, ...facts]);
  const left = [exchange.request, exchange.response!].map(({ pieces }) =>
    pieces.filter(({ passed }) => passed),
  );
  expect(left.map((pieces) => pieces.map(({ bytes: one, passed }) => [one.byteLength, passed]))).toEqual([
    [
      [0, 400 * KB],
      [0, 400 * KB],
    ],
    [[0, 400 * KB]],
  ]);
  expect(sizes(bodies.whole(exchange))).toEqual([
    [2, 4, 6].map((t) => [400 * KB, t, t]),
    [3, 5].map((t) => [400 * KB, t, t]),
  ]);
  bodies.forget("x");
  expect(bodies.whole(exchange)).toBe(exchange);
  rmSync(folder, { recursive: true });
});

test("a body whose spool is gone is a gap that says so", () => {
  const { exchange, bodies, folder, reader } = taken([...start, bytes(800 * KB, 2), bytes(800 * KB, 3)]);
  rmSync(folder, { recursive: true });
  expect(bodies.whole(exchange).gaps).toEqual([]); // still open
  reader.close();
  const { gaps } = bodies.whole(exchange);
  expect(gaps.map(({ from, lost }) => ({ from, lost }))).toEqual([{ from: "server", lost: 800 * KB }]);
  expect(gaps[0]!.why).toContain("could not be read again");
});

test("a stream of tiny pieces comes back in them, all in one array", () => {
  const many = Array.from({ length: 30_000 }, (_, n) => bytes(40 + (n % 9), 3 + 2 * (n % 100)));
  const { exchange, bodies, folder } = taken([...start, bytes(800 * KB, 2), ...many]);
  const { pieces } = bodies.whole(exchange).response!;
  expect(pieces.map(({ bytes: one }) => [one.byteLength, one[0], one.at(-1)])).toEqual(
    many.map((_, n) => [40 + (n % 9), 3 + 2 * (n % 100), 3 + 2 * (n % 100)]),
  );
  // Also those that stayed here.
  expect(new Set(pieces.map(({ bytes: one }) => one.buffer)).size).toBe(1);
  rmSync(folder, { recursive: true });
});

test("small exchanges stay in memory", () => {
  const { exchange, bodies, folder } = taken([...start, bytes(10, 2), bytes(10, 3)]);
  rmSync(folder, { recursive: true });
  expect(bodies.whole(exchange)).toBe(exchange);
});

test("a spool larger than its windows is read record by record, and what is no record at its end is counted", () => {
  const folder = mkdtempSync(join(tmpdir(), "spool-reader-"));
  const path = join(folder, "a.facts");
  // Records that a window cuts, one that is larger than a window, and the half of one.
  const facts = [...start, bytes(9_000 * KB, 2), bytes(9_000 * KB, 3), bytes(40_000 * KB, 4), bytes(10, 5)];
  const encoded = concat(encodeFacts(facts));
  writeFileSync(path, Buffer.concat([encoded, encoded.subarray(0, 50)]));
  const reader = new SpoolReader();
  const windows = [...reader.windows({ path, at: 0, length: encoded.byteLength + 50 })];
  expect(
    windows.flatMap(({ decoded }) => decoded?.facts ?? []).map((fact) => [fact.fact, "t" in fact && fact.t]),
  ).toEqual(facts.map((fact) => [fact.fact, "t" in fact && fact.t]));
  expect(windows.reduce((sum, { bytes: rest }) => sum + rest, 0)).toBe(50);
  reader.close();
  rmSync(folder, { recursive: true });
});

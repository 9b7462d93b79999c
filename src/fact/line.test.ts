import { expect, test } from "bun:test";
import type { Fact } from "./fact.ts";
import { concat } from "./concat.ts";
import { decodeFacts, encodeFacts } from "./line.ts";

const facts: Fact[] = [
  {
    fact: "open",
    id: "1",
    at: 1700000000000,
    wire: "http",
    method: "POST",
    path: "/v1/聊天",
    upstream: "demo",
    target: "http://x/v1/聊天",
    headers: [["Content-Type", "application/json"]],
  },
  { fact: "bytes", id: "1", t: 0.5, from: "client", bytes: new Uint8Array([0, 255, 10, 13]) },
  { fact: "head", id: "1", t: 2, status: 200, headers: [] },
  { fact: "bytes", id: "1", t: 3, from: "server", bytes: new Uint8Array(0), frame: "text" },
  { fact: "close", id: "1", t: 4, ending: "complete", error: null },
];

const lineOf = (some: readonly Fact[]) => concat(encodeFacts(some));

test("facts come back as they were", () => {
  expect(decodeFacts(lineOf(facts))).toEqual({ facts, rest: lineOf(facts).byteLength, broken: [] });
});

test("records cut at any byte give every whole record", () => {
  const whole = lineOf(facts);
  const ends = facts.map((_, n) => lineOf(facts.slice(0, n + 1)).byteLength);
  for (let cut = 0; cut <= whole.byteLength; cut++) {
    const kept = ends.filter((end) => end <= cut).length;
    expect(decodeFacts(whole.subarray(0, cut))).toEqual({
      facts: facts.slice(0, kept),
      rest: kept ? ends[kept - 1]! : 0,
      broken: [],
    });
  }
});

test("bytes that are not records are left over, not guessed at", () => {
  const noise = new Uint8Array(64).fill(0x41);
  expect(decodeFacts(noise)).toEqual({ facts: [], rest: 0, broken: [] });
});

test("a large body is not copied", () => {
  const body = new Uint8Array(100_000).fill(7);
  const large: Fact[] = [...facts, { fact: "bytes", id: "1", t: 5, from: "client", bytes: body }, ...facts];
  expect(encodeFacts(large)).toContain(body);
  expect(decodeFacts(lineOf(large))).toEqual({ facts: large, rest: lineOf(large).byteLength, broken: [] });
});

test("a record that is no fact costs itself alone", () => {
  const [open, bytes, head] = facts as [Fact, Fact, Fact];
  const wrong = (change: object) => ({ ...head, ...change }) as unknown as Fact;
  const odd = [
    wrong({ status: "200" }),
    wrong({ headers: [["a"]] }),
    wrong({ t: null }),
    wrong({ fact: "poison" }),
    wrong({ id: "../../x" }),
    { ...open, at: 1e300 } as Fact,
    { ...open, path: 5 } as unknown as Fact,
  ];
  const line = lineOf([open, ...odd, bytes]);
  expect(decodeFacts(line)).toEqual({
    facts: [open, bytes],
    rest: line.byteLength,
    broken: ["1", "1", "1", "1", "", "1", "1"],
  });
});

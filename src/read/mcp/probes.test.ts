import { expect, test } from "bun:test";
import { withPairs } from "./probes.ts";

const session = (id: string, at: number, more: object = {}) => ({
  id,
  at,
  last_at: at + 100,
  name: "weather",
  command: "bun weather.ts",
  probe: false,
  ...more,
});
const pairs = (...sessions: ReturnType<typeof session>[]) =>
  Object.fromEntries(withPairs(sessions).map(({ id, pair }) => [id, pair]));

test("a probe and the session that its host starts next name each other, whatever their order", () => {
  const [probe, proper] = [session("p", 0, { probe: true }), session("s", 200)];
  expect(pairs(proper, probe)).toEqual({ s: "p", p: "s" });
  expect(pairs(probe, proper, session("t", 400))).toEqual({ p: "s", s: "p", t: null });
});

test("what is another server, another probe, or much later, is no pair", () => {
  const probe = session("p", 0, { probe: true });
  expect(pairs(probe, session("s", 200, { command: "other" }))).toEqual({ p: null, s: null });
  expect(pairs(probe, session("s", 200, { name: "other" }))).toEqual({ p: null, s: null });
  expect(pairs(probe, session("s", 60_000))).toEqual({ p: null, s: null });
  expect(pairs(probe, session("q", 200, { probe: true }), session("s", 400))).toEqual({
    p: null,
    q: "s",
    s: "q",
  });
});

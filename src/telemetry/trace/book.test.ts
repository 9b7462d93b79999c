import { expect, test } from "bun:test";
import fc from "fast-check";
import type { RunChanges, StepRow } from "../../fact/rows.ts";
import { runBook } from "../../read/run/book.ts";
import { busy } from "../../read/run/busy.testkit.ts";
import type { Piece } from "../../read/run/written.testkit.ts";
import { row } from "../rows.testkit.ts";
import { semconv } from "../semconv.ts";
import { type Ready, traceBook } from "./book.ts";
import type { SpanCall } from "./calls.ts";
import type { Span } from "./span.ts";
import { pagesAt, spanOf } from "./spans.ts";

const hash = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex");
const spansOf = (ready: readonly Ready[]): Span[] =>
  ready.map((one) => spanOf(one, semconv("1.42"), pagesAt("http://page")));

function call(session: string, seq: number, fields: Partial<SpanCall> = {}): SpanCall {
  return {
    key: `${session}/${seq}`,
    at: 1_000,
    server: "weather",
    method: "tools/call",
    tool: "get_forecast",
    outcome: "ok",
    errorType: null,
    transport: "pipe",
    revision: "2025-11-25",
    ms: 20,
    session,
    seq,
    answer: seq + 1,
    id: "1",
    subject: "get_forecast",
    code: null,
    message: null,
    traceparent: null,
    target: null,
    ...fields,
  };
}

type Step = { readonly tell: "row" | "evidence"; readonly piece: Piece };

/** Rows and what makes runs of them come in any order, as they do. */
function played(steps: readonly Step[], clock: (n: number) => number): Ready[] {
  const runs = runBook();
  const book = traceBook(hash, -Infinity);
  const ready: Ready[] = [];
  for (const [n, { tell, piece }] of steps.entries()) {
    const now = clock(n);
    if (tell === "row") {
      if (piece.kind === "model")
        book.exchange(
          row({ id: piece.it.id, at: piece.it.at, duration_ms: piece.it.ended - piece.it.at }),
          now,
        );
      if (piece.kind === "served")
        book.call(call(piece.it.session, piece.it.seq, { at: piece.it.at + 20 }), now);
    } else {
      if (piece.kind === "model") runs.model(piece.it);
      if (piece.kind === "session") runs.session(piece.it);
      if (piece.kind === "served") runs.served(piece.it);
      book.changes(runs.take(), now);
    }
    ready.push(...book.due(now));
  }
  ready.push(...book.due(Infinity));
  return ready;
}

const all: Step[] = busy().flatMap((piece) => [
  { tell: "evidence" as const, piece },
  { tell: "row" as const, piece },
]);

test("in whatever order it is told, each thing is one span, and each hangs on one that is told too", () => {
  const order = fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
  fc.assert(
    fc.property(order, (steps) => {
      const ready = played(steps, (n) => n * 10);
      const spans = spansOf(ready);
      const ids = spans.map(({ place }) => `${place.trace} ${place.span}`);
      expect(new Set(ids).size).toBe(ids.length);
      const models = steps.flatMap(({ tell, piece }) =>
        tell === "row" && piece.kind === "model" ? piece.it.id : [],
      );
      expect(ready.flatMap((one) => (one.kind === "model" ? one.row.id : [])).sort()).toEqual(models.sort());
      const calls = steps.flatMap(({ tell, piece }) =>
        tell === "row" && piece.kind === "served" ? piece.it.key : [],
      );
      expect(ready.flatMap((one) => (one.kind === "call" ? one.call.key : [])).sort()).toEqual(calls.sort());
      const tools = busy().flatMap((piece) =>
        piece.kind === "model" ? piece.it.asked.map(({ key }) => key) : [],
      );
      expect(ready.flatMap((one) => (one.kind === "tool" ? one.step.id : [])).sort()).toEqual(tools.sort());
      const there = new Set(ids);
      const orphans = spans.filter(({ parent }) => parent && !there.has(`${parent.trace} ${parent.span}`));
      expect(orphans.map(({ name }) => name)).toEqual([]);
      expect(spans.every(({ place, parent }) => parent === null || parent.trace === place.trace)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

const changes = (steps: StepRow[], gone: string[] = []): RunChanges => ({
  runs: [],
  steps,
  ties: [],
  gone: { runs: [], steps: gone, ties: [] },
});

function step(fields: Partial<StepRow> & Pick<StepRow, "id" | "kind">): StepRow {
  return {
    run: "run-1",
    at: 1_000,
    ended: 1_500,
    lane: fields.kind === "model" ? "main" : "server weather",
    parent: null,
    name: fields.kind === "model" ? "m" : "get_forecast",
    asked: "secret words",
    answered: "",
    state: fields.kind === "model" ? "ok" : "served",
    exchange: null,
    call: null,
    seen: null,
    ties: [],
    certainty: null,
    rule: null,
    attempts:
      fields.kind === "model"
        ? [{ exchange: fields.id, at: 1_000, ended: 1_500, model: "m", status: 200, error: null }]
        : [],
    split: null,
    first_token: null,
    tokens_in: null,
    tokens_out: null,
    tokens_cached: null,
    cost: null,
    fidelity: null,
    context: null,
    problems: [],
    ...fields,
  };
}

test("a sub-agent hangs on the tool call that started it, and its tools on the sub-agent", () => {
  const book = traceBook(hash, 0);
  const steps = [
    step({ id: "a", kind: "model" }),
    step({ id: "a#0", kind: "tool", name: "task", parent: "a", state: "host", lane: "host" }),
    step({ id: "b", kind: "model", lane: "agent a#0", parent: "a#0" }),
    step({ id: "b#0", kind: "tool", parent: "b", ties: ["s/1"] }),
  ];
  for (const id of ["a", "b"]) book.exchange(row({ id, at: 1_000, duration_ms: 500 }), 0);
  book.changes(changes(steps), 0);
  book.call(call("s", 1, { errorType: "tool_error", outcome: "tool-error" }), 0);
  const spans = spansOf(book.due(Infinity));
  const by = (name: string) => spans.find((one) => one.name === name)!;
  const [main, sub] = [by("invoke_agent"), by("invoke_agent agent a#0")];
  const parentOf = (name: string) => by(name).parent?.span;
  expect(main.parent).toBeNull();
  expect(parentOf("execute_tool task")).toBe(main.place.span);
  expect(sub.parent?.span).toBe(by("execute_tool task").place.span);
  expect(parentOf("execute_tool get_forecast")).toBe(sub.place.span);
  expect(parentOf("tools/call get_forecast")).toBe(by("execute_tool get_forecast").place.span);
  expect(by("execute_tool get_forecast").attributes["error.type"]).toBe("tool_error");
  expect(JSON.stringify(spans)).not.toContain("secret words");
});

test("a step that is told again later is no second span, and what an agent does after a pause is a new stretch", () => {
  const book = traceBook(hash, 0);
  book.exchange(row({ id: "a" }), 0);
  book.changes(
    changes([step({ id: "a", kind: "model" }), step({ id: "a#0", kind: "tool", parent: "a" })]),
    0,
  );
  const first = [...book.due(5_000), ...book.due(60_000)];
  expect(first.map(({ kind }) => kind)).toEqual(["model", "tool", "agent"]);
  book.changes(changes([step({ id: "a#0", kind: "tool", parent: "a", seen: "b" })]), 70_000);
  expect(book.due(200_000)).toEqual([]);
  book.exchange(row({ id: "b", at: 300_000 }), 300_000);
  const again = step({ id: "b", kind: "model", at: 300_000, ended: 300_500 });
  book.changes(changes([again]), 300_000);
  const second = book.due(Infinity);
  expect(second.map(({ kind }) => kind)).toEqual(["model", "agent"]);
  expect(second[1]!.at.place.trace).not.toBe(first[2]!.at.place.trace);
});

test("runs of earlier days that are put together anew are not told", () => {
  const book = traceBook(hash, 10_000);
  book.changes(
    changes([step({ id: "a", kind: "model" }), step({ id: "a#0", kind: "tool", parent: "a" })]),
    20_000,
  );
  expect(book.due(Infinity)).toEqual([]);
});

test("an exchange that no run claims goes out alone, in time", () => {
  const book = traceBook(hash, 0);
  book.exchange(row({ id: "embedding", dialect: "openai-embeddings" }), 0);
  expect(book.due(10_000)).toEqual([]);
  const [alone] = spansOf(book.due(15_000));
  expect([alone!.name, alone!.parent]).toEqual(["embeddings gpt-5-mini", null]);
});

test("what waits is bounded: the first ones go out when more come", () => {
  const book = traceBook(hash, 0);
  let out = 0;
  for (let n = 0; n < 25_000; n++) {
    book.exchange(row({ id: `x${n}` }), 0);
    book.call(call("s", n), 0);
    const open = { state: "running" as const, ended: null, run: `r${n}` };
    book.changes(changes([step({ id: `t${n}`, kind: "tool", ...open })]), 0);
    out += book.due(0).length;
  }
  expect(book.size).toBeLessThan(31_000);
  expect(out).toBeGreaterThan(40_000);
});

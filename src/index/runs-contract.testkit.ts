/** The contract of the list of runs, as a suite that every index's test calls: filters, orders and pages over random runs. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ExchangeRow, RunRow } from "../fact/rows.ts";
import { STATES } from "../filter/fields.ts";
import { filterOf, parseFilter } from "../filter/filter.ts";
import { fits } from "../filter/fits.ts";
import { anyRow, numberTerm } from "../filter/random.testkit.ts";
import { runFilterOf, runFits } from "../filter/run-filter.ts";
import { RUN_SORTABLE } from "../filter/sort.ts";
import { exchangeRow, runRow as namedRun, stepRow } from "./contract-rows.testkit.ts";
import type { Opened } from "./contract.testkit.ts";
import type { RunQuery } from "./index.ts";

const NOW = 1_700_000_000_000 + 60_000;
const gone = { runs: [], steps: [], ties: [] };

/** Of the second `n` of time, as exchanges have it. */
function runRow(n: number, about: Partial<RunRow> = {}): RunRow {
  const at = 1_700_000_000_000 + n * 1000;
  return namedRun(`run ${n}`, { at, last_at: at + 500, state_since: at + 500, ...about });
}

const anyRun: fc.Arbitrary<Partial<RunRow>> = fc.record({
  last_at: fc.constantFrom(NOW - 50_000, NOW - 1_000, NOW),
  agent: fc.constantFrom("claude-code 2.1", "codex 1", null),
  run: fc.constantFrom("mine", null),
  models: fc.subarray(["gpt-5", "claude_x", "100%"]),
  servers: fc.subarray(["weather", "every_thing"]),
  tools: fc.subarray(["mcp__weather__get_forecast", "Bash", "a_b"]),
  rules: fc.subarray(["fidelity/cut", "calls/never-sent"]),
  model_calls: fc.constantFrom(1, 3),
  tool_calls: fc.constantFrom(0, 2),
  tokens_in: fc.constantFrom(0, 500, 2_000),
  tokens_out: fc.constantFrom(0, 1),
  tokens_cached: fc.constantFrom(0, 500),
  cost: fc.constantFrom(0, 0.01, 0.5),
  errors: fc.constantFrom(0, 2),
  problems: fc.constantFrom(0, 1, 12),
  state: fc.constantFrom("model", "tool", "host", "done", "failed"),
  state_since: fc.constantFrom(NOW - 3_600_000, NOW - 1_000),
  origin: fc.constantFrom(undefined, { project: "p", recorder: "laptop", user: null, host: null }),
});

const words = fc.constantFrom(
  "weather",
  "*thing",
  "get_*",
  "get_forecast",
  "GPT-5",
  "claude-code",
  "*",
  "mine",
);
const term = fc
  .tuple(
    fc.constantFrom("", "-"),
    fc.oneof(
      fc.constantFrom(...STATES).map((state) => `state:${state}`),
      fc
        .tuple(
          fc.constantFrom("server", "agent", "model", "tool", "problem", "run", "recorder", "path"),
          words,
        )
        .map(([name, value]) => `${name}:${value}`),
      fc
        .tuple(
          fc.constantFrom("total", "tokens", "in", "out", "cached", "cost", "steps", "errors", "ttft"),
          numberTerm,
        )
        .map(([name, value]) => `${name}:${value}`),
      fc.constantFrom("problem:fidelity/*", "problem:answer/*", "status:4xx", "status:>=400|200"),
      fc.constantFrom(
        "is:streaming",
        "is:done",
        "is:error",
        "is:slow",
        "is:error|slow",
        "has:problem",
        "has:image",
      ),
      fc
        .tuple(fc.constantFrom("since", "until"), fc.constantFrom("30s", "59s"))
        .map((both) => both.join(":")),
    ),
  )
  .map(([not, said]) => `${not}${said}`);

export function runsContract(name: string, open: () => Opened | Promise<Opened>): void {
  describe(`${name}, in its runs`, () => {
    let opened: Opened;
    beforeEach(async () => (opened = await open()));
    afterEach(() => opened.close());

    /** Each run of its exchanges, which are of the same second. */
    async function put(all: readonly (readonly [RunRow, ...ExchangeRow[]])[]) {
      await opened.writer.putExchanges(
        all.flatMap(([run, ...rows]) =>
          rows.map((row) => ({ row: { ...row, run: run.id }, text: row.asked })),
        ),
      );
      const steps = all.flatMap(([run, ...rows]) =>
        rows.map(({ id }) => {
          const attempts = [{ exchange: id, at: 1, ended: 2, model: null, status: 200, error: null }];
          return stepRow(id, run.id, { exchange: id, attempts });
        }),
      );
      await opened.writer.putRuns({ runs: all.map(([run]) => run), steps, ties: [], gone });
    }

    const ids = async (query: Partial<RunQuery>) =>
      (await opened.index.runs({ limit: 100, now: NOW, ...query })).items.map(({ id }) => id);
    const by = (q: string) => ids({ filter: filterOf({ q }, "runs") });

    test("a run is found by what it is, by what it uses, and by what its exchanges hold", async () => {
      await put([
        [
          runRow(1, { servers: ["weather"], agent: "codex 1", state: "tool", state_since: NOW - 3_000 }),
          exchangeRow(1, { asked: "kingfisher", status: 500 }),
          exchangeRow(2, { asked: "sparrow", status: 200, tools: ["lookup"] }),
        ],
        [
          runRow(3, { cost: 0.4, rules: ["fidelity/cut"], problems: 1 }),
          exchangeRow(3, { asked: "sparrow", status: 200 }),
        ],
      ]);
      const said: [string, string[]][] = [
        ["server:weather", ["run 1"]],
        ["-server:weather", ["run 3"]],
        ["agent:codex state:running state:tool", ["run 1"]],
        ["state:waiting", []],
        ["state:done cost:>0.1", ["run 3"]],
        ["problem:fidelity/*", ["run 3"]],
        ["tool:lookup", ["run 1"]],
        ["-tool:lookup", ["run 3"]],
        ["status:500", ["run 1"]],
        ["-status:500", ["run 3"]],
        ["sparrow", ["run 3", "run 1"]],
        // One exchange has to be both; and none may be what is turned round.
        ["sparrow status:500", []],
        ["sparrow -kingfisher", ["run 3"]],
        ["{}", []],
      ];
      const found = [];
      for (const [q] of said) found.push([q, await by(q)]);
      expect(found).toEqual(said);
    });

    test("a run whose model is being asked waits for it, whatever its row says", async () => {
      await put([[runRow(1, { state: "host", state_since: 0 })], [runRow(2)]]);
      const asking = ["run 2", "nobody's"];
      const filter = (q: string) => filterOf({ q }, "runs");
      expect(await ids({ filter: filter("state:model") })).toEqual([]);
      expect(await ids({ filter: filter("state:model"), asking })).toEqual(["run 2"]);
      expect(await ids({ filter: filter("-state:running"), asking })).toEqual(["run 1"]);
      expect(await ids({ filter: filter("state:silent"), asking })).toEqual(["run 1"]);
    });

    test("finds by every field what fits, in every order, on every page", async () => {
      const rows = fc.sample(fc.tuple(anyRun, anyRow), { numRuns: 40, seed: 12 }).map(([run, about], n) => {
        const { origin: _, ...exchange } = about;
        return [runRow(n, run), exchangeRow(n, { ...exchange, tools: about.tools ?? [] })] as const;
      });
      await put(rows);
      const fitting = (q: string) =>
        rows
          .filter(([run, row]) => isFitting(run, row, q))
          .map(([{ id }]) => id)
          .toReversed();
      await fc.assert(
        fc.asyncProperty(fc.array(term, { minLength: 1, maxLength: 3 }), async (terms) => {
          const q = terms.join(" ");
          expect({ q, found: await by(q) }).toEqual({ q, found: fitting(q) });
        }),
        { numRuns: 300 },
      );
      for (const one of RUN_SORTABLE) {
        for (const order of ["ascending", "descending"] as const) {
          const sort = { by: one, order };
          const whole = await ids({ sort });
          const paged: string[] = [];
          let before: string | null | undefined;
          do {
            const page = await opened.index.runs({ limit: 7, now: NOW, sort, ...(before && { before }) });
            paged.push(...page.items.map(({ id }) => id));
            before = page.next;
          } while (before);
          expect({ one, order, paged }).toEqual({ one, order, paged: whole });
          expect(new Set(paged).size).toBe(rows.length);
        }
      }
    });

    test("is put in order by what a run took; whom nobody names comes last", async () => {
      await put([
        [runRow(1, { agent: "b 1", cost: 0.2 })],
        [runRow(2, { cost: 0.1 })],
        [runRow(3, { agent: "a 1", cost: 0.2 })],
      ]);
      const order = (by: "client" | "cost", order: "ascending" | "descending") =>
        ids({ sort: { by, order } });
      expect(await order("cost", "descending")).toEqual(["run 3", "run 1", "run 2"]);
      expect(await order("cost", "ascending")).toEqual(["run 2", "run 3", "run 1"]);
      expect(await order("client", "ascending")).toEqual(["run 3", "run 1", "run 2"]);
      expect(await order("client", "descending")).toEqual(["run 1", "run 3", "run 2"]);
    });

    test("counts what there is to filter runs by", async () => {
      await put([
        [runRow(1, { agent: "a 1", models: ["m"], servers: ["weather"], tools: ["mcp__weather__x"] })],
        [runRow(2, { models: ["m"], rules: ["fidelity/cut"] })],
      ]);
      expect(await opened.index.runFacets()).toEqual({
        model: [{ value: "m", count: 2 }],
        client: [{ value: "a 1", count: 1 }],
        server: [{ value: "weather", count: 1 }],
        tool: [
          { value: "mcp__weather__x", count: 1 },
          { value: "x", count: 1 },
        ],
        problem: [{ value: "fidelity/cut", count: 1 }],
      });
    });

    test("what a run says of itself in hostile words fails nobody's question", async () => {
      const words = "a\0b \ud83d \\u0000 \"'; drop";
      await put([
        [runRow(1, { title: words, agent: words, models: [words], servers: [words] })],
        [runRow(2)],
      ]);
      expect(await ids({})).toEqual(["run 2", "run 1"]);
      expect(await by("state:done -server:weather")).toEqual(["run 2", "run 1"]);
      expect(await by("server:*drop model:a*")).toEqual(["run 1"]);
      expect(await ids({ before: words })).toEqual([]);
    });
  });
}

function isFitting(run: RunRow, row: ExchangeRow, q: string): boolean {
  const filter = parseFilter(q, "runs");
  const { own, either, one, none } = runFilterOf(filter);
  const has = (terms: typeof filter.terms) => fits(row, { terms }, NOW, "story") === "yes";
  return (
    runFits(run, { terms: own }, NOW) === "yes" &&
    either.every((term) => {
      const asked = [{ ...term, not: false }];
      return (runFits(run, { terms: asked }, NOW) === "yes" || has(asked)) !== term.not;
    }) &&
    has(one.terms) &&
    !none.some(({ terms }) => has(terms))
  );
}

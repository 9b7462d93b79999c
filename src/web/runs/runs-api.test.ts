import { expect, test } from "bun:test";
import { exchangeRow, fileOf } from "../../index/contract-rows.testkit.ts";
import { openIndex } from "../../index/sqlite.ts";
import { ask, give } from "../../read/run/busy.testkit.ts";
import { model, session, told } from "../../read/run/written.testkit.ts";
import { runsApi } from "./runs-api.ts";

type Flying = ReturnType<NonNullable<Parameters<typeof runsApi>[0]["flyingSteps"]>>;

async function asking(flying: Flying = []) {
  const index = openIndex(":memory:");
  const all = told([
    session({ id: "s", name: "weather" }),
    model({ id: "a", at: 1_000, agent: "claude-cli/2.1", asked: [ask(undefined, { id: "t1" })] }),
    give("s", 1_200, { tool_use: "t1" }),
    model({
      id: "b",
      at: 1_300,
      after: "a",
      agent: "claude-cli/2.1",
      seen: [{ id: "t1", text: "18 degrees" }],
    }),
  ]);
  const rows = { runs: [...all.runs.values()], steps: [...all.steps.values()], ties: [...all.ties.values()] };
  index.putRuns({ ...rows, gone: { runs: [], steps: [], ties: [] } });
  const row = exchangeRow(1, { id: "a" });
  index.putExchanges([{ row, text: "hello", file: fileOf(row) }]);
  index.settled([], [{ source: "a", part: "", kind: "model", run: "chain-a" }]);
  const api = runsApi({ index, flyingSteps: () => flying });
  const get = async (path: string) => {
    const response = await api.handle(new Request(`http://localhost/api${path}`));
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { get, all };
}

test("a run is told with its steps, its ties with their rules, and what went wrong, as it is described", async () => {
  const { get, all } = await asking();
  const { body, status } = await get("/runs/chain-a");
  expect(status).toBe(200);
  expect(body).toEqual({
    run: all.runs.get("chain-a"),
    steps: ["a", "a#0", "b"].map((id) => all.steps.get(id)),
    ties: [all.ties.get("s/1")],
    problems: [
      {
        rule: "join/result-cut",
        severity: "warning",
        what: "the model saw 10 of 20 characters of the result (the first 10 as they were)",
        step: "a#0",
        asked: "a",
        served: "s/1",
        seen: "b",
      },
    ],
    next: null,
  } as unknown as typeof body);
  expect((await get("/runs/none")).status).toBe(404);
});

test("a run of many steps is told in pages, each with its own ties", async () => {
  const { get } = await asking();
  const first = (await get("/runs/chain-a?limit=1")).body;
  expect([first["next"], first["ties"]]).toEqual(["a", []]);
  const second = (await get("/runs/chain-a?limit=1&after=a")).body;
  expect([second["next"], (second["ties"] as unknown[]).length]).toEqual(["a#0", 1]);
});

test("a run that has only begun is in the list, and fits what it says of itself", async () => {
  const { all } = await asking();
  const known = [...all.runs.values()][0]!;
  const begun = { ...known, id: "new", at: known.at + 1, model_calls: 0, state: "model" as const };
  const flying = [begun, { ...known, state: "model" as const }].map((run) => ({
    run: { ...run, state_since: Date.now() },
    step: [...all.steps.values()][0]!,
  }));
  const { get } = await asking(flying);
  const ids = async (q: string) => {
    const { items, total } = (await get(`/runs?${q}`)).body as { items: { id: string }[]; total: number };
    return [total, ...items.map(({ id }) => id)];
  };
  expect(await ids("")).toEqual([2, "new", "chain-a"]);
  expect(await ids("q=state:waiting")).toEqual([2, "new", "chain-a"]);
  expect(await ids("q=state:done")).toEqual([0]);
  expect(await ids("q=state:model%20hello&sort=-cost")).toEqual([1, "chain-a"]);
  expect((await get("/runs/facets")).body["server"]).toEqual([{ value: "weather", count: 1 }]);
});

test("runs are found by the filter of exchanges; an exchange and a session say their part of a run", async () => {
  const { get } = await asking();
  const items = async (path: string) =>
    ((await get(path)).body["items"] as { id: string }[]).map(({ id }) => id);
  expect(await items("/runs?q=hello")).toEqual(["chain-a"]);
  expect(await items("/runs?q=goodbye")).toEqual([]);
  expect(await items("/exchanges/a/steps")).toEqual(["a", "a#0"]);
  expect(await items("/exchanges/b/steps")).toEqual(["a#0", "b"]);
  expect(await items("/mcp/sessions/s/ties")).toEqual(["s/1"]);
  expect((await get("/hosts")).body["items"]).toMatchObject([
    {
      host: "Claude Code",
      versions: ["2.1"],
      calls: 1,
      forms: { content: 1 },
      says: "the model sees the text, results are cut; from 1 call",
    },
  ]);
});

test("a run whose first answer is awaited is told like any other, in its place by time", async () => {
  const { all } = await asking();
  const [known, step] = [all.runs.get("chain-a")!, all.steps.get("a")!];
  const begun = { ...known, id: "chain-new", at: known.at - 500, model_calls: 0, state: "model" as const };
  const { get } = await asking([
    { run: begun, step: { ...step, id: "new", run: "chain-new", ended: null, state: "running" } },
  ]);
  const { items } = (await get("/runs")).body as { items: { id: string }[] };
  expect(items.map(({ id }) => id)).toEqual(["chain-a", "chain-new"]);
  const { body, status } = await get("/runs/chain-new");
  expect([status, (body["steps"] as { id: string }[]).map(({ id }) => id)]).toEqual([200, ["new"]]);
});

/** An agent's model calls recorded on one machine, its MCP server on another: one run at the store. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { connectStore } from "../index/postgres/connect.ts";
import { postgresIndex } from "../index/postgres/asks.ts";
import { hasPostgres, sharedServer } from "../index/postgres/server.testkit.ts";
import { postgresWriter } from "../index/postgres/writes.ts";
import { model, type Piece, served, session, told } from "../read/run/written.testkit.ts";
import { startJoiner } from "./joiner.ts";

const AT = Date.now() - 60_000;

/** The model asks for the weather, the server gives it, the model sees it. */
function conversation(name: string): { models: Piece[]; calls: Piece[] } {
  return {
    models: [
      model({
        id: `${name}1`,
        at: AT,
        asked: [{ name: "get_weather", id: `${name} call`, arguments: { city: name } }],
      }),
      model({
        id: `${name}2`,
        at: AT + 1_000,
        after: `${name}1`,
        seen: [{ id: `${name} call`, name: "get_weather", text: `sunny in ${name}` }],
      }),
    ],
    calls: [
      session({ id: `${name} session`, at: AT, tools: ["get_weather"] }),
      served({
        session: `${name} session`,
        seq: 2,
        at: AT + 300,
        name: "get_weather",
        arguments: { city: name },
        tool_use: `${name} call`,
        text: `sunny in ${name}`,
      }),
    ],
  };
}

function evidenceOf(piece: Piece) {
  const json = JSON.stringify(piece.it);
  if (piece.kind === "served")
    return { source: piece.it.session, part: `/${piece.it.seq}`, kind: piece.kind, at: piece.it.at, json };
  return { source: piece.it.id, part: "", kind: piece.kind, at: piece.it.at, json };
}

async function until<T>(ask: () => Promise<T | false | null | undefined>): Promise<T> {
  for (;;) {
    const found = await ask();
    if (found) return found;
    await Bun.sleep(5);
  }
}

describe.skipIf(!hasPostgres)("what was recorded on two machines", () => {
  let sql: SQL;
  beforeAll(async () => {
    const { url } = await sharedServer();
    const admin = new SQL(url, { max: 1 });
    await admin.unsafe("create database joining");
    await admin.close();
    sql = await connectStore(url.replace(/\/postgres$/, "/joining"));
  });
  afterAll(() => sql?.close());

  const writer = (recorder: string) =>
    postgresWriter(sql, { token: "", origin: { project: "p", recorder, user: null, host: null } });
  const index = () => postgresIndex(sql, { token: "", projects: ["p"] });
  const start = () => startJoiner({ sql, token: "", projects: async () => ["p"], lookMs: 5 });
  /** As its recorder makes it of what it has. */
  const own = async (recorder: string, pieces: Piece[]) => {
    const { runs, steps, ties } = told(pieces);
    await writer(recorder).putRuns({
      runs: [...runs.values()],
      steps: [...steps.values()],
      ties: [...ties.values()],
      gone: { runs: [], steps: [], ties: [] },
    });
  };

  test("is one run, whichever came first, and each recorder's own version does not take it back", async () => {
    const joiner = start();
    for (const [name, first] of [
      ["Oslo", "models"],
      ["Rome", "calls"],
    ] as const) {
      const { models, calls } = conversation(name);
      await own("laptop", models);
      const sides = {
        models: () => writer("laptop").putEvidence(models.map(evidenceOf)),
        calls: () => writer("server").putEvidence(calls.map(evidenceOf)),
      };
      await sides[first]();
      await sides[first === "models" ? "calls" : "models"]();
      const step = await until(async () =>
        (await index().stepsOf(`${name}1`)).find(({ kind, ties }) => kind === "tool" && ties.length > 0),
      );
      // As one machine that has both would have it.
      expect(step).toEqual(told([...models, ...calls]).steps.get(step.id)!);
      const run = await index().run(step.run);
      expect([run?.servers, run?.tool_calls, run?.ties.exact, run?.origin?.recorder]).toEqual([
        ["weather"],
        1,
        1,
        "laptop + server",
      ]);
      await own("laptop", models);
      expect((await index().step(step.id))?.ties).toEqual(step.ties);
      expect((await index().tiesOf(`${name} session`)).map(({ run: id }) => id)).toEqual([step.run]);
    }
    await joiner.close();
  });

  test("of runs of one recorder nothing is written; what goes on later is joined too", async () => {
    const joiner = start();
    const alone = conversation("Lima");
    await own("laptop", [...alone.models, ...alone.calls]);
    await writer("laptop").putEvidence([...alone.models, ...alone.calls].map(evidenceOf));
    const { models, calls } = conversation("Bern");
    await writer("laptop").putEvidence([models[0]!].map(evidenceOf));
    await writer("server").putEvidence(calls.map(evidenceOf));
    await until(async () =>
      (await index().stepsOf("Bern1")).find(({ kind, state }) => kind === "tool" && state === "served"),
    );
    await writer("laptop").putEvidence([models[1]!].map(evidenceOf));
    await until(async () =>
      (await index().stepsOf("Bern1")).find(({ kind, seen }) => kind === "tool" && seen === "Bern2"),
    );
    const makers = await sql.unsafe(
      "select maker, count(*)::int as n from mcpl.run where row is not null group by maker order by maker",
    );
    expect(makers.map(({ maker, n }: { maker: number; n: number }) => [maker, n])).toEqual([
      [0, 1],
      [1, 3],
    ]);
    await joiner.close();
  });

  test("one joins, the others wait; another takes over from what the store has", async () => {
    const first = start();
    const held = () =>
      sql.unsafe(
        "select count(*)::int as n from pg_locks where locktype = 'advisory' and classid = 5063 and objid = 3 and granted",
      );
    await until(async () => (await held())[0].n === 1);
    const second = startJoiner({ sql, token: "", projects: async () => ["p"], lookMs: 5 });
    await first.close();
    const { models, calls } = conversation("Wien");
    await writer("laptop").putEvidence(models.map(evidenceOf));
    await writer("server").putEvidence(calls.map(evidenceOf));
    await until(async () => (await index().stepsOf("Wien1")).find(({ ties }) => ties.length > 0));
    expect((await held())[0].n).toBe(1);
    await second.close();
    expect((await held())[0].n).toBe(0);
  });
});

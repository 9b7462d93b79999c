/** Played against the program as it is, each lesson still shows what its recording shows. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { play } from "../src/demo/lessons/play.ts";
import { LESSONS } from "../src/fact/lessons.ts";
import { expertOf } from "../src/read/milestones/exchange.ts";
import { recordedOf } from "../src/web/learn/recorded.ts";
import { getJson, type Json, type Program, startProgram, until } from "./program.ts";

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(async () => await program[Symbol.asyncDispose]());

test.each(LESSONS)("%s", async (name) => {
  const items = await recordedOf(name);
  const kept = {
    exchanges: items.flatMap((it) =>
      it.kind === "exchange"
        ? [
            [
              it.exchange.response?.status,
              it.exchange.close?.ending,
              ...expertOf(it.exchange, it.reading),
            ].join(" "),
          ]
        : [],
    ),
    sessions: items.flatMap((it) => (it.kind === "session" ? [it.list.head().milestones] : [])),
  };
  const before = new Set([...(await exchanges()), ...(await sessions())].map(({ id }) => id));
  await play(name, program);
  const live = await until(async () => {
    const fresh = (all: Json[]) => all.filter(({ id }) => !before.has(id)).reverse();
    // A row that waits for its file says what was known before its end.
    const { in_flight, waiting, backlog } = await getJson(`${program.pageUrl}/api/status`);
    const isWritten = in_flight + waiting + backlog === 0;
    const [some, talks] = [fresh(await exchanges()), fresh(await sessions())];
    const isOver = isWritten && talks.every(({ state }) => state === "closed");
    return (
      some.length >= kept.exchanges.length &&
      talks.length >= kept.sessions.length &&
      isOver && { some, talks }
    );
  });
  expect(live.some.map(({ status, ending, expert }) => [status, ending, ...expert].join(" "))).toEqual(
    kept.exchanges,
  );
  const counts = live.talks.map(async ({ id }: Json) => {
    const page = await (await fetch(`${program.pageUrl}/mcp/${id}`)).text();
    return Number(/data-head="milestones">(\d+)</.exec(page)?.[1]);
  });
  expect(await Promise.all(counts)).toEqual(kept.sessions);
});

async function exchanges(): Promise<Json[]> {
  return (await getJson(`${program.pageUrl}/api/exchanges`)).items;
}

async function sessions(): Promise<Json[]> {
  return (await getJson(`${program.pageUrl}/api/mcp/sessions`)).items;
}

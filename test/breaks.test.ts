/** Every switch that breaks the demo is named by the linter: by the rule that it was made for. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { play } from "../src/demo/lessons/play.ts";
import { MODEL_BREAKS, SERVER_BREAKS } from "../src/fact/lessons.ts";
import { getJson, type Json, type Program, startProgram, until } from "./program.ts";

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(async () => await program[Symbol.asyncDispose]());

test.each(Object.entries(MODEL_BREAKS))("the demo model with %s: %s", async (name, rule) => {
  await play(name, program);
  const row = await until(async () => {
    const { items } = await getJson(`${program.pageUrl}/api/exchanges?q=path:*/stage/${name}/*`);
    return items.find((it: Json) => it["state"] === "done");
  });
  expect(row.rules).toContain(rule);
});

test.each(Object.entries(SERVER_BREAKS))("the weather server with %s: %s", async (name, rule) => {
  const before = new Set((await sessions()).map(({ id }) => id));
  await play(name, program);
  const rules = await until(async () => {
    const fresh = (await sessions()).find(({ id, state }) => !before.has(id) && state === "closed");
    if (!fresh) return false;
    const { session } = await getJson(`${program.pageUrl}/api/mcp/sessions/${fresh.id}`);
    const page = await (await fetch(`${program.pageUrl}/mcp/${fresh.id}?part=problems`)).text();
    return session.problems > 0 && page;
  });
  expect(rules).toContain(`<code>${rule}</code`);
});

async function sessions(): Promise<{ id: string; state: string }[]> {
  return (await getJson(`${program.pageUrl}/api/mcp/sessions`)).items;
}

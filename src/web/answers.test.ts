/** Every route of the API says what it answers, and answers that. */
import { expect, test } from "bun:test";
import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { aDay, weatherSession } from "../../test/world.ts";
import { believable } from "../../test/believable.ts";
import { ANSWERS } from "./answers.ts";
import { createWeb } from "./app.ts";

test("what the API answers is what it says", async () => {
  const world = aDay(12, believable());
  weatherSession(world, Date.now());
  const app = await createWeb(world.sources);
  app.listen({ port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${app.server?.port}`;
  const ask = async (path: string) => (await fetch(url + path)).json() as Promise<any>;
  const exchange = (await ask("/api/exchanges?limit=1")).items[0].id as string;
  const session = (await ask("/api/mcp/sessions?limit=1")).items[0].id as string;
  const asked: Partial<Record<keyof typeof ANSWERS, string>> = {
    exchanges: "/api/exchanges?limit=50",
    rank: `/api/exchanges/${exchange}/rank`,
    grouped: "/api/grouped?by=conversation",
    groupedRank: `/api/grouped/${exchange}/rank?by=run`,
    exchange: `/api/exchanges/${exchange}`,
    reading: `/api/exchanges/${exchange}/reading`,
    sessions: "/api/mcp/sessions",
    session: `/api/mcp/sessions/${session}`,
    status: "/api/status",
    overview: "/api/overview?q=model:gpt*",
    facets: "/api/facets",
    glossary: "/api/glossary",
  };
  for (const [name, path] of Object.entries(asked)) {
    const schema = ANSWERS[name as keyof typeof ANSWERS] as TSchema;
    const wrong = [...Value.Errors(schema, await ask(path))]
      .slice(0, 3)
      .map((it) => `${it.path} ${it.message}`);
    expect({ path, wrong }).toEqual({ path, wrong: [] });
  }
  const { paths } = await ask("/api/openapi.json");
  const undescribed = Object.entries<any>(paths).flatMap(([path, methods]) =>
    Object.entries<any>(methods)
      .filter(([, { responses }]) => !responses?.[200]?.content)
      .map(([method]) => `${method} ${path}`),
  );
  expect(undescribed.filter((path) => path.includes("/api/"))).toEqual([]);
  await app.stop(true);
});

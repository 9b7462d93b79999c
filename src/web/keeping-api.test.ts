/** A star is given from our own page alone, to what there is; where the page only reads it says so. */
import { expect, test } from "bun:test";
import { believable, exchangeOf } from "../../test/believable.ts";
import type { Star } from "../fact/rows.ts";
import { createWeb } from "./app.ts";

async function starring(how: "writes" | "reads only") {
  const world = believable();
  const exchange = exchangeOf({});
  world.keep(exchange);
  const given: unknown[] = [];
  const star = (one: Star, what: "given" | "taken") => {
    if (one.id === "full") throw new Error("the disk is full");
    given.push([one, what]);
  };
  const app = await createWeb({ ...world.sources, ...(how === "writes" && { star }) });
  const post = async (body: unknown, headers: Record<string, string> = {}) => {
    const answer = await app.handle(
      new Request("http://localhost/api/star", {
        method: "POST",
        headers: { host: "localhost", "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    );
    return [answer.status, (await answer.json()) as { [name: string]: unknown }] as const;
  };
  return { post, given, id: exchange.id };
}

test("it is given to what there is, and taken from anything", async () => {
  const { post, given, id } = await starring("writes");
  const one = { of: "exchange", id };
  expect(await post({ ...one, starred: true })).toEqual([200, { ...one, starred: true }]);
  expect(await post({ of: "run", id: "gone", starred: false })).toEqual([
    200,
    { of: "run", id: "gone", starred: false },
  ]);
  expect((await post({ of: "run", id: "gone", starred: true }))[0]).toBe(404);
  expect((await post({ of: "exchange", id: "../x", starred: true }))[0]).toBe(400);
  expect(await post({ of: "planet", id, starred: true })).toEqual([
    400,
    { error: "of: exchange, session or run" },
  ]);
  expect(await post({ of: "run", id: "full", starred: false })).toEqual([500, { error: "the disk is full" }]);
  expect(given).toEqual([
    [one, "given"],
    [{ of: "run", id: "gone" }, "taken"],
  ]);
});

test("a page of another origin gives none", async () => {
  const { post, given, id } = await starring("writes");
  const foreign: Record<string, string>[] = [
    { origin: "http://evil.test" },
    { "sec-fetch-site": "cross-site" },
  ];
  for (const headers of foreign)
    expect((await post({ of: "exchange", id, starred: true }, headers))[0]).toBe(403);
  expect(given).toEqual([]);
});

test("where the page only reads it says where it can be done, in the reader's language", async () => {
  const { post, id } = await starring("reads only");
  const [status, { error }] = await post({ of: "exchange", id, starred: true });
  expect([status, error]).toEqual([403, expect.stringContaining("only reads")]);
  expect((await post({ of: "exchange", id, starred: true }, { "accept-language": "zh" }))[1].error).toContain(
    "此页面只读",
  );
});

test("what is deleted is said, of at most so many, and never for a page of another origin", async () => {
  const world = believable();
  const asked: unknown[] = [];
  const app = await createWeb({
    ...world.sources,
    remove: async (things) => {
      asked.push(things);
      return { deleted: 1, kept: [{ of: "run", id: "b", why: "gone" }] };
    },
  });
  const post = async (things: unknown, headers: Record<string, string> = {}) => {
    const answer = await app.handle(
      new Request("http://localhost/api/delete", {
        method: "POST",
        headers: { host: "localhost", "content-type": "application/json", ...headers },
        body: JSON.stringify({ things }),
      }),
    );
    return [answer.status, (await answer.json()) as unknown] as const;
  };
  const things = [
    { of: "exchange", id: "a" },
    { of: "run", id: "b" },
  ];
  expect(await post(things)).toEqual([200, { deleted: 1, kept: [{ of: "run", id: "b", why: "gone" }] }]);
  expect((await post(things, { origin: "http://evil.test" }))[0]).toBe(403);
  for (const wrong of [[], Array(501).fill(things[0]), [{ of: "exchange", id: "*" }], "all"])
    expect((await post(wrong))[0]).toBe(400);
  expect(asked).toEqual([things]);
});

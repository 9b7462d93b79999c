import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { SQL } from "bun";
import { exchangeRow, idOf } from "../index/contract-rows.testkit.ts";
import { asker } from "../index/postgres/asking.ts";
import { postgresIndex } from "../index/postgres/asks.ts";
import { connectStore } from "../index/postgres/connect.ts";
import { hasPostgres, sharedServer } from "../index/postgres/server.testkit.ts";
import { postgresWriter } from "../index/postgres/writes.ts";
import { isBodyOf } from "./whose.ts";

describe.skipIf(!hasPostgres)("a body that is found by its id", () => {
  let sql: SQL;
  beforeAll(async () => {
    sql = await connectStore((await sharedServer()).url);
  });
  afterAll(() => sql?.close());

  const bytes = new TextEncoder().encode("what was said in their project");
  const sum = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
  const put = (project: string, n: number, about = {}) => {
    const origin = { project, recorder: "a", user: null, host: null };
    const row = exchangeRow(n, { origin, ...about });
    return postgresWriter(sql, { token: "", origin }).putExchanges([{ row, text: "" }]);
  };
  const isTheirs = async (project: string, n: number) => {
    const row = await postgresIndex(sql, { token: "", projects: [project] }).exchange(idOf(n));
    return isBodyOf(asker(sql), row!, bytes);
  };

  test("is shown to whom has its sum, or where nobody else has the id; to others it is not there", async () => {
    await put("bodies", 1, { sum });
    await put("bodies of a spy", 1);
    await put("bodies of a liar", 1, { sum: "0".repeat(64) });
    await put("bodies of nobody", 1, { origin: undefined });
    await put("bodies of long ago", 2);
    expect(
      await Promise.all(
        ["bodies", "bodies of a spy", "bodies of a liar", "bodies of nobody"].map((one) => isTheirs(one, 1)),
      ),
    ).toEqual([true, false, false, false]);
    expect(await isTheirs("bodies of long ago", 2)).toBe(true);
  });
});

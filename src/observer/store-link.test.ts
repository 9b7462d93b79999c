import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { exchangeRow } from "../index/contract-rows.testkit.ts";
import { postgresIndex } from "../index/postgres/asks.ts";
import { connectStore } from "../index/postgres/connect.ts";
import { hasPostgres, sharedServer } from "../index/postgres/server.testkit.ts";
import { relay, type Relay } from "../ship/relay.testkit.ts";
import { storeLink } from "./store-link.ts";

const ORIGIN = { project: "link", recorder: "a", user: null, host: null };

describe.skipIf(!hasPostgres)("a recorder's connection to the store", () => {
  let sql: Bun.SQL;
  let wire: Relay;
  let url: string;
  beforeAll(async () => {
    const server = await sharedServer();
    sql = await connectStore(server.url);
    wire = relay(server.port);
    url = server.url.replace(`:${server.port}`, `:${wire.port}`);
  });
  afterAll(async () => {
    await sql?.close();
    wire?.stop();
  });

  test("that never answers again is given up, and new ones go on", async () => {
    const link = storeLink({ url, token: "", origin: ORIGIN, onFollow() {}, timeoutMs: 300 });
    const put = (n: number) => link.rows.share([{ row: exchangeRow(n), text: "" }]);
    /** On a busy machine a store that answers may take longer than this test wants to wait for one that does not. */
    const putSoon = (n: number): Promise<unknown> => put(n).catch(() => putSoon(n));
    await putSoon(1);
    wire.stall();
    // As many as there are connections, and more.
    for (let n = 0; n < 8; n++) await expect(put(2)).rejects.toThrow("has not answered within 1 s");
    wire.heal("new ones alone");
    await putSoon(3);
    const index = postgresIndex(sql, { token: "", projects: ["link"] });
    expect((await index.exchanges({ limit: 9 })).items.map(({ id }) => id)).toEqual(["00000003", "00000001"]);
    await link.close();
  }, 60_000);
});

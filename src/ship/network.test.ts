/**
 * A recorder whose network is cut: a real one, of which packets get lost. Here until it has failed some times;
 * `NETWORK_CUT_SECONDS=180 bun test src/ship/network.test.ts` for minutes.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { SQL } from "bun";
import { bucket, type Bucket } from "../bodies/bucket.testkit.ts";
import { s3Bodies } from "../bodies/s3.ts";
import { postgresIndex } from "../index/postgres/asks.ts";
import { connectStore } from "../index/postgres/connect.ts";
import { hasPostgres, startServer, type Server } from "../index/postgres/server.testkit.ts";
import { storeLink } from "../observer/store-link.ts";
import { hasNamespaces, type Network, openNetwork } from "./network.testkit.ts";
import { machine, ORIGIN, shipping, until } from "./place.testkit.ts";

const SECONDS = Number(process.env["NETWORK_CUT_SECONDS"] ?? 0);
const [STORE, BUCKET] = [5432, 9000];

describe.skipIf(!hasPostgres || !hasNamespaces)("a network that is cut", () => {
  let server: Server;
  let sql: SQL;
  let at: Bucket;
  let network: Network;
  beforeAll(async () => {
    server = await startServer();
    sql = await connectStore(server.url);
    at = bucket();
    network = await openNetwork();
    await network.reach(STORE, { path: `${server.folder}/.s.PGSQL.${server.port}` });
    await network.reach(BUCKET, { port: Number(new URL(at.url).port) });
  });
  afterAll(async () => {
    await network?.stop();
    at?.stop();
    await sql?.close();
    await server?.stop();
  });

  test(
    "is waited for: what was recorded meanwhile is there afterwards, all of it, once, with its bodies",
    async () => {
      const here = machine();
      const link = storeLink({
        url: `postgres://postgres@${network.address}:${STORE}/postgres`,
        token: "",
        origin: ORIGIN,
        onFollow: () => {},
        timeoutMs: 500,
      });
      const keys = { accessKeyId: "a", secretAccessKey: "b", region: "us-east-1", bucket: "team" };
      const client = new Bun.S3Client({ ...keys, endpoint: `http://${network.address}:${BUCKET}` });
      const bodies = s3Bodies(client, { timeoutMs: 500 });
      const shipper = shipping(here.local, { rows: link.rows, bodies, tell: link.tell }, { retryMs: 50 });
      const record = (n: number) => Array.from({ length: n }, () => here.record({}, '{"a":1}'));
      record(30);
      await until(() => shipper.state().shipped.exchanges === 30);
      // In the middle of a batch, and with others to come.
      record(200);
      await network.pull();
      const began = performance.now();
      record(30);
      await until(() => shipper.state().errors > 2 && performance.now() - began > SECONDS * 1_000);
      expect(shipper.state().trouble).not.toBeNull();
      record(5);
      await network.plug();
      await shipper.caughtUp();
      const index = postgresIndex(sql, { token: "", projects: [ORIGIN.project] });
      expect([(await index.exchanges({ limit: 1 })).total, at.objects.size]).toEqual([265, 265]);
      expect(shipper.state()).toMatchObject({ backlog: 0, held: 0, refused: 0, trouble: null });
      await shipper.close();
      await link.close();
      // After minutes it tries once a minute.
    },
    SECONDS * 1_000 + 180_000,
  );
});

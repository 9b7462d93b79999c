/** A real Postgres and a bucket, and what goes wrong between them and a recorder: killed, cut off, full, odd clocks. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SQL } from "bun";
import { bucket, type Bucket } from "../bodies/bucket.testkit.ts";
import { s3Bodies } from "../bodies/s3.ts";
import { postgresIndex } from "../index/postgres/asks.ts";
import { connectStore, openStore } from "../index/postgres/connect.ts";
import { hasPostgres, startServer, type Server } from "../index/postgres/server.testkit.ts";
import { postgresWriter } from "../index/postgres/writes.ts";
import { machine, ORIGIN, shipping, until } from "./place.testkit.ts";
import { relay } from "./relay.testkit.ts";

/** A disk of some MB takes root, and a system that lets it mount. */
const mayMount = (() => {
  const folder = mkdtempSync(join(tmpdir(), "mount-"));
  const may =
    process.platform === "linux" &&
    Bun.which("mount") !== null &&
    Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]).exitCode === 0;
  if (may) Bun.spawnSync(["umount", folder]);
  else process.stderr.write("skipped: a small disk cannot be mounted here (it takes Linux and root)\n");
  rmSync(folder, { recursive: true, force: true });
  return may;
})();

describe.skipIf(!hasPostgres)("a store that fails", () => {
  let server: Server;
  let sql: SQL;
  let at: Bucket;
  beforeAll(async () => {
    server = await startServer();
    sql = await connectStore(server.url);
    at = bucket();
  });
  afterAll(async () => {
    at?.stop();
    await sql?.close();
    await server?.stop();
  });

  const storeOf = (project: string, own: SQL, recorder = "a") => ({
    rows: postgresWriter(own, { token: "", origin: { ...ORIGIN, project, recorder } }),
    bodies: s3Bodies(at.client(), { timeoutMs: 200 }),
    tell: () => {},
  });
  const asks = (project: string) => postgresIndex(sql, { token: "", projects: [project] });
  const recorded = (here: ReturnType<typeof machine>, n: number, prefix: string) =>
    Array.from({ length: n }, (_, i) => here.record({ id: `${prefix}${i}` }, `{"n":${i}}`));

  test("killed in the middle of batches: nothing is lost, nothing is there twice", async () => {
    const here = machine();
    recorded(here, 1_000, "k");
    const shipper = shipping(here.local, storeOf("killed", sql));
    await until(() => shipper.state().shipped.exchanges > 100);
    await server.kill();
    await until(() => shipper.state().errors > 0);
    recorded(here, 10, "late");
    await server.start();
    await shipper.caughtUp();
    expect((await asks("killed").exchanges({ limit: 1 })).total).toBe(1_010);
    expect((await asks("killed").facets()).model).toEqual([{ value: "gpt-5", count: 1_010 }]);
    expect(shipper.state()).toMatchObject({ held: 0, refused: 0, trouble: null });
    await shipper.close();
  }, 60_000);

  test("a network that stalls, and comes back: what it held is not shipped twice", async () => {
    const here = machine();
    const wire = relay(server.port);
    const own = openStore(server.url.replace(`:${server.port}`, `:${wire.port}`));
    const shipper = shipping(here.local, storeOf("cut", own));
    recorded(here, 50, "c");
    await until(() => shipper.state().shipped.exchanges === 50);
    wire.stall();
    recorded(here, 50, "d");
    await until(() => shipper.state().lag_ms > 300);
    expect((await asks("cut").exchanges({ limit: 1 })).total).toBe(50);
    wire.cut();
    await until(() => shipper.state().errors > 0);
    wire.heal();
    await shipper.caughtUp();
    expect((await asks("cut").exchanges({ limit: 1 })).total).toBe(100);
    await shipper.close();
    await own.close({ timeout: 0 });
    wire.stop();
  }, 60_000);

  test("a full disk at the store is waited for, and said", async () => {
    const here = machine();
    await sql.unsafe(`create function mcpl.full_disk() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$;
      create trigger full_disk before insert on mcpl.tally for each row when (new.project = 'full') execute function mcpl.full_disk()`);
    const shipper = shipping(here.local, storeOf("full", sql));
    recorded(here, 3, "f");
    await until(() => shipper.state().errors > 2);
    expect(shipper.state().trouble).toBe("the store's disk is full");
    expect([(await asks("full").exchanges({ limit: 9 })).total, shipper.state().refused]).toEqual([0, 0]);
    await sql.unsafe("drop function mcpl.full_disk cascade");
    await shipper.caughtUp();
    expect((await asks("full").exchanges({ limit: 9 })).total).toBe(3);
    await shipper.close();
  }, 60_000);

  test.skipIf(!mayMount)(
    "a disk that is really full is waited for, and said, and gone on with once there is room",
    async () => {
      const disk = join(server.folder, "disk");
      mkdirSync(join(disk, "space"), { recursive: true });
      Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", join(disk, "space")]);
      try {
        const space = join(disk, "space", "tables");
        mkdirSync(space);
        Bun.spawnSync(["chown", "-R", "nobody", disk]);
        await sql.unsafe(`create tablespace small location '${space}'`);
        await sql.unsafe("create database small tablespace small");
        const own = await connectStore(server.url.replace(/\/postgres$/, "/small"));
        const { bavail, bsize } = statfsSync(space);
        const filler = join(disk, "space", "filler");
        writeFileSync(filler, Buffer.alloc(bavail * bsize - 256 * 1024));
        const here = machine();
        const shipper = shipping(here.local, storeOf("small", own));
        recorded(here, 1_500, "d");
        await until(() => shipper.state().errors > 2);
        expect(shipper.state()).toMatchObject({ trouble: "the store's disk is full", refused: 0 });
        rmSync(filler);
        await shipper.caughtUp();
        const index = postgresIndex(own, { token: "", projects: ["small"] });
        expect((await index.exchanges({ limit: 1 })).total).toBe(1_500);
        await shipper.close();
        await own.close();
        await sql.unsafe("drop database small with (force)");
        await sql.unsafe("drop tablespace small");
      } finally {
        Bun.spawnSync(["umount", "-l", join(disk, "space")]);
      }
    },
    60_000,
  );

  test("a bucket that says 500, then nothing for too long: rows wait for their bodies", async () => {
    const here = machine();
    const shipper = shipping(here.local, storeOf("slow", sql));
    const { promise: stall, resolve } = Promise.withResolvers<void>();
    for (const fault of [{ status: 500 }, { stall }]) {
      at.fault = fault;
      const errors = shipper.state().errors;
      recorded(here, 5, "status" in fault ? "s" : "t");
      await until(() => shipper.state().errors > errors);
    }
    expect((await asks("slow").exchanges({ limit: 9 })).total).toBe(0);
    at.fault = null;
    resolve();
    await shipper.caughtUp();
    expect((await asks("slow").exchanges({ limit: 1 })).total).toBe(10);
    await shipper.close();
  }, 60_000);

  test("clocks that are years apart: each row stands where its recorder says, and all are found", async () => {
    const here = machine();
    const times = [Date.UTC(1990, 0, 1), Date.UTC(2031, 5, 1), Date.UTC(2150, 0, 1), Date.now()];
    for (const [n, time] of times.entries()) here.record({ id: `clock${n}`, at: time });
    const shipper = shipping(here.local, storeOf("clocks", sql));
    await shipper.caughtUp();
    const { items, total } = await asks("clocks").exchanges({ limit: 9 });
    expect([items.map(({ at: time }) => time), total]).toEqual([times.toSorted((a, b) => b - a), 4]);
    await shipper.close();
  }, 60_000);

  test("two recorders with one name and two with one id: no row is lost, none changes hands", async () => {
    const [first, second, third] = [machine(), machine(), machine()];
    first.record({ id: "same", model: "first" });
    second.record({ id: "other", model: "second" });
    third.record({ id: "same", model: "third" });
    const shippers = [
      shipping(first.local, storeOf("names", sql)),
      shipping(second.local, storeOf("names", sql)),
    ];
    for (const shipper of shippers) await shipper.caughtUp();
    const late = shipping(third.local, storeOf("names", sql, "b"), { origin: { ...ORIGIN, recorder: "b" } });
    await late.caughtUp();
    const { items } = await asks("names").exchanges({ limit: 9 });
    expect(items.map(({ id, model }) => [id, model]).toSorted()).toEqual([
      ["other", "second"],
      ["same", "first"],
    ]);
    expect(late.aside(9).map(({ id, how }) => [id, how])).toEqual([["same", "refused"]]);
    for (const shipper of [...shippers, late]) await shipper.close();
  }, 60_000);
});

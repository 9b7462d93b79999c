import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { SQL } from "bun";
import { connectStore } from "../index/postgres/connect.ts";
import { hasPostgres, startServer, type Server } from "../index/postgres/server.testkit.ts";
import { connection, feedContract, until } from "./contract.testkit.ts";
import type { News } from "./feed.ts";
import { postgresFeed } from "./postgres.ts";

const gone = (n: number): News => ({ type: "exchange.gone", ids: [String(n)] });
const added = (id: string): News => ({
  type: "exchange.added",
  id,
  ttfb: null,
  ttft: null,
  from_n: 0,
  events: [],
  parts: [],
  fresh: false,
});

describe.skipIf(!hasPostgres)("a feed over the store of a team", () => {
  let server: Server;
  let sql: SQL;
  beforeAll(async () => {
    server = await startServer();
    sql = await connectStore(server.url);
  });
  afterAll(async () => {
    await sql?.close();
    await server?.stop();
  });

  let n = 0;
  const open = (project: string, part: "both" | "writes" | "reads" = "both", keeps = 2_000) =>
    postgresFeed(sql, {
      ring: keeps,
      queue: keeps / 2,
      writes: part === "reads" ? null : { project, token: "" },
      reads: part === "writes" ? null : async () => [project],
    });

  feedContract("the feed in Postgres", async () => {
    const feed = await open(`feed ${n++}`, "both", 100);
    return { feed, close: () => feed.close() };
  });

  test("a frame that a recorder would not tell is told nobody, and a row in one is a row", async () => {
    const reader = await open("hostile", "reads");
    const one = connection();
    reader.listen(one.send);
    const row = { id: "x", tools: 7, origin: { project: "elsewhere", recorder: "a", user: "u", host: "h" } };
    const frames = [
      { type: "html", content: "<img src=x onerror=alert(1)>" },
      { type: "hello", at: 0 },
      { type: "status", status: { warnings: ["<b>"] } },
      { type: "exchange.close", row: null },
      { type: "exchange.added", id: "x", from_n: -1 },
      { type: "constructor", row },
      { type: "run.gone", runs: [7, "r"], steps: {}, content: "<b>" },
      { type: "exchange.close", row, content: "<b>", target: "body", swap: "innerHTML", ending: 7 },
    ];
    for (const frame of [...frames.map((each) => JSON.stringify(each)), "{", "[]", "7"])
      await sql.unsafe("select mcpl.tell('', 'hostile', array[''], array[$1::text])", [frame]);
    await until(() => one.got.length === 2);
    const [rows, close] = one.got.map(({ seq: _seq, ...frame }) => frame);
    expect(rows as object).toEqual({ type: "run.gone", runs: ["r"], steps: [], ties: [] });
    expect(Object.keys(close!).toSorted()).toEqual(["ending", "row", "type"]);
    expect(close).toMatchObject({
      ending: "complete",
      row: {
        id: "x",
        tools: [],
        asked: "",
        origin: { project: "hostile", recorder: "a", user: "u", host: "h" },
      },
    });
    await reader.close();
  });

  test("what one process publishes, others hear; of other projects nothing", async () => {
    const writer = await open("a", "writes");
    const readers = await Promise.all([open("a", "reads"), open("a", "reads"), open("b", "reads")]);
    const at = readers.map((feed) => {
      const one = connection();
      feed.listen(one.send);
      return one;
    });
    for (let i = 0; i < 700; i++) writer.publish(gone(i));
    await until(() => at[0]!.got.length === 700 && at[1]!.got.length === 700);
    expect(at[0]!.got.map((frame) => (frame.type === "exchange.gone" ? frame.ids[0] : "?"))).toEqual(
      Array.from({ length: 700 }, (_, i) => String(i)),
    );
    expect([at[1]!.got, at[2]!.got]).toEqual([at[0]!.got, []]);
    await Promise.all([writer, ...readers].map((feed) => feed.close()));
  });

  test("many that publish at once: a number that was seen has all before it", async () => {
    const writers = await Promise.all([1, 2, 3, 4].map(() => open("many", "writes")));
    const reader = await open("many", "reads");
    const at = connection();
    reader.listen(at.send);
    for (let i = 0; i < 50; i++) {
      for (const writer of writers) writer.publish(gone(i));
      await Bun.sleep(1);
    }
    await until(() => at.got.length === 200);
    expect(at.seqs()).toEqual(at.seqs().toSorted((a, b) => a - b));
    await Promise.all([reader, ...writers].map((feed) => feed.close()));
  });

  test("what somebody follows on another machine is followed here, and nothing else is made", async () => {
    const [writer, reader] = [await open("f", "writes"), await open("f", "reads")];
    const told: string[] = [];
    writer.onFollow(({ what, of }, state) => told.push(`${what} ${of} ${state}`));
    const at = connection();
    const listener = reader.listen(at.send);
    listener.subscribe({ what: "added", of: "x" });
    await until(() => told.length > 0);
    expect([
      told,
      writer.isFollowed({ what: "added", of: "x" }),
      writer.isFollowed({ what: "added", of: "y" }),
    ]).toEqual([["added x followed"], true, false]);
    writer.publish(added("y"));
    writer.publish(added("x"));
    writer.publish(gone(1));
    await until(() => at.got.length === 2);
    expect(at.types()).toEqual(["exchange.added", "exchange.gone"]);
    await Promise.all([reader.close(), writer.close()]);
  });

  test("after a store that died, what was told meanwhile is not missed in silence", async () => {
    const feed = await open("dies");
    const at = connection();
    feed.listen(at.send);
    feed.publish(gone(1));
    await until(() => at.got.length === 1);
    await server.kill();
    feed.publish(gone(2));
    await server.start();
    feed.publish(gone(3));
    await until(() => at.got.some((frame) => frame.type === "exchange.gone" && frame.ids[0] === "3"));
    const ids = at.got.map((frame) => (frame.type === "exchange.gone" ? frame.ids[0] : frame.type));
    expect(ids).toEqual(["1", "2", "3"]);
    await feed.close();
  });

  test("a bell that is lost costs a second, not the news", async () => {
    const feed = await open("silent");
    const at = connection();
    feed.listen(at.send);
    await sql.unsafe(
      "insert into mcpl.frame (seq, project, frame) values (nextval('mcpl.frame_seq'), 'silent', $1)",
      [JSON.stringify(gone(7))],
    );
    await until(() => at.got.length === 1);
    expect(at.types()).toEqual(["exchange.gone"]);
    await feed.close();
  });
});

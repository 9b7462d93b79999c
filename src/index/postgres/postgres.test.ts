/** The store of a team holds to the contract of the index. Skipped, and said so, where there is no Postgres. */
import { afterAll, beforeAll, describe } from "bun:test";
import type { SQL } from "bun";
import { indexContract } from "../contract.testkit.ts";
import { groupedContract } from "../grouped-contract.testkit.ts";
import { runsContract } from "../runs-contract.testkit.ts";
import { overviewContract } from "../overview-contract.testkit.ts";
import { connectStore } from "./connect.ts";
import { hasPostgres, sharedServer } from "./server.testkit.ts";
import { postgresIndex } from "./asks.ts";
import { postgresWriter } from "./writes.ts";

describe.skipIf(!hasPostgres)("the store of a team", () => {
  let sql: SQL;
  beforeAll(async () => {
    sql = await connectStore((await sharedServer()).url);
  });
  afterAll(() => sql?.close());

  // Each of a project of its own: what others have put there is nobody's business.
  let n = 0;
  const opened = () => {
    const project = `contract ${n++}`;
    const origin = { project, recorder: null, user: null, host: null };
    return {
      index: postgresIndex(sql, { token: "", projects: [project] }),
      writer: postgresWriter(sql, { token: "", origin }),
      close() {},
    };
  };
  indexContract("the index in Postgres", opened);
  groupedContract("the index in Postgres", opened);
  overviewContract("the index in Postgres", opened);
  runsContract("the index in Postgres", opened);
});

/** A connection to the store of a team, brought to our version. */
import { SQL } from "bun";
import { migrate } from "./migrate.ts";

/** A page asks some questions at once; a recorder writes one batch and tells the feed meanwhile. */
const CONNECTIONS = 6;
/** Seconds. A store that does not answer in this time is away. */
const CONNECT_S = 10;
/** An ordered page of many rows is sorted in memory, and hits of a search stay exact. Questions that take longer are given up. */
const SETTINGS = {
  work_mem: "64MB",
  statement_timeout: "60s",
  application_name: "mcp-proxy-logger",
  jit: "off",
};

/** `token`: of a page, by which its rows are guarded; "" where nobody has to show one. */
export async function connectStore(url: string, token = ""): Promise<SQL> {
  const sql = openStore(url, token);
  try {
    await migrate(sql);
    return sql;
  } catch (error) {
    await sql.close({ timeout: 0 });
    throw error;
  }
}

/** Without asking anything of it: it may be away. */
export function openStore(url: string, token = ""): SQL {
  return new SQL(url, {
    max: CONNECTIONS,
    connectionTimeout: CONNECT_S,
    idleTimeout: 0,
    connection: { ...SETTINGS, ...(token !== "" && { "mcpl.token": token }) },
  });
}

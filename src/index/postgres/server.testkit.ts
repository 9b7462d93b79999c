/** A Postgres of the tests' own, in a temporary folder; null where there is none on this machine. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asOther, freePort, ran } from "../../../scripts/processes.ts";

export type Server = {
  /** Of the database's owner. */
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** As if the power went. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

const MISSING = "skipped: no Postgres (initdb and postgres are not on the PATH)";

/** Where Debian keeps them. */
const PLACES = ["", ...[18, 17, 16, 15].map((version) => `/usr/lib/postgresql/${version}/bin/`)];

let shared: Promise<Server> | null = null;

/** Whether tests can be run; says once that they cannot. */
export const hasPostgres: boolean = binary("postgres") !== null && binary("initdb") !== null;
if (!hasPostgres) process.stderr.write(`${MISSING}\n`);

/** One for all tests of a process; it ends with it. */
export function sharedServer(): Promise<Server> {
  return (shared ??= startServer());
}

export async function startServer(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  const own = asOther([folder]);
  const data = join(folder, "data");
  await ran([
    ...own,
    binary("initdb")!,
    "-D",
    data,
    "-U",
    "postgres",
    "-A",
    "trust",
    "--no-sync",
    "-E",
    "UTF8",
  ]);
  const port = freePort();
  let postgres: Bun.Subprocess | null = null;
  const server: Server = {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    folder,
    async start() {
      const settings = [
        "fsync=off",
        "listen_addresses=127.0.0.1",
        `unix_socket_directories=${folder}`,
        "max_connections=200",
      ];
      postgres = Bun.spawn(
        [
          ...own,
          binary("postgres")!,
          "-D",
          data,
          "-p",
          String(port),
          ...settings.flatMap((one) => ["-c", one]),
        ],
        { stdio: ["ignore", "ignore", Bun.file(join(folder, "log"))] },
      );
      await answering(server.url, folder);
    },
    async kill() {
      await end("QUIT");
    },
    async stop() {
      await end("INT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
  async function end(how: "QUIT" | "INT"): Promise<void> {
    const pid = (
      await Bun.file(join(data, "postmaster.pid"))
        .text()
        .catch(() => "")
    ).split("\n")[0];
    if (pid) process.kill(Number(pid), `SIG${how}`);
    await postgres?.exited;
  }
  await server.start();
  endWithUs(folder);
  return server;
}

/** However we end: its pipe from us closes then. */
function endWithUs(folder: string): void {
  const script = `cat; kill -QUIT "$(head -n 1 "$0/data/postmaster.pid")"; sleep 1; rm -rf "$0"`;
  const child = Bun.spawn(["sh", "-c", script, folder], { stdio: ["pipe", "ignore", "ignore"] });
  child.unref();
}

async function answering(url: string, folder: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const sql = new Bun.SQL(url, { max: 1, connectionTimeout: 2 });
    try {
      await sql`select 1`;
      return;
    } catch (error) {
      if (tries > 1_000) throw new Error(await Bun.file(join(folder, "log")).text(), { cause: error });
      await Bun.sleep(20);
    } finally {
      await sql.close();
    }
  }
}

function binary(name: string): string | null {
  for (const place of PLACES) {
    const found = place === "" ? Bun.which(name) : Bun.which(place + name);
    if (found) return found;
  }
  return null;
}

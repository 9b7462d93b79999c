import { afterEach, beforeEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { announce, announced, running, type Running } from "./running.ts";
import { birthOf } from "./process-birth.ts";

let logDir = "";
beforeEach(() => void (logDir = fs.mkdtempSync(join(tmpdir(), "running-"))));
afterEach(() => fs.rmSync(logDir, { recursive: true, force: true }));

const me: Running = {
  pid: process.pid,
  started: "2026-11-28T00:00:00.000Z",
  proxyUrl: "http://127.0.0.1:8000",
  dashboardUrl: null,
  target: "https://openrouter.ai/api/v1",
};
const path = (pid: number | string = process.pid) => join(logDir, "run", `${pid}.json`);
const write = (text: string, pid: number | string = process.pid) => {
  fs.mkdirSync(join(logDir, "run"), { recursive: true });
  fs.writeFileSync(path(pid), text, { mode: 0o600 });
};

test("a program that runs is found until it takes its word back", () => {
  const takeBack = announce(logDir, me);
  expect(running(logDir)).toEqual([expect.objectContaining(me)]);
  expect(fs.statSync(path()).mode & 0o777).toBe(0o600);
  takeBack();
  expect(announced(logDir)).toEqual({ programs: [], others: 0 });
});

test.each<[string, (mine: Record<string, unknown>) => unknown]>([
  ["another address", (mine) => ({ ...mine, proxyUrl: "http://192.0.2.2:8000" })],
  ["another page", (mine) => ({ ...mine, dashboardUrl: "http://192.0.2.2:8080" })],
  ["no proof", (mine) => ({ ...mine, proof: undefined })],
  ["an empty proof", (mine) => ({ ...mine, proof: "" })],
  ["a proof of another length", (mine) => ({ ...mine, proof: "abc" })],
  ["a proof that is none", (mine) => ({ ...mine, proof: "0".repeat(64) })],
  ["a proof that is no text", (mine) => ({ ...mine, proof: ["x"] })],
  ["another time", (mine) => ({ ...mine, started: "2099-01-01T00:00:00Z" })],
  ["an address that is none", (mine) => ({ ...mine, proxyUrl: "evil" })],
  ["a list", () => []],
  ["nothing", () => null],
])("a file with %s is not believed", (_, change) => {
  announce(logDir, me);
  const mine = JSON.parse(fs.readFileSync(path(), "utf8")) as Record<string, unknown>;
  write(JSON.stringify(change(mine)));
  expect(announced(logDir)).toEqual({ programs: [], others: 1 });
});

test("a file of another process, or of another folder, is not believed", () => {
  announce(logDir, me);
  const mine = fs.readFileSync(path(), "utf8");
  write(mine, process.ppid);
  write(mine.replace(`"pid":${process.pid}`, `"pid":1`), 1);
  expect(announced(logDir)).toMatchObject({ programs: [{ pid: process.pid }], others: 2 });
  const copy = fs.mkdtempSync(join(tmpdir(), "running-"));
  fs.cpSync(logDir, copy, { recursive: true });
  expect(running(copy)).toEqual([]);
  fs.rmSync(copy, { recursive: true });
});

test("what a dead program left is removed", async () => {
  const dead = Bun.spawn(["true"]);
  await dead.exited;
  write(JSON.stringify({ ...me, pid: dead.pid }), dead.pid);
  expect(announced(logDir)).toEqual({ programs: [], others: 0 });
  expect(fs.existsSync(path(dead.pid))).toBe(false);
});

test("pipes, links, folders, giants and odd names are not waited for", () => {
  announce(logDir, me);
  fs.renameSync(path(), join(logDir, "elsewhere"));
  fs.symlinkSync(join(logDir, "elsewhere"), path());
  fs.mkdirSync(path(2));
  write("x".repeat(100_000), process.ppid);
  write("{}", "../run/x");
  Bun.spawnSync(["mkfifo", path(1)]);
  expect(announced(logDir)).toEqual({ programs: [], others: 5 });
});

test("a link in the place of our file is replaced, not followed", () => {
  fs.mkdirSync(join(logDir, "run"));
  fs.writeFileSync(join(logDir, "victim"), "precious");
  fs.symlinkSync(join(logDir, "victim"), path());
  announce(logDir, me);
  expect(fs.readFileSync(join(logDir, "victim"), "utf8")).toBe("precious");
  expect(running(logDir)).toHaveLength(1);
});

test("a process has one birth, and no other has the same number and birth", async () => {
  expect(birthOf(process.pid)).toBe(birthOf(process.pid));
  expect(birthOf(process.pid)).not.toBeNull();
  expect(birthOf(2 ** 30)).toBeNull();
});

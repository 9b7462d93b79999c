/** A log folder from anywhere: the program starts, names what it cannot read, and every page of the rest opens. */
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "bun:test";
import fc from "fast-check";
import { altered, exchanges, odd, sessions } from "./altered.ts";
import { getJson, type Json, newFolder, run, startProgram, until, type Program } from "./program.ts";

/** Some 3,000 pages are asked for one after the other: on a machine that is busy with something else that takes minutes. */
const ALL_PAGES = 900_000;

const PANELS = [
  "",
  "/conversation",
  "/answer",
  "/tools",
  "/usage",
  "/timeline",
  "/headers",
  "/raw",
  "/problems",
];

/** When all files are taken in, or named. */
async function takenIn(program: Program, files: number): Promise<Json> {
  return until(async () => {
    const status = await getJson(`${program.pageUrl}/api/status`);
    const { exchanges: taken, sessions: known, unreadable } = status;
    return taken + known + unreadable.length >= files && !/taken in/.test(status.warnings.join()) && status;
  });
}

/** Every address of everything that is listed. Returns those that do not answer with what they are asked for. */
async function failing({ pageUrl }: Program): Promise<string[]> {
  const failed: string[] = [];
  const ask = async (address: string) => {
    const response = await fetch(pageUrl + address);
    const text = await response.text();
    if (response.status !== 200) failed.push(`${response.status} ${address}: ${text.slice(0, 200)}`);
    return text;
  };
  const { items } = JSON.parse(await ask("/api/exchanges?limit=1000")) as Json;
  for (const { id } of items) {
    for (const panel of PANELS) await ask(`/llm/${id}${panel}`);
    for (const end of ["", "/reading", "/steps", "/ledger", "/rank", `/diff?with=${items[0].id}`])
      await ask(`/api/exchanges/${id}${end}`);
    for (const end of ["events", "body/request?indented", "older?to=5"]) await ask(`/llm/${id}/${end}`);
  }
  const found = JSON.parse(await ask("/api/mcp/sessions?limit=1000")) as Json;
  for (const { id } of found.items) {
    for (const end of ["", "?part=inventory", "?part=problems", "/head", "/rows"])
      await ask(`/mcp/${id}${end}`);
    const { messages } = JSON.parse(await ask(`/api/mcp/sessions/${id}`)) as Json;
    for (const { seq } of messages) await ask(`/mcp/${id}/${seq}`);
  }
  const runs = JSON.parse(await ask("/api/runs?limit=100")) as Json;
  for (const { id } of runs.items) {
    const { steps } = JSON.parse(await ask(`/api/runs/${id}`)) as Json;
    for (const end of ["", "/part", "/head"]) await ask(`/run/${id}${end}`);
    for (const step of steps.items ?? steps) await ask(`/run/${id}/part?step=${step.id}`);
  }
  for (const address of ["/", "/mcp", "/runs", "/status", "/api/facets", "/api/hosts", "/api/status"])
    await ask(address);
  return failed;
}

test(
  "wrong types in every field of exchanges and sessions",
  async () => {
    const logDir = await newFolder();
    for (const folder of ["llm_proxy", "mcp_x"]) mkdirSync(join(logDir, folder));
    const changes = fc.array(fc.tuple(fc.nat(), odd), { minLength: 1, maxLength: 3 });
    const some = fc.sample(fc.tuple(fc.nat(), changes), { numRuns: 120, seed: 7 });
    for (const [n, [at, change]] of some.entries()) {
      const id = `0190-${n}`;
      const exchange = altered(exchanges[at % exchanges.length]!, change).replace(
        /"id":\s*"[^"]*"/,
        `"id":"${id}"`,
      );
      writeFileSync(join(logDir, "llm_proxy", `2026-01-01T00-00-00.000Z_${id}.json`), exchange);
      if (n % 5 > 0) continue;
      const session = altered(sessions[at % sessions.length]!, change);
      const ids = [...new Set(session.match(/"session_id":"[^"]*"/g))];
      const renamed = ids.reduce(
        (text, one, k) => text.replaceAll(one, `"session_id":"s${n}-${k}"`),
        session,
      );
      writeFileSync(join(logDir, "mcp_x", `${n}.jsonl`), renamed);
    }
    await using program = await startProgram([], logDir);
    const { exchanges: taken, unreadable } = await takenIn(program, some.length);
    expect(taken).toBeGreaterThan(30);
    expect(unreadable.every(({ why }: Json) => why.length > 10)).toBe(true);
    expect(await failing(program)).toEqual([]);
  },
  ALL_PAGES,
);

test("a hundred thousand sessions in a file, a giant, links, pipes and folders are named, and cost little", async () => {
  const logDir = await newFolder();
  for (const folder of ["llm_proxy/packed", "mcp_x", "llm_proxy/2026_folder.json"])
    mkdirSync(join(logDir, folder), { recursive: true });
  const line = (n: number) =>
    JSON.stringify({
      session_id: `s${n}`,
      timestamp: "2026-01-01T00:00:00.000Z",
      seq: 1,
      from: "client",
      raw: "x",
    });
  writeFileSync(
    join(logDir, "mcp_x/many.jsonl"),
    Array.from({ length: 100_000 }, (_, n) => line(n)).join("\n"),
  );
  const giant = join(logDir, "llm_proxy/2026_giant.json");
  writeFileSync(giant, '{"format":1');
  truncateSync(giant, 400 * 1024 * 1024);
  symlinkSync("/dev/zero", join(logDir, "llm_proxy/2026_link.json"));
  symlinkSync("/dev/zero", join(logDir, "mcp_x/link.jsonl"));
  Bun.spawnSync(["mkfifo", join(logDir, "llm_proxy/2026_pipe.json"), join(logDir, "mcp_x/pipe.jsonl")]);
  writeFileSync(join(logDir, "llm_proxy/2026_own.json"), exchanges[0]!);
  await using program = await startProgram([], logDir);
  const { exchanges: taken, sessions: known, unreadable } = await takenIn(program, 108);
  expect([taken, known]).toEqual([1, 100]);
  const { stdout } = await run(["status", "--log-dir", logDir]);
  expect(stdout).toContain(
    "unreadable 7 files of the log folder; the first: llm_proxy/2026_folder.json: it is a folder",
  );
  const named = Object.fromEntries(unreadable.map(({ path, why }: Json) => [path, why]));
  expect(named).toEqual({
    "llm_proxy/2026_folder.json": "it is a folder, and no file: it is not opened",
    "llm_proxy/2026_giant.json": "it is too large: 419430400 bytes, more than any exchange of ours",
    "llm_proxy/2026_link.json": "it is a symbolic link, and no file: it is not opened",
    "llm_proxy/2026_pipe.json": "it is a pipe, and no file: it is not opened",
    "mcp_x/link.jsonl": "it is a symbolic link, and no file: it is not opened",
    "mcp_x/many.jsonl": expect.stringContaining("99900 of its lines could not be read"),
    "mcp_x/pipe.jsonl": "it is a pipe, and no file: it is not opened",
  });
});

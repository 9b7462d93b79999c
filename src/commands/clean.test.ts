import { expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const cli = join(import.meta.dir, "../cli.ts");

test("clean names what it deletes, and leaves what only is called like ours", () => {
  const logDir = fs.mkdtempSync(join(tmpdir(), "clean-"));
  const put = (path: string) => {
    fs.mkdirSync(join(logDir, path, ".."), { recursive: true });
    fs.writeFileSync(join(logDir, path), "x");
  };
  const ours = ["llm_proxy/a.json", "mcp_weather/s.jsonl", "run/1.json", "index.sqlite"];
  const others = ["mcp_server/index.ts", "mcp_server/s.jsonl", "trash/letter.txt", "notes.txt"];
  for (const path of [...ours, ...others]) put(path);
  fs.symlinkSync("/nowhere", join(logDir, "mcp_weather", "gone.jsonl"));
  const { exitCode, stdout } = Bun.spawnSync([process.execPath, cli, "clean", "--yes", "--log-dir", logDir], {
    env: { PATH: process.env["PATH"] ?? "", HOME: tmpdir() },
  });
  const left = fs.readdirSync(logDir, { recursive: true }).map(String).sort();
  fs.rmSync(logDir, { recursive: true });
  expect([exitCode, left]).toEqual([0, [...others, "mcp_server", "trash"].sort()]);
  const said = stdout.toString();
  expect(said).toContain("mcp_server stays: mcp_server/index.ts is no record of ours\n");
  expect(said).toContain("trash stays: trash/letter.txt is no record of ours\n");
  expect(said).toMatch(/^deleted 5 files, .* \(.*mcp_weather.*\)$/m);
});

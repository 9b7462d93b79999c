import { afterAll, expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepPrivate } from "./private.ts";
import { maskFor } from "./mask-key.ts";
import { openLines } from "./line-writer.ts";
import { writeWhole } from "./write-file.ts";

const root = fs.mkdtempSync(join(tmpdir(), "private-"));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));
const modeOf = (path: string) => (fs.lstatSync(path).mode & 0o777).toString(8);

test("whatever is made in the log folder is its owner's alone, whatever the umask", async () => {
  const before = process.umask(0);
  const logs = join(root, "made");
  try {
    maskFor(logs);
    writeWhole(join(logs, "llm_proxy", "a.json"), ["{}"], join(logs, "spool"));
    const lines = openLines(join(logs, "mcp_x", "a.jsonl"), () => "");
    lines.append("{}");
    await lines.close();
    const all = [
      logs,
      ...fs.readdirSync(logs, { recursive: true, encoding: "utf8" }).map((it) => join(logs, it)),
    ];
    const open = all.filter((path) => !["700", "600"].includes(modeOf(path)));
    expect([open, all.length]).toEqual([[], 7]);
  } finally {
    process.umask(before);
  }
});

test("a folder that is there and ours is mended, with what is ours in it; nothing is followed out of it", () => {
  const logs = join(root, "there");
  const outside = join(root, "outside");
  fs.mkdirSync(join(logs, "llm_proxy"), { recursive: true, mode: 0o755 });
  for (const path of [join(logs, "index.sqlite"), join(logs, "index.sqlite-wal"), outside])
    fs.writeFileSync(path, "", { mode: 0o644 });
  fs.symlinkSync(outside, join(logs, "mcp_link"));
  for (const path of [logs, join(logs, "llm_proxy")]) fs.chmodSync(path, 0o755);
  fs.chmodSync(outside, 0o644);
  expect(keepPrivate(logs)).toBeNull();
  expect([logs, join(logs, "llm_proxy"), join(logs, "index.sqlite-wal"), outside].map(modeOf)).toEqual([
    "700",
    "700",
    "600",
    "644",
  ]);
});

test("a folder with other things in it stays as it is, and that is told", () => {
  const logs = join(root, "mixed");
  fs.mkdirSync(join(logs, "spool"), { recursive: true });
  fs.writeFileSync(join(logs, "notes.txt"), "mine");
  fs.chmodSync(logs, 0o755);
  expect(keepPrivate(logs)).toBe(`other users of this machine can open the log folder: chmod 700 ${logs}`);
  expect([modeOf(logs), modeOf(join(logs, "spool"))]).toEqual(["755", "700"]);
  fs.chmodSync(logs, 0o700);
  expect(keepPrivate(logs)).toBeNull();
  expect(keepPrivate(join(root, "nowhere"))).toBeNull();
});

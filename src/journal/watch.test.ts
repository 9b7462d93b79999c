import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesIn, kindOf, logFolders } from "./files.ts";
import { watchLogs } from "./watch.ts";

function watched() {
  const home = mkdtempSync(join(tmpdir(), "watch-"));
  const logs = join(home, "logs");
  const files = new Set<string>();
  const folders = new Set<string>();
  const start = () =>
    watchLogs(
      logs,
      (notice) => {
        for (const file of notice.files) files.add(file);
        for (const folder of notice.folders) folders.add(folder);
      },
      { collectMs: 1, lookMs: 10, mostFiles: 20 },
    );
  let watch: ReturnType<typeof start> | null = null;
  return {
    logs,
    /** True when somebody who looks where he was told to would have seen the file, or its absence. */
    told: (path: string) => files.has(path) || folders.has(path.slice(0, path.lastIndexOf("/"))),
    files,
    forget: () => (files.clear(), folders.clear()),
    start: () => void (watch = start()),
    write(path: string) {
      mkdirSync(join(logs, path, ".."), { recursive: true });
      writeFileSync(join(logs, path), "{}");
    },
    [Symbol.dispose]() {
      watch?.close();
      rmSync(home, { recursive: true });
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await Bun.sleep(2);
}

test("files that come, change and go are noticed, in every folder of ours", async () => {
  using at = watched();
  const paths = ["llm_proxy/a.json", "llm_proxy/packed/b.json.zst", "mcp_weather/c.jsonl"];
  for (const path of paths) at.write(path);
  at.start();
  await until(() => paths.every(at.told));
  for (const change of [
    (path: string) => at.write(path),
    (path: string) => renameSync(join(at.logs, path), join(at.logs, path.replace(".json", "-new.json"))),
    (path: string) => rmSync(join(at.logs, path.replace(".json", "-new.json"))),
  ]) {
    at.forget();
    for (const path of paths) change(path);
    await until(() => paths.every((path) => at.told(path) || at.told(path.replace(".json", "-new.json"))));
  }
});

test("folders that do not exist yet, or are deleted and come back, are followed", async () => {
  using at = watched();
  at.start();
  for (let round = 0; round < 3; round++) {
    at.write("llm_proxy/a.json");
    at.write("mcp_weather/b.jsonl");
    await until(() => at.told("llm_proxy/a.json") && at.told("mcp_weather/b.jsonl"));
    at.forget();
    at.write("llm_proxy/c.json");
    await until(() => at.told("llm_proxy/c.json"));
    at.forget();
    rmSync(at.logs, { recursive: true });
    await until(() => at.told("llm_proxy/a.json") && at.told("mcp_weather/b.jsonl"));
    at.forget();
  }
});

test("more files at once than are told one by one are all noticed", async () => {
  using at = watched();
  at.write("llm_proxy/first.json");
  at.start();
  await until(() => at.told("llm_proxy/first.json"));
  at.forget();
  const many = Array.from({ length: 100 }, (_, n) => `llm_proxy/${n}.json`);
  for (const path of many) at.write(path);
  await until(() => many.every(at.told));
});

test("half-written, hidden and foreign files are none of ours", async () => {
  using at = watched();
  at.start();
  const foreign = [
    "llm_proxy/a.json.tmp",
    "llm_proxy/.b.json",
    "spool/c.json",
    "index.sqlite",
    "mcp_x/d.jsonl~",
  ];
  for (const path of [...foreign, "llm_proxy/last.json"]) at.write(path);
  await until(() => at.told("llm_proxy/last.json"));
  expect(foreign.filter((path) => at.files.has(path))).toEqual([]);
  expect(
    ["llm_proxy/x.json", "llm_proxy/packed/x.json.zst", "mcp_x/x.jsonl", "llm_proxy/note.txt"].map(kindOf),
  ).toEqual(["exchange", "pack", "session", "other"]);
  expect(kindOf("llm_proxy/packed")).toBeNull();
  expect(logFolders(at.logs)).toEqual(["llm_proxy", "mcp_x"]);
  expect(filesIn(at.logs, "llm_proxy")).toEqual([{ path: "llm_proxy/last.json", kind: "exchange" }]);
});

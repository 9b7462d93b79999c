/** A session's file whose recorder was killed gets its end from whoever finds it; all others are left as they are. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWhereDead, recorderOf } from "./dead-sessions.ts";
import { recorderMark } from "./recorder-mark.ts";

const folder = mkdtempSync(join(tmpdir(), "dead-sessions-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function session(recorder: object, ...more: string[]): string {
  const path = join(folder, `${files++}.jsonl`);
  const start = { session_id: "s", seq: 1, t_ms: 0, event: "start", recorder };
  const asked = { session_id: "s", seq: 2, t_ms: 5, from: "client", message: {} };
  writeFileSync(path, [JSON.stringify(start), JSON.stringify(asked), ...more].join("\n"));
  return path;
}
const ended = (path: string) => endWhereDead(path, recorderOf(path));

async function dead(): Promise<number> {
  const child = Bun.spawn(["true"]);
  await child.exited;
  return child.pid;
}

test("the file of a killed recorder gets one last line, after half a line too", async () => {
  const mark = { ...recorderMark(), pid: await dead() };
  for (const rest of ["", '{"session_id":"s","seq":3,"fro']) {
    const path = session(mark, rest);
    expect([ended(path), ended(path)]).toEqual([true, false]);
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
      session_id: "s",
      seq: 3,
      t_ms: 5,
      event: "exit",
      ending: "interrupted",
    });
  }
});

test.skipIf(process.platform !== "linux")("a number that was given to another process is no recorder", () => {
  expect(ended(session({ ...recorderMark(), born: "1" }, ""))).toBe(true);
});

test("a recorder that lives, one of another machine and one that does not say who it is are left alone", async () => {
  const pid = await dead();
  const marks = [recorderMark(), { ...recorderMark(), machine: "other", pid }, { pid }, {}];
  expect(marks.map((mark) => ended(session(mark, "")))).toEqual([false, false, false, false]);
  expect(endWhereDead(join(folder, "nothing"), { ...recorderMark(), pid })).toBe(false);
});

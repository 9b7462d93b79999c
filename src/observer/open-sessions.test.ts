/** Sessions whose recorder is gone are ended, old ones at the start and new ones when they are seen; each once. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recorderMark } from "../journal/recorder-mark.ts";
import { openSessions } from "./open-sessions.ts";

const logs = mkdtempSync(join(tmpdir(), "open-sessions-"));
afterAll(() => rmSync(logs, { recursive: true, force: true }));

test("a session of a dead recorder is ended once, one of a living one goes on", async () => {
  const gone = Bun.spawn(["true"]);
  await gone.exited;
  const sessions: { id: string; state: "open" | "closed" }[] = [];
  const write = (id: string, pid: number) => {
    const recorder = { ...recorderMark(), pid };
    writeFileSync(
      join(logs, id),
      `${JSON.stringify({ session_id: id, seq: 1, t_ms: 0, event: "start", recorder })}\n`,
    );
    sessions.unshift({ id, state: "open" });
  };
  const ends = () =>
    sessions.map(({ id }) => readFileSync(join(logs, id), "utf8").split('"exit"').length - 1);
  const page = ({ limit, before }: { limit: number; before?: string }) => {
    const from = before === undefined ? 0 : sessions.findIndex(({ id }) => id === before) + 1;
    const items = sessions.slice(from, from + limit);
    const next = from + limit < sessions.length ? items.at(-1)!.id : null;
    return Promise.resolve({ items, next, total: sessions.length } as never);
  };
  const open = openSessions(logs, { sessions: page }, (id) => id);
  for (let n = 0; n < 150; n++) write(`old-${n}`, n === 0 ? gone.pid : process.pid);
  await open.look();
  write("new", gone.pid);
  await open.look();
  await open.look();
  expect(ends()).toEqual([1, ...Array.from({ length: 149 }, () => 0), 1]);
});

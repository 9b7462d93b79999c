import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../config.ts";
import type { Fact } from "../fact/fact.ts";
import { concat } from "../fact/concat.ts";
import { encodeFacts } from "../fact/line.ts";
import { Spool } from "../journal/spool.ts";
import type { Settings } from "./messages.ts";
import { loadAhead, observe } from "./thread.ts";

const open = (id: string): Fact => ({
  fact: "open",
  id,
  at: 1700000000000,
  wire: "http",
  method: "POST",
  path: "/x",
  upstream: "u",
  target: "http://u/x",
  headers: [],
});
const said = (id: string, t: number, text: string): Fact => ({
  fact: "bytes",
  id,
  t,
  from: "server",
  bytes: new TextEncoder().encode(text),
});
const head = (id: string): Fact => ({
  fact: "head",
  id,
  t: 1,
  status: 200,
  headers: [["content-type", "text/plain"]],
});
const close = (id: string): Fact => ({ fact: "close", id, t: 9, ending: "complete", error: null });

const settings = (logDir: string): Settings => ({
  config: readConfig(["--log-dir", logDir, "--web-port", "0"], {}),
  life: "life",
  startedAt: 0,
  proxyUrl: null,
  upstreams: [],
  defaultUpstream: "u",
  version: "0",
  demo: null,
  packs: null,
  here: [],
  web: false,
  warnings: [],
});

test("one that was loaded ahead is the first that is asked, and a second one is loaded for itself", async () => {
  const logDir = mkdtempSync(join(tmpdir(), "observer-"));
  const events = { acked() {}, finished() {}, warning() {}, died: async () => [] };
  loadAhead();
  const threads = [observe(() => settings(logDir), events), observe(() => settings(logDir), events)];
  expect(await Promise.all(threads.map(({ ready }) => ready))).toEqual([null, null]);
  await Promise.all(threads.map((thread) => thread.stop()));
  rmSync(logDir, { recursive: true });
});

test("an observer that dies is started again, and exchanges in flight lose nothing", async () => {
  const logDir = mkdtempSync(join(tmpdir(), "observer-"));
  const spool = new Spool(logDir, "life", {
    written: (range) => thread.post({ type: "spooled", range }),
    refused: ({ seq: n, parts }) => thread.post({ type: "facts", seq: n, bytes: concat(parts) }),
  });
  const finished: string[] = [];
  const died: string[] = [];
  let seq = 0;
  const thread = observe(() => settings(logDir), {
    acked: () => {},
    finished: (ids) => finished.push(...ids),
    warning: () => {},
    died(reason) {
      died.push(reason);
      return spool.settled();
    },
  });
  const tell = (...facts: Fact[]) => {
    const opened = facts.flatMap((fact) => (fact.fact === "open" ? [fact.id] : []));
    spool.append({ seq: ++seq, parts: encodeFacts(facts), opened });
    return spool.settled();
  };
  await thread.ready;

  await tell(open("a"), head("a"), said("a", 2, "before "));
  // What no correct program sends: the thread dies of it.
  thread.post(null as never);
  while (died.length === 0) await new Promise((next) => setImmediate(next));
  await tell(said("a", 5, "while it was gone "));
  await tell(said("a", 7, "after"), close("a"));
  while (finished.length === 0) await new Promise((next) => setTimeout(next, 5));
  await thread.stop();
  await spool.close();

  const files = readdirSync(join(logDir, "llm_proxy"));
  expect(files).toHaveLength(1);
  const file = JSON.parse(readFileSync(join(logDir, "llm_proxy", files[0]!), "utf8"));
  expect([file.ending, file.response_body]).toEqual(["complete", "before while it was gone after"]);
  expect(died).toHaveLength(1);
  rmSync(logDir, { recursive: true });
});

/** The whole way of a fact from the capture thread to its file, on one thread, with a part of it exchanged. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOutbox } from "../capture/record/outbox.ts";
import { concat } from "../fact/concat.ts";
import type { Fact } from "../fact/fact.ts";
import { createFeed } from "../feed/ring.ts";
import type { Index, LocalIndex } from "../index/index.ts";
import { openIndex } from "../index/sqlite.ts";
import { Spool } from "../journal/spool.ts";
import { Recorder, type RecorderOptions } from "./recorder.ts";

export function createWay(changed: Partial<RecorderOptions> & { index?: Index & LocalIndex } = {}) {
  const logDir = mkdtempSync(join(tmpdir(), "disk-faults-"));
  const index = changed.index ?? openIndex(":memory:");
  const settled: string[] = [];
  const recorder = new Recorder({
    logDir,
    mask: null,
    index,
    feed: createFeed({ ring: 100, queue: 100 }),
    thread: () => null,
    onWritten: () => {},
    onFact: () => {},
    onSettled: (id) => {
      settled.push(id);
      spool.finished([id]);
    },
    ...changed,
  });
  const spool = new Spool(logDir, "life", {
    written(range, seq) {
      recorder.take(range);
      outbox.acked(seq);
    },
    refused({ seq, parts }) {
      recorder.take(concat(parts));
      outbox.acked(seq);
    },
  });
  const outbox = createOutbox({ post: (batch) => spool.append(batch) });
  return {
    logDir,
    index,
    recorder,
    spool,
    settled,
    async tell(...facts: Fact[]) {
      facts.forEach(outbox.tell);
      outbox.flush();
      await spool.settled();
    },
    files: () =>
      (existsSync(join(logDir, "llm_proxy")) ? readdirSync(join(logDir, "llm_proxy")) : [])
        .filter((name) => name.endsWith(".json"))
        .toSorted()
        .map((name) => JSON.parse(readFileSync(join(logDir, "llm_proxy", name), "utf8"))),
    async [Symbol.asyncDispose]() {
      await recorder.stop();
      await spool.close();
      index.close();
      rmSync(logDir, { recursive: true, force: true });
    },
  };
}

export const exchange = (id: string, answer = `answer of ${id}`): Fact[] => [
  {
    fact: "open",
    id,
    at: 1.7e12,
    wire: "http",
    method: "POST",
    path: `/${id}`,
    upstream: "u",
    target: `http://u/${id}`,
    headers: [],
  },
  { fact: "head", id, t: 1, status: 200, headers: [["content-type", "text/plain"]] },
  { fact: "bytes", id, t: 2, from: "server", bytes: new TextEncoder().encode(answer) },
  { fact: "close", id, t: 3, ending: "complete", error: null },
];

export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Bun.sleep(5);
}

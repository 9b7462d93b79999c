/** The figures of the documents are those of the code: each stands here with the constant that it tells of. */
import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./program.ts";

const MB = (n: number) => `${n} * 1024 * 1024;`;
const KB = (n: number) => `${n} * 1024;`;

/** In a document: words with the figure. In the code: the file, the constant and its value as it is written there. */
const FIGURES: Record<string, readonly (readonly [said: string, file: string, held: string])[]> = {
  "docs/architecture.md": [
    ["hands them to the spool", "src/capture/record/outbox.ts", "FLUSH_MS = 8;"],
    ["| 256 KB | 431", "src/capture/http1/head.ts", `LARGEST_HEAD = ${KB(256)}`],
    ["asked last | 4 KB", "src/capture/last-head.ts", `LONGEST_KEPT = ${KB(4)}`],
    ["| a minute | 408", "src/capture/inbox.ts", "HEAD_MS = 60_000;"],
    ["10,000 steps, 100, 500", "src/capture/http1/body.ts", "STEPS_AT_ONCE = 10_000;"],
    ["10,000 steps, 100, 500", "src/capture/http1/response-heads.ts", "INTERIM_AT_ONCE = 100;"],
    ["10,000 steps, 100, 500", "src/capture/websocket.ts", "FRAMES_AT_ONCE = 500;"],
    ["16 MB of uploads in all", "src/capture/connection.ts", "new ByteBudget(16 * 1024 * 1024)"],
    ["counted with 256 bytes more", "src/capture/record/later.ts", "TASK_BYTES = 256;"],
    ["| 8 MB, 24 MB on the way to disk", "src/capture/record/later.ts", `CROWDED_BYTES = ${MB(8)}`],
    ["| 8 MB, 24 MB on the way to disk", "src/capture/record/outbox.ts", `CROWDED = ${MB(24)}`],
    ["never longer than 100 ms", "src/capture/record/paused-sources.ts", "LONGEST_STOP_MS = 100;"],
    ["half a second, 16,384 pieces", "src/capture/record/mask-body.ts", "QUIET_MS = 500;"],
    ["half a second, 16,384 pieces", "src/capture/record/mask-body.ts", `MOST_HELD = ${KB(16)}`],
    ["64 KB of a value", "src/fact/secrets/values.ts", `LONGEST_VALUE = ${KB(64)}`],
    ["64 steps a byte", "src/fact/secrets/scan.ts", "MOST_STEPS = 64;"],
    ["the disk does not take | 128 MB", "src/capture/record/outbox.ts", `DEFAULT_LIMIT = ${MB(128)}`],
    ["| 32 MB (`--body-limit`)", "src/config.ts", "bodyLimit: 32 * 1024 * 1024,"],
    ["and 150,000 pieces", "src/capture/record/kept-side.ts", "MOST_PIECES = 150_000;"],
    ["nesting of some hundred levels", "src/fact/nesting.ts", "DEEPEST = 500;"],
    ["that are read | 100,000", "src/read/frames/frame.ts", "MOST_FRAMES = 100_000;"],
    ["in `logs/` | 192 MB", "src/journal/files.ts", `LARGEST_FILE = ${MB(192)}`],
    ["| 40 to 300, 200", "src/telemetry/label-values.ts", "rule: 300, server: 40,"],
    ["200 to 1,000 |", "src/telemetry/registry.ts", "counter: 1_000, histogram: 400, gauge: 200,"],
    ["wait for a collector | 8,192", "src/telemetry/send/outbox.ts", "MOST_SPANS = 8_192;"],
    ["| slices of 8 ms", "src/observer/recorder.ts", "SLICE_MS = 8;"],
  ],
  "docs/socket.md": [
    ["and every 15 s", "src/web/socket.ts", "HEARTBEAT_MS = 15_000;"],
    ["at most 256", "src/web/socket.ts", "MOST_TOGETHER = 256;"],
    ["at most 16 of these", "src/web/socket.ts", "MOST_SUBSCRIPTIONS = 16;"],
    ["the last 8,000 frames", "src/observer/observer.ts", "RING = 8_000;"],
    ["as fit in 8 MB", "src/feed/delivery.ts", `RING_BYTES = ${MB(8)}`],
    ["(of a team's page 20,000)", "src/team/page.ts", "RING = 20_000;"],
    ["more than 5,000 frames", "src/observer/observer.ts", "QUEUE = 5_000;"],
    ["5,000 frames or 8 MB", "src/feed/delivery.ts", `QUEUE_BYTES = ${MB(8)}`],
  ],
  "SECURITY.md": [
    ["nests deeper than 500 levels", "src/fact/nesting.ts", "DEEPEST = 500;"],
    ["two million values", "src/fact/nesting.ts", "MOST_VALUES = 2_000_000;"],
    ["told after half a second", "src/capture/record/mask-body.ts", "QUIET_MS = 500;"],
    ["4 KB at a time", "src/fact/parts.ts", `PART_BYTES = ${KB(4)}`],
    ["64 steps a byte", "src/fact/secrets/scan.ts", "MOST_STEPS = 64;"],
    ["an exchange file 40 MiB", "src/journal/outline.ts", `LARGEST_READ = ${MB(40)}`],
    ["up to 192 MiB", "src/journal/files.ts", `LARGEST_FILE = ${MB(192)}`],
    ["a line of a session 64 MiB", "src/journal/tail.ts", `MOST_LINE_BYTES = ${MB(64)}`],
    ["sessions in one file 100", "src/observer/session-follower.ts", "MOST_SESSIONS = 100;"],
    ["pack 1 GiB unpacked", "src/journal/pack-file.ts", "LARGEST_PACK = 1024 * 1024 * 1024;"],
    ["a spool file 1 GiB", "src/journal/leftovers.ts", "MOST_BYTES = 1024 * 1024 * 1024;"],
    ["events of a stream 100,000", "src/read/frames/frame.ts", "MOST_FRAMES = 100_000;"],
    ["a schema's check 200,000", "src/read/schema-steps.ts", "MOST_STEPS = 200_000;"],
    ["its rules look at 50,000", "src/read/mcp/session.ts", "MOST_LINES = 50_000;"],
  ],
};

const read = (path: string) => readFileSync(join(root, path), "utf8").replaceAll(/\s+/g, " ");

test.each(Object.entries(FIGURES))("the figures of %s are those of the code", (document, figures) => {
  const text = read(document);
  const untrue = figures.filter(
    ([said, file, held]) =>
      !text.includes(said) || !existsSync(join(root, file)) || !read(file).includes(held),
  );
  expect(untrue).toEqual([]);
});

test("each row of what is bounded has its figure here", () => {
  const table = /## What is bounded by what\n([^]*?)\n## |$/.exec(
    readFileSync(join(root, "docs/architecture.md"), "utf8"),
  )![1]!;
  const rows = table
    .split("\n")
    .filter((line) => /^\| [^-]/.test(line))
    .slice(1);
  const said = FIGURES["docs/architecture.md"]!.map(([words]) => words);
  const free = rows.filter((row) => !said.some((words) => row.includes(words)));
  // The feed's own document says how many frames and bytes.
  expect(free.filter((row) => !row.startsWith("| frames of the feed"))).toEqual([]);
});

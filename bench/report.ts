/** The table and the chart of a run. */
import { join } from "node:path";
import { chart } from "./chart.ts";
import type { PageFigures } from "./page.ts";
import { addedTo, median, type Results } from "./results.ts";

const BARE = "bare pass-through (Bun.serve + fetch)";

/** `folder`: where README.md and chart.svg go; null only prints. */
export async function report(results: Results, folder: string | null): Promise<void> {
  const text = markdown(results);
  process.stdout.write(text);
  if (folder === null) return;
  await Bun.write(join(folder, "README.md"), text);
  await Bun.write(join(folder, "chart.svg"), chart(results));
}

function markdown(results: Results): string {
  const { names, sizes, rates, times, memories, startMs, recording, searching, joined, read, page, drawn } =
    results;
  const proxies = names.filter((name) => name !== "direct");
  const bare = (connections: number) => median(rates.get(BARE)?.[connections] ?? [NaN]);
  const small = names.map((name) => {
    const cells = [16, 256].flatMap((connections) => {
      const perSecond = median(rates.get(name)![connections]!);
      return [round(perSecond), `${(perSecond / bare(connections)).toFixed(2)}`];
    });
    return [name, ...cells];
  });
  const streamed = [1, 16].flatMap((at) =>
    sizes.map((size) => {
      const rows = proxies
        .filter((name) => times.has(`${name}|${at}|${size}`))
        .map((name) => [name, ...addedTo(times, name, at, size).map((value) => value.toFixed(2))]);
      return `\n${at === 1 ? "One stream at a time" : `${at} streams at once`}, request bodies of ${size / 1000} KB:\n\n${table(
        ["", "first byte p50", "p95", "p99", "each chunk p50", "p95", "p99"],
        rows,
      )}`;
    }),
  );
  return `# Measured

Made by \`bun run bench\` on ${results.machine}. This proxy has everything on: masking, files, index, page. All stand
before the same upstream in the same run, with the load generator on the same machine; rounds are interleaved and
medians count. Ratios carry over to other machines, numbers do not.

![Added time to the first byte, requests per second, memory](chart.svg)

## Small requests

Answers per second over kept connections, and the ratio to the bare pass-through.

${table(["", "16 connections", "ratio", "256 connections", "ratio"], small)}

## Streams: added time in ms

What each adds to the time without it. \`bun run bench\` says what a chunk adds from its leaving the upstream to its
arrival, less the same without a proxy; below the clock's noise it can be negative.
${streamed.join("\n")}

## One gigabyte through 16 streams

${table(
  ["", "memory before, MB", "peak, MB", "MB/s"],
  names.flatMap((name) => {
    const found = memories.get(name);
    return found ? [[name, round(found.before), round(found.peak), round(found.perSecond)]] : [];
  }),
)}

## Start, until it takes connections

${table(
  ["", "ms"],
  proxies.flatMap((name) => (startMs.has(name) ? [[name, round(median(startMs.get(name)!))]] : [])),
)}

## The recorder

A burst of ${recording.exchanges} exchanges passed at ${round(recording.passedPerSecond)}/s, on a machine that also asked and answered.
${round(recording.backlog)} waited in the spool at its end and came to rest, in files and in the index, at ${round(recording.drainedPerSecond)}/s; all of
it together from the first request on at ${round(recording.settledPerSecond)}/s. With ${recording.onDisk} exchanges on disk the next start took
${round(recording.nextStartMs)} ms.

${table(
  ["exchanges in the index", "put per second", "first page, ms", "search, ms", "facets, ms"],
  searching.map((one) => [
    String(one.exchanges),
    round(one.putPerSecond),
    one.firstPageMs.toFixed(1),
    one.searchMs.toFixed(1),
    one.facetsMs.toFixed(1),
  ]),
)}

## Joining both wires

Model calls and tool calls of one run joined per second of a core's time, at which the last tenth of a run so long goes.

${table(
  ["steps of the run", "joined per second"],
  joined.map(({ steps, perSecond }) => [String(steps), round(perSecond)]),
)}

## Reading

MB of a long answer that each dialect reads in a second of the processor's time: taken apart, put together, read, checked by
every rule. The best of the rounds counts: whatever else the machine does only makes it slower.

${readingTable(read)}

## The page

${page ? pageText(page) : "There is no chromium here."}

## Drawing a run

The page of a run in chromium, from the navigation to the first frame with its lanes and its story; then frames a second
while 50 steps a second come, beside those of the same page at rest. Empty where there is no browser.

${table(
  [
    "steps of the run",
    "first picture, ms",
    "frames/s live",
    "frames/s at rest",
    "longest frame, ms",
    "thread until the first picture, ms",
    "thread while live, ms/s",
  ],
  drawn.map(({ steps, first, frames, idle, longest, work_first, work }) =>
    [String(steps), first, frames, idle, longest, work_first, work].map((value) =>
      typeof value === "number" ? round(value) : value,
    ),
  ),
)}

## What limits it

- Small requests: one thread holds both sides of every connection, and most of its time goes to the system's \`send\` and
  \`recv\`. The bare pass-through has its \`fetch\` on a thread of its own.
- Large requests, many at once: each body is read, parsed, searched for words and written by the observer's thread. It
  gives way to the traffic (a lower priority, on Linux), but shares the memory and its bandwidth.
- The recorder: one thread; more than a quarter of its time goes to the file (create, write, rename), a fifth to the index
  and its full text, a third to the reading. What it has not done yet waits on disk, in the spool.
- The start: this proxy's figure is until its page is there too; it takes connections after about two thirds of that. The
  rest is the observer's thread, whose modules are compiled at each start.
- Memory: what waits for the disk is held to some ten MB by slowing traffic that is faster than the disk; the rest of
  the peak is what the collector has not taken back yet. It does not grow with what passes.
`;
}

/** With another checkout beside it, how many times as fast as that one this one reads. */
function readingTable(speeds: Results["read"]): string {
  const isCompared = speeds.some(({ before }) => before !== null);
  return table(
    ["recording", "MB/s", ...(isCompared ? ["before", "ratio"] : [])],
    speeds.map(({ recording, perSecond, before }) => [
      recording,
      perSecond.toFixed(1),
      ...(isCompared ? [before?.toFixed(1) ?? "", before ? (perSecond / before).toFixed(2) : ""] : []),
    ]),
  );
}

/** In chromium without a graphics card, on the machine that also serves, publishes and measures. */
function pageText({ rows, firstRow, click, typing, live, scroll, memory }: PageFigures): string {
  const ms = (value: number) => value.toFixed(0);
  return `Over an index of ${rows} exchanges, in chromium without a graphics card, all on one machine, in ms.

${table(
  ["", "median", "best or worst"],
  [
    ["first row drawn, since the page was asked for", ms(firstRow.median), ms(firstRow.best)],
    ["click on a row until its detail is drawn", ms(click.median), ms(click.worst)],
    ["key in the filter until all that fit are counted and shown", ms(typing.median), ms(typing.worst)],
  ],
)}

${table(
  [
    "in groups",
    "frames of the feed a second",
    "a frame of the display, median",
    "p99",
    "worst",
    "row in the list after, median",
    "p99",
  ],
  live.map(({ group, framesPerSecond, frame, seen }) => [
    group,
    String(framesPerSecond),
    ...[frame.median, frame.p99, frame.worst, seen.median, seen.p99].map(ms),
  ]),
)}

${table(
  ["going through all rows, in groups", "a frame of the display, median", "p99", "worst"],
  scroll.map(({ group, median, p99, worst }) => [group, ...[median, p99, worst].map(ms)]),
)}

The page's own memory after a collection: ${memory.before.toFixed(1)} MB at rest, ${memory.after.toFixed(1)} MB after all of that.`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, n) => (n === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

function round(value: number): string {
  return Number.isNaN(value) ? "–" : String(Math.round(value));
}

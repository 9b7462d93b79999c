/** The time of a run as a bar: for whom it waited, as parts of how long it took. */
import type { RunRow } from "../fact/rows.ts";
import { isOver } from "../filter/run-state.ts";
import { place } from "./bar.ts";

/** `ms` of each, and where it stands in percent of the bar's width. */
export type RunPart = {
  readonly of: "model" | "tool" | "host";
  readonly ms: number;
  readonly from: number;
  readonly width: number;
};

/** Runs take longer than exchanges: half of the width is two minutes, all of it three hours. */
const KNEE_MS = 1_000;
const LONGEST_MS = 10_800_000;

/**
 * Models, servers, and what is left: the host, which may wait for a person. Those that worked side by side took together
 * longer than the run: their parts are as they are to each other. Null for rows that do not say it.
 */
export function runBar(run: RunRow, now: number): RunPart[] | null {
  const { took } = run;
  if (!took || !Number.isFinite(took.model) || !Number.isFinite(took.tool)) return null;
  const isGoing = !isOver(run, now);
  const whole = Math.max(0, (isGoing ? now : run.last_at) - run.at);
  const since = isGoing ? Math.max(0, now - run.state_since) : 0;
  const model = took.model + (run.state === "model" ? since : 0);
  const tool = took.tool + (run.state === "tool" ? since : 0);
  const host = Math.max(0, whole - model - tool);
  const sum = model + tool + host;
  const width = Math.max(1, place(whole, KNEE_MS, LONGEST_MS));
  let from = 0;
  return (
    [
      ["model", model],
      ["tool", tool],
      ["host", host],
    ] as const
  ).map(([of, ms]) => {
    const share = sum === 0 ? 0 : Math.round((ms / sum) * width * 10) / 10;
    from += share;
    return { of, ms, from: Math.round((from - share) * 10) / 10, width: share };
  });
}

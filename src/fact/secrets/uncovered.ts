/** What two searches found in the same bytes, without overlaps: what one of them found stays, and of the other the rest. */
import type { Span } from "./spans.ts";

/** The parts of `others` that none of `spans` covers; each list goes by its start. A part of one is no whole one. */
export function uncovered(others: readonly Span[], spans: readonly Span[]): Span[] {
  if (others.length === 0) return [];
  const out: Span[] = [];
  let done = 0;
  let n = 0;
  for (const other of others) {
    const { start, end } = other;
    let from = Math.max(start, done);
    done = Math.max(done, end);
    while (n < spans.length && spans[n]!.end <= from) n++;
    for (let k = n; k < spans.length && spans[k]!.start < end; k++) {
      if (spans[k]!.start > from) out.push({ start: from, end: spans[k]!.start, kind: "half" });
      from = Math.max(from, spans[k]!.end);
    }
    if (from < end) out.push(from === start ? other : { start: from, end, kind: "half" });
  }
  return out;
}

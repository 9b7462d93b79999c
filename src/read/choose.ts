/** Bidding: each dialect says how sure it is, the surest reads. A bidder that throws has bid nothing. */
import type { Dialect, Glimpse } from "./dialect.ts";

export function choose(dialects: readonly Dialect[], glimpse: Glimpse): Dialect {
  let best: Dialect | undefined;
  let highest = -1;
  for (const dialect of dialects) {
    const bid = bidOf(dialect, glimpse);
    if (bid <= highest) continue;
    best = dialect;
    highest = bid;
  }
  if (!best) throw new Error("the list of dialects is empty; it must hold at least `raw`");
  return best;
}

function bidOf(dialect: Dialect, glimpse: Glimpse): number {
  try {
    return dialect.bid(glimpse);
  } catch {
    return 0;
  }
}

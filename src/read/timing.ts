/** When things came: first byte, first token, speed, the longest silence. All from the times of the reads. */
import type { Exchange } from "../fact/exchange.ts";
import type { Look } from "./look.ts";
import type { Timing, Usage } from "./reading.ts";

export function timingOf(exchange: Exchange, seen: Look, usage: Usage | null): Timing {
  const frames = seen.stream?.frames ?? [];
  const tokens = frames.filter((frame) =>
    seen.added.get(frame.n)?.some(({ lane }) => lane === "text" || lane === "reasoning" || lane === "tool"),
  );
  const firstToken = frames.find((frame) => frame.n === seen.firstToken) ?? tokens[0];
  const lastToken = tokens.at(-1);
  const took = firstToken && lastToken ? lastToken.t - firstToken.t : 0;
  // With everything in one read there is no speed to speak of.
  const speed = took > 0 && usage?.output ? (usage.output * 1000) / took : null;
  return {
    ttfb_ms: exchange.response?.ttfb ?? null,
    ttft_ms: firstToken?.t ?? null,
    tokens_per_s: speed,
    longest_gap_ms: seen.stream ? longestGap(exchange) : null,
    duration_ms: exchange.close?.t ?? null,
  };
}

/** Between two reads of the answer, from its head on. */
function longestGap(exchange: Exchange): number | null {
  const { response } = exchange;
  if (!response || response.pieces.length === 0) return null;
  let longest = 0;
  let before = response.ttfb;
  for (const { t } of response.pieces) {
    longest = Math.max(longest, t - before);
    before = t;
  }
  return longest;
}

/** When things came: first byte, first token, speed, the longest silence. From the times of the reads, and from the server's own. */
import type { Exchange } from "../fact/exchange.ts";
import type { Lane } from "./dialect.ts";
import { number, object, type Json } from "./json.ts";
import type { Look } from "./look.ts";
import type { Timing, Usage } from "./reading.ts";

/** `reasoning` is the text of it that came. */
export function timingOf(exchange: Exchange, seen: Look, usage: Usage | null, reasoning = ""): Timing {
  const frames = seen.stream?.frames ?? [];
  const isHidden = (usage?.reasoning ?? 0) > reasoning.length;
  const holds = (n: number, lanes: ReadonlySet<Lane>) =>
    seen.added.get(n)?.some(({ lane }) => lanes.has(lane));
  const firstToken =
    frames.find(({ n }) => n === seen.firstToken) ?? frames.find(({ n }) => holds(n, TOKENS));
  // What was thought and not sent took its time before the first word: only what was sent has a speed on the wire.
  const lanes = isHidden ? SHOWN_LANES : TOKENS;
  const start = isHidden ? frames.find(({ n }) => holds(n, SHOWN_LANES)) : firstToken;
  const took = start ? (frames.findLast(({ n }) => holds(n, lanes))?.t ?? start.t) - start.t : 0;
  const sent = (usage?.output ?? 0) - (isHidden ? (usage?.reasoning ?? 0) : 0);
  // With everything in one read there is no speed to speak of.
  const speed = took > 0 && sent > 0 ? (sent * 1000) / took : null;
  return {
    ttfb_ms: exchange.response?.ttfb ?? null,
    ttft_ms: firstToken?.t ?? null,
    tokens_per_s: ownSpeed(object(seen.message)) ?? speed,
    longest_gap_ms: seen.stream ? longestGap(exchange) : null,
    duration_ms: exchange.close?.t ?? null,
  };
}

const TOKENS: ReadonlySet<Lane> = new Set(["text", "reasoning", "tool"]);
const SHOWN_LANES: ReadonlySet<Lane> = new Set(["text", "tool"]);

/** What the server measured itself: llama.cpp and LM Studio per second, Groq and Cerebras in seconds, Ollama in nanoseconds. */
function ownSpeed(message: Json): number | null {
  const timings = object(message["timings"]);
  const stated =
    number(timings["predicted_per_second"]) ?? number(object(message["stats"])["tokens_per_second"]);
  if (stated !== null && stated > 0) return stated;
  const usage = object(message["usage"]);
  const spent = number(usage["completion_time"]) ?? number(object(message["time_info"])["completion_time"]);
  const [count, seconds] =
    spent === null
      ? [number(message["eval_count"]), (number(message["eval_duration"]) ?? 0) / 1e9]
      : [number(usage["completion_tokens"]), spent];
  return count !== null && count > 0 && seconds >= SHORTEST ? count / seconds : null;
}

/** In less than a millisecond nothing is generated: such a duration was not measured. */
const SHORTEST = 0.001;

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

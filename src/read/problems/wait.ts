/** How long an API asks to be left alone: from its headers, else from its own words. */
import { header, type Exchange } from "../../fact/exchange.ts";
import type { Header } from "../../fact/fact.ts";
import { object, objects, text } from "../json.ts";
import type { ReadError } from "../reading.ts";

/** A sentence with the seconds; null when nothing names any. `body`: of the answer. */
export function waitOf({ at, response }: Exchange, error: ReadError | null, body: unknown): string | null {
  const headers = response?.headers ?? [];
  const ms = header(headers, "retry-after-ms");
  if (ms !== undefined && /^\d+(\.\d+)?$/.test(ms)) return sentence(Number(ms) / 1000, "retry-after-ms");
  const after = header(headers, "retry-after")?.trim();
  if (after !== undefined && /^\d+(\.\d+)?$/.test(after)) return sentence(Number(after), "retry-after");
  // As a date (RFC 9110 10.2.3): from the server's own clock where it tells it.
  const until = after === undefined ? NaN : Date.parse(after);
  const now = Date.parse(header(headers, "date") ?? "") || at;
  if (!Number.isNaN(until) && until > now) return sentence((until - now) / 1000, "retry-after");
  const said = /(?:try again|retry) in ((?:\d+h)?(?:\d+m(?!s))?(?:\d+(?:\.\d+)?m?s)?)/i.exec(
    error?.message.slice(0, 2000) ?? "",
  );
  if (!said) return delayIn(body) ?? resetOf(headers);
  const seconds = secondsOf(said[1] ?? "");
  return seconds > 0 ? sentence(seconds, "the message") : null;
}

/** Google's own: `{ error: { details: [{ retryDelay: "34s" }] } }`, alone or in a list. */
function delayIn(body: unknown): string | null {
  const error = object(object(Array.isArray(body) ? body[0] : body)["error"]);
  for (const { retryDelay } of objects(error["details"]).slice(0, 20)) {
    const seconds = secondsOf(text(retryDelay) ?? "");
    if (seconds > 0) return sentence(seconds, "retryDelay");
  }
  return null;
}

/** OpenAI and who follows it: when what is used up will be there again, as `6m0s`. */
function resetOf(headers: readonly Header[]): string | null {
  const waits = ["requests", "tokens"].map((what) => {
    if (header(headers, `x-ratelimit-remaining-${what}`) !== "0") return 0;
    return secondsOf(header(headers, `x-ratelimit-reset-${what}`) ?? "");
  });
  const longest = Math.max(...waits);
  return longest > 0 ? sentence(longest, "x-ratelimit-reset") : null;
}

function secondsOf(said: string): number {
  const found = /^(?:(\d{1,5})h)?(?:(\d{1,5})m(?!s))?(?:(\d{1,9}(?:\.\d{1,9})?)(ms|s))?$/.exec(said);
  if (!found) return 0;
  const [, hours = "0", minutes = "0", count = "0", unit] = found;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(count) / (unit === "ms" ? 1000 : 1);
}

function sentence(seconds: number, by: string): string {
  const shown = seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds);
  return `It asks to wait ${shown} s (${by}).`;
}

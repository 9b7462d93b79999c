/** How long an API asks to be left alone: from its headers, else from its own words. */
import { header, type Exchange } from "../../fact/exchange.ts";
import type { ReadError } from "../reading.ts";

/** A sentence with the seconds; null when nothing names any. */
export function waitOf({ at, response }: Exchange, error: ReadError | null): string | null {
  const headers = response?.headers ?? [];
  const ms = header(headers, "retry-after-ms");
  if (ms !== undefined && /^\d+(\.\d+)?$/.test(ms)) return sentence(Number(ms) / 1000, "retry-after-ms");
  const after = header(headers, "retry-after")?.trim();
  if (after !== undefined && /^\d+(\.\d+)?$/.test(after)) return sentence(Number(after), "retry-after");
  // As a date (RFC 9110 10.2.3): from the server's own clock where it tells it.
  const until = after === undefined ? NaN : Date.parse(after);
  const now = Date.parse(header(headers, "date") ?? "") || at;
  if (!Number.isNaN(until) && until > now) return sentence((until - now) / 1000, "retry-after");
  const said = /(?:try again|retry) in (?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)(ms|s))?/i.exec(
    error?.message.slice(0, 2000) ?? "",
  );
  if (!said) return null;
  const [, hours = "0", minutes = "0", count = "0", unit] = said;
  const seconds = Number(hours) * 3600 + Number(minutes) * 60 + Number(count) / (unit === "ms" ? 1000 : 1);
  return seconds > 0 ? sentence(seconds, "the message") : null;
}

function sentence(seconds: number, by: string): string {
  const shown = seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds);
  return `It asks to wait ${shown} s (${by}).`;
}

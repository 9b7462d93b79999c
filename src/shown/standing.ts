/** How an exchange stands: a tone, a sign and words. Never colour alone. */
import type { ExchangeRow } from "../fact/rows.ts";

export type Standing = {
  readonly tone: "flying" | "ok" | "tool" | "warn" | "err";
  /** Of the page's sprite. */
  readonly sign: "wait" | "stream" | "dot" | "tool" | "aborted" | "cut" | "err";
  readonly status: string;
  /** Key of a word that stands behind the status, or in its place. */
  readonly word:
    | "sending"
    | "waiting"
    | "first-byte"
    | "streaming"
    | "aborted"
    | "interrupted"
    | "refused"
    | "failed"
    | "done"
    | null;
};

export function standing(row: ExchangeRow): Standing {
  if (row.state === "waiting") {
    const { sending, bytes_in } = row;
    if (sending === undefined) return { tone: "flying", sign: "wait", status: "", word: "waiting" };
    const part = Math.min(99, Math.floor((bytes_in / sending) * 100));
    return { tone: "flying", sign: "wait", status: `${part} %`, word: "sending" };
  }
  if (row.state === "streaming")
    return { tone: "flying", sign: "stream", status: "", word: isSilent(row) ? "first-byte" : "streaming" };
  const status = row.status === null ? "" : String(row.status);
  const calls = row.tools.length > 0;
  // Left behind the last event, or only tried what there is: neither is a fault.
  if (row.rules.includes("transfer/client-left"))
    return { tone: calls ? "tool" : "ok", sign: calls ? "tool" : "dot", status, word: null };
  if (row.rules.includes("request/probe-failed")) return { tone: "warn", sign: "dot", status, word: null };
  switch (row.ending) {
    case "client-gone":
      return { tone: "warn", sign: "aborted", status, word: "aborted" };
    case "interrupted":
      return { tone: "warn", sign: "cut", status, word: "interrupted" };
    case "refused":
      return { tone: "err", sign: "err", status: "", word: "refused" };
    case "upstream-error":
      return { tone: "err", sign: "err", status, word: "failed" };
    case "complete":
    case null:
      break;
    default:
      return row.ending satisfies never;
  }
  if ((row.status ?? 0) >= 400) return { tone: "err", sign: "err", status, word: null };
  const word = status === "" ? "done" : null;
  return { tone: calls ? "tool" : "ok", sign: calls ? "tool" : "dot", status, word };
}

/** The head has come, and of the model not a word yet: it thinks, or the answer is held back on its way. */
function isSilent({ dialect, ttft_ms, socket, responses }: ExchangeRow): boolean {
  return dialect !== null && ttft_ms === null && socket === undefined && responses === undefined;
}

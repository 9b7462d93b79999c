/** An exchange in two short texts, for a list: what was asked, and what came. */
import type { Exchange } from "../fact/exchange.ts";
import type { Part, Reading } from "./reading.ts";

const LONGEST = 120;

export function story(reading: Reading, exchange: Exchange): { asked: string; answered: string } {
  return { asked: short(asked(reading, exchange)), answered: short(answered(reading, exchange)) };
}

function asked({ messages }: Reading, { path }: Exchange): string {
  const last = messages.findLast(
    (turn) => turn.role !== "system" && turn.role !== "developer" && turn.parts.length > 0,
  );
  if (!last) return path;
  const text = last.parts.findLast((part) => part.type === "text");
  if (last.role === "user" && text) return text.text;
  const result = last.parts.findLast((part) => part.type === "tool_result");
  if (result) return `${result.name ?? "tool"} → ${words(result.parts)}`;
  return words(last.parts) || path;
}

function answered(
  { answer, tool_calls, error, refusal, ...extra }: Reading,
  { response, close }: Exchange,
): string {
  if (error) return error.message;
  if (tool_calls.length > 0) return [...new Set(tool_calls.map((call) => call.name))].join(", ");
  if (refusal) return refusal;
  const said = words(answer.parts);
  if (said !== "") return said;
  if (extra.embedding) return `${extra.embedding.count} × ${extra.embedding.dimensions ?? "?"}`;
  if (extra.token_count) return `${extra.token_count.input} tokens`;
  if (extra.models) return `${extra.models.count} models`;
  if (extra.images) return `${extra.images.count} images`;
  if (extra.transcription) return extra.transcription.text;
  if (extra.moderation)
    return extra.moderation.flagged ? extra.moderation.categories.join(", ") : "not flagged";
  if (close?.error) return close.error;
  return response === null ? "" : (answer.parts[0]?.type ?? "");
}

function words(parts: readonly Part[]): string {
  const text = parts.find((part) => part.type === "text" && part.text.trim() !== "");
  if (text?.type === "text") return text.text;
  const first = parts[0];
  return first === undefined
    ? ""
    : first.type === "tool_call"
      ? first.name
      : first.type === "tool_result"
        ? words(first.parts)
        : "";
}

function short(text: string): string {
  const line = text
    .slice(0, LONGEST * 4)
    .replaceAll(/\s+/g, " ")
    .trim();
  const letters = [...line];
  return letters.length <= LONGEST ? line : `${letters.slice(0, LONGEST - 1).join("")}…`;
}

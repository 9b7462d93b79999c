/** What stands in a request and its answer, in a word each, for filters and marks in the list. */
import type { Part, Reading } from "./reading.ts";

/** A subset of `tool_call`, `tool_result`, `image`, `audio`, `file`, `thinking`, in that order. Costs the parts there are. */
export function contentsOf({ messages, answer, reasoning }: Reading): string[] {
  const found = new Set<string>();
  const look = (parts: readonly Part[], inside: "message" | "result" = "message"): void => {
    for (const part of parts) {
      const word = wordOf(part);
      if (word) found.add(word);
      if (part.type === "tool_result" && inside === "message") look(part.parts, "result");
    }
  };
  for (const { parts } of messages) look(parts);
  // A call of an earlier turn is told by its result: what counts is what this answer asks for.
  found.delete("tool_call");
  look(answer.parts);
  for (const { parts } of answer.choices) look(parts);
  if (reasoning !== "") found.add("thinking");
  return WORDS.filter((word) => found.has(word));
}

const WORDS = ["tool_call", "tool_result", "image", "audio", "file", "thinking"];

function wordOf({ type }: Part): string | null {
  if (type === "reasoning") return "thinking";
  if (type === "video") return "file";
  return WORDS.includes(type) ? type : null;
}

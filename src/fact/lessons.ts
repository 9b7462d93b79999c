/**
 * Ways in which the demo can be broken on purpose, each with the rule that must notice it: of the demo model by address
 * (`/@demo/stage/cut-stream/v1`), of the weather server by option (`--break pollution`).
 */

export const MODEL_BREAKS = {
  "no-terminator": "stream/no-terminator",
  "cut-stream": "transfer/upstream-error",
  "error-event": "stream/error-event",
  "bad-arguments": "tool/arguments-not-json",
  "unknown-tool": "tool/unknown",
  "wrong-arguments": "tool/arguments-mismatch",
  "too-long": "finish/length",
  "empty-answer": "answer/empty",
  "leaked-thoughts": "answer/leaked-thoughts",
  "wrong-sum": "usage/does-not-add-up",
  "too-many-requests": "request/rejected",
} as const;

export const SERVER_BREAKS = {
  pollution: "mcp/not-json",
  "reused-id": "mcp/duplicate-id",
  "second-answer": "mcp/second-answer",
  "unknown-answer": "mcp/unknown-answer",
  "bad-result": "mcp/output-schema",
  "two-lines": "mcp/framing",
  "no-answer": "mcp/unanswered",
} as const;

export type ModelBreak = keyof typeof MODEL_BREAKS;
export type ServerBreak = keyof typeof SERVER_BREAKS;

export function isServerBreak(name: string): name is ServerBreak {
  return Object.hasOwn(SERVER_BREAKS, name);
}

/** The recordings that `/learn` explains, step by step, in the order in which they build on each other. */
export const LESSONS = [
  "stream",
  "tool-call",
  "parallel",
  "thinking",
  "handshake",
  "elicitation",
  "cache",
  "compaction",
  "cancel",
  "retry",
] as const;
export type LessonName = (typeof LESSONS)[number];

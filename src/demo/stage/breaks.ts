/** The demo model broken on purpose, on OpenAI's chat: for each switch what goes wrong, and nothing else. */
import type { ModelBreak } from "../../fact/lessons.ts";
import { json, type Scene, stream, words } from "./scene.ts";

const base = { id: "chatcmpl-demo", object: "chat.completion.chunk", created: 1_770_000_000, model: "demo" };
type Delta = Record<string, unknown>;

function chunk(delta: Delta, finish: string | null = null, more: Delta = {}): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ ...base, choices, ...more })}\n\n`;
}

const DONE = "data: [DONE]\n\n";
const role = chunk({ role: "assistant", content: "" });
const text = (said: string) => words(said).map((content) => chunk({ content }));
const usage = (total: number) => ({
  usage: { prompt_tokens: 20, completion_tokens: 10, total_tokens: total },
});

function call(name: string, pieces: readonly string[]): string[] {
  const first = { index: 0, id: "call_demo", type: "function", function: { name, arguments: "" } };
  const rest = pieces.map((it) => chunk({ tool_calls: [{ index: 0, function: { arguments: it } }] }));
  return [chunk({ tool_calls: [first] }), ...rest];
}

const calls = (name: string, pieces: readonly string[]) =>
  stream([role, ...call(name, pieces), chunk({}, "tool_calls"), DONE]);

export const breaks: Readonly<Record<ModelBreak, Scene>> = {
  "no-terminator": () => stream([role, ...text("This answer never says that it is over.")]),
  "cut-stream": () => stream([role, ...text("This answer breaks off in the"), 'data: {"id":"chatc'], "cut"),
  "error-event": () => {
    const error = { message: "The model is overloaded.", type: "server_error", code: "overloaded" };
    return stream([role, ...text("This answer"), `data: ${JSON.stringify({ error })}\n\n`]);
  },
  "bad-arguments": () => calls("get_forecast", ['{"location": ', '"Paris", ', "days: 3"]),
  "unknown-tool": () => calls("get_horoscope", ['{"sign": ', '"leo"}']),
  "wrong-arguments": () => calls("get_forecast", ['{"location": 75001, ', '"days": "three"}']),
  "too-long": () => stream([role, ...text("This answer ends in the middle of a"), chunk({}, "length"), DONE]),
  "empty-answer": () => stream([role, chunk({}, "stop"), DONE]),
  "leaked-thoughts": () =>
    stream([role, ...text("<think>They want the weather. </think>It is sunny."), chunk({}, "stop"), DONE]),
  "wrong-sum": () => stream([role, ...text("Count again."), chunk({}, "stop", usage(99)), DONE]),
  "too-many-requests": () => {
    const message = "Rate limit reached: too many requests in a minute.";
    const error = { message, type: "rate_limit_error", code: "rate_limit_exceeded" };
    return json(429, { error }, { "retry-after": "2" });
  },
};

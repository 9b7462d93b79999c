/**
 * Gemini's Interactions API: an interaction is a list of steps (the first versions: a list of outputs).
 * Its status is the finish reason. https://ai.google.dev/api/interactions-api
 */
import type { Answered, Asked, Dialect, Glimpse } from "../dialect.ts";
import { isObject, list, number, object, text, without } from "../json.ts";
import type { Tool, Turn, Usage } from "../reading.ts";
import { interactionsStream } from "./gemini-interactions-stream.ts";
import { contentParts, roleOf, stepParts } from "./gemini-steps.ts";
import { clientCalls, sum, errorBeside, toldError, word } from "./values.ts";

export const geminiInteractions: Dialect = {
  name: "gemini-interactions",
  provider: "gemini",
  bid,
  asked,
  assembler: interactionsStream,
  answered,
};

function bid({ path, responseBody }: Glimpse): number {
  if (/\/interactions(\/[^/:]+)?\/?$/.test(path)) return 0.9;
  const answer = object(responseBody);
  if (/^(interaction|step|content)\./.test(String(answer["event_type"]))) return 0.9;
  const made = Array.isArray(answer["steps"]) || Array.isArray(answer["outputs"]);
  return made && (answer["object"] === "interaction" || typeof answer["status"] === "string") ? 0.8 : 0;
}

const READ = ["model", "agent", "input", "system_instruction", "tools", "generation_config", "stream"];

function asked(body: unknown): Asked {
  const request = object(body);
  return {
    model: word(request["model"]) ?? word(request["agent"]),
    system: contentParts(request["system_instruction"], "$.system_instruction"),
    messages: turnsOf(request["input"]),
    tools: list(request["tools"]).map(tool),
    settings: { ...object(request["generation_config"]), ...without(request, ...READ) },
    streamed: request["stream"] === true,
  };
}

/** The input is a string, content, turns, or steps; neighbours that the same side said are one turn. */
function turnsOf(input: unknown): Turn[] {
  if (!Array.isArray(input)) {
    const parts = contentParts(input, "$.input");
    return parts.length > 0 ? [{ role: "user", parts }] : [];
  }
  const turns: (Turn & { whole: boolean })[] = [];
  input.forEach((item: unknown, i) => {
    const given = object(item);
    const role = text(given["role"]);
    const path = `$.input[${i}]`;
    if (role !== null) {
      turns.push({
        role: role === "model" ? "assistant" : role,
        parts: contentParts(given["content"], `${path}.content`),
        whole: true,
      });
      return;
    }
    const said = { role: roleOf(text(given["type"])), parts: stepParts(item, path) };
    const last = turns.at(-1);
    if (last && !last.whole && last.role === said.role) last.parts.push(...said.parts);
    else turns.push({ ...said, whole: false });
  });
  return turns.map(({ role, parts }) => ({ role, parts }));
}

function tool(value: unknown): Tool {
  const given = object(value);
  const kind = text(given["type"]) ?? "function";
  const by = kind === "function" || kind === "computer_use" ? "client" : "server";
  const schema = given["parameters"] ?? null;
  return { name: word(given["name"]) ?? kind, description: text(given["description"]), schema, kind, by };
}

function answered(message: unknown): Answered {
  const answer = object(message);
  const key = Array.isArray(answer["steps"]) ? "steps" : "outputs";
  const parts = list(answer[key])
    .filter((step) => object(step)["type"] !== "user_input")
    .flatMap((step) => stepParts(step, `$.${key}[${list(answer[key]).indexOf(step)}]`));
  const status = text(answer["status"]);
  const made = status !== null || key in answer;
  return {
    model: word(answer["model"]) ?? word(answer["agent"]),
    choices: made ? [{ parts, finish_reason: status }] : [],
    tool_calls: clientCalls(parts),
    usage: usageOf(answer["usage"]),
    error: made ? errorBeside(answer["error"]) : toldError(answer),
  };
}

/** What server tools put into the prompt and the thoughts are counted beside input and output. */
function usageOf(wire: unknown): Usage | null {
  if (!isObject(wire)) return null;
  const reasoning = number(wire["total_thought_tokens"]) ?? number(wire["total_reasoning_tokens"]);
  return {
    input: sum(wire["total_input_tokens"], wire["total_tool_use_tokens"]),
    output: sum(wire["total_output_tokens"], reasoning),
    total: number(wire["total_tokens"]),
    cached: number(wire["total_cached_tokens"]),
    cache_write: null,
    reasoning,
    wire,
  };
}

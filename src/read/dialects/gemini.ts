/**
 * Gemini generateContent and streamGenerateContent, of the Gemini API and of Vertex AI. Both take and (for enums) give
 * protobuf's other JSON spellings: snake_case names and enums as numbers.
 * https://ai.google.dev/api/generate-content
 */
import type { Answered, Asked, Dialect, Glimpse } from "../dialect.ts";
import { isObject, list, number, object, text, without } from "../json.ts";
import type { Problem, Tool, Usage } from "../reading.ts";
import { candidateParts, contentParts } from "./gemini-content.ts";
import { geminiStream } from "./gemini-stream.ts";
import { clientCalls, first, sum, toldError, word } from "./values.ts";

const SOURCE = "https://ai.google.dev/api/generate-content";

export const gemini: Dialect = {
  name: "gemini",
  provider: "gemini",
  bid,
  asked,
  assembler: geminiStream,
  answered,
  lint,
};

export const vertexGemini: Dialect = {
  ...gemini,
  name: "vertex-gemini",
  provider: "vertex",
  bid: (glimpse) => {
    const named = /\/(projects|publishers)\/.*:(stream)?generateContent$/i.test(glimpse.path);
    const spoken = glimpse.host?.includes("aiplatform.googleapis.com") === true;
    return bid(glimpse) > 0 && (named || spoken) ? 0.98 : 0;
  },
};

function bid({ path, requestBody, responseBody }: Glimpse): number {
  if (/:(stream)?generateContent$/i.test(path)) return 0.95;
  const answer = object(Array.isArray(responseBody) ? responseBody[0] : responseBody);
  const isAnswer = "usageMetadata" in answer || "promptFeedback" in answer || "modelVersion" in answer;
  if (isAnswer && (Array.isArray(answer["candidates"]) || isObject(answer["promptFeedback"]))) return 0.85;
  if (Array.isArray(answer["candidates"]) && "content" in object(answer["candidates"][0])) return 0.8;
  const asks = isObject(requestBody) && Array.isArray(requestBody["contents"]);
  return asks && "parts" in object(list(requestBody["contents"])[0]) ? 0.5 : 0;
}

export function asked(body: unknown, { path }: Glimpse): Asked {
  const request = object(body);
  const contents = request["contents"];
  const system = first(request, "systemInstruction", "system_instruction");
  const systemKey = "systemInstruction" in request ? "systemInstruction" : "system_instruction";
  const config = object(first(request, "generationConfig", "generation_config"));
  const said = typeof contents === "string" ? [{ parts: [{ text: contents }] }] : contents;
  return {
    model: word(request["model"])?.replace(/^models\//, "") ?? modelOf(path),
    system: contentParts(system, `$.${systemKey}`),
    messages: (isObject(said) ? [said] : list(said)).map((content, i) => ({
      role: roleOf(content),
      parts: contentParts(content, isObject(said) ? "$.contents" : `$.contents[${i}]`),
    })),
    tools: list(request["tools"]).flatMap(toolsOf),
    settings: { ...config, ...without(request, ...READ) },
    streamed: /:streamGenerateContent$/i.test(path),
  };
}

/** The reading has the same roles for every API. */
function roleOf(content: unknown): string {
  const role = text(object(content)["role"]) ?? "user";
  return role === "model" ? "assistant" : role === "function" ? "tool" : role;
}

const READ = [
  "model",
  "contents",
  "systemInstruction",
  "system_instruction",
  "tools",
  "generationConfig",
  "generation_config",
];

/** `…/models/NAME:method`, also of tuned models, endpoints and publishers. */
export function modelOf(path: string): string | null {
  const found = /\/([^/:]+):[A-Za-z]+$/.exec(path)?.[1];
  if (found === undefined) return null;
  try {
    return decodeURIComponent(found);
  } catch {
    return found;
  }
}

/** One entry may hold functions of the client and tools of the server side by side. */
function toolsOf(entry: unknown): Tool[] {
  return Object.entries(object(entry)).flatMap(([kind, value]): Tool[] => {
    if (kind === "functionDeclarations" || kind === "function_declarations") return list(value).map(declared);
    const by = /^computer_?use$/i.test(kind) ? "client" : "server";
    return [{ name: kind, description: null, schema: null, kind, by }];
  });
}

function declared(value: unknown): Tool {
  return {
    name: text(object(value)["name"]) ?? "",
    description: text(object(value)["description"]),
    schema: first(value, "parameters", "parametersJsonSchema", "parameters_json_schema") ?? null,
    kind: "function",
    by: "client",
  };
}

export function answered(message: unknown): Answered {
  const answer = object(Array.isArray(message) && message.length === 1 ? message[0] : message);
  const choices = list(answer["candidates"]).map((candidate, i) => ({
    parts: candidateParts(candidate, `$.candidates[${i}]`),
    finish_reason: finishReason(candidate),
  }));
  return {
    model: word(first(answer, "modelVersion", "model_version")),
    choices,
    tool_calls: clientCalls(choices[0]?.parts ?? []),
    usage: usageOf(first(answer, "usageMetadata", "usage_metadata")),
    error: answer["error"] ? toldError(answer) : null,
  };
}

/** The wire's own word; a number where the client asked for enums as numbers. */
function finishReason(candidate: unknown): string | null {
  const reason = first(candidate, "finishReason", "finish_reason");
  return typeof reason === "number" ? String(reason) : text(reason);
}

/**
 * `promptTokenCount` includes the cached tokens; what server tools put into the prompt and the thoughts are counted
 * beside it. JSON leaves out counts that are 0.
 */
export function usageOf(wire: unknown): Usage | null {
  if (!isObject(wire)) return null;
  const prompt = number(wire["promptTokenCount"]);
  const reasoning = number(wire["thoughtsTokenCount"]);
  const spoken = sum(wire["candidatesTokenCount"], wire["responseTokenCount"], reasoning);
  const total = number(wire["totalTokenCount"]);
  const counted = prompt !== null || total !== null;
  return {
    input: sum(prompt, wire["toolUsePromptTokenCount"]) ?? (counted ? 0 : null),
    output: spoken ?? (counted ? 0 : null),
    total,
    cached: number(wire["cachedContentTokenCount"]),
    cache_write: null,
    reasoning,
    wire,
  };
}

function lint(_asked: Asked, _answered: Answered, _request: unknown, message: unknown): Problem[] {
  return blocked(message);
}

function blocked(message: unknown): Problem[] {
  const feedback = object(object(message)["promptFeedback"]);
  const reason = feedback["blockReason"];
  if (reason === undefined || reason === null) return [];
  const why = text(feedback["blockReasonMessage"]);
  const what = `the prompt was blocked before an answer was made: ${String(reason)}${why ? ` (${why})` : ""}`;
  return [
    { where: "$.promptFeedback", what, rule: "gemini/prompt-blocked", severity: "warning", source: SOURCE },
  ];
}

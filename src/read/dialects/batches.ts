/**
 * Batches of requests that are answered within hours: OpenAI's by a file (POST /batches), Anthropic's in the body (POST
 * /messages/batches), and the lines of their results.
 */
import type { Added, Answered, Asked, Assembler, Dialect, Glimpse } from "../dialect.ts";
import { list, number, object, objects, text, without, type Json } from "../json.ts";
import type { Part, Turn } from "../reading.ts";
import * as anthropic from "./anthropic-messages.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiResponses } from "./openai-responses.ts";
import { folded } from "./stream.ts";
import { toldError, word } from "./values.ts";

const SOURCE = "https://platform.openai.com/docs/api-reference/batch";

export const batches: Dialect = {
  name: "batches",
  provider: null,
  bid({ path, responseBody }) {
    if (/\/batches(\/[^/]+)?(\/(cancel|results))?\/?$/.test(path)) return 0.96;
    const answer = object(responseBody);
    if (answer["object"] === "batch" || answer["type"] === "message_batch") return 0.9;
    return isLine(answer) ? 0.85 : 0;
  },
  asked,
  assembler,
  answered,
};

/** Of thousands of requests the first ones are shown. */
const MOST_SHOWN = 50;

function asked(body: unknown, glimpse: Glimpse): Asked {
  const request = object(body);
  const requests = objects(request["requests"]);
  const read = requests.slice(0, MOST_SHOWN).map((one) => ({
    name: text(one["custom_id"]),
    inner: anthropic.asked(one["params"], glimpse),
  }));
  const file: Part[] =
    text(request["input_file_id"]) === null
      ? []
      : [
          {
            type: "file",
            mime: "application/jsonl",
            url: null,
            data: null,
            bytes: null,
            name: text(request["input_file_id"]),
          },
        ];
  const messages = read.flatMap(({ name, inner }): Turn[] =>
    inner.messages.slice(-1).map((turn) => ({ ...turn, ...(name !== null && { name }) })),
  );
  return {
    model: read[0]?.inner.model ?? null,
    system: read[0]?.inner.system ?? [],
    messages: file.length > 0 ? [{ role: "user", parts: file }] : messages,
    tools: read[0]?.inner.tools ?? [],
    settings: { ...without(request, "requests"), ...(requests.length > 0 && { requests: requests.length }) },
    streamed: false,
  };
}

/** A line of results: Anthropic's `result`, OpenAI's `response`. */
function isLine(json: Json): boolean {
  return typeof json["custom_id"] === "string" && ("result" in json || "response" in json);
}

function assembler(glimpse: Glimpse): Assembler {
  const data: Json[] = [];
  return folded(SOURCE, glimpse, () => ({
    take(json): Added[] | null {
      if (!isLine(json)) return null;
      data.push(json);
      return [{ lane: "text", text: text(json["custom_id"]) ?? "" }];
    },
    message: () => (data.length > 0 ? { object: "list", data } : null),
    ownErrors: true,
  }));
}

function answered(message: unknown, glimpse: Glimpse): Answered {
  const answer = object(message);
  const lines = isLine(answer) ? [answer] : objects(answer["data"]).filter(isLine);
  if (lines.length > 0) {
    const read = lines.map((line) => answerOf(line, glimpse));
    const choices = read.map(({ inner, status }) => {
      const [first] = inner?.choices ?? [];
      return { parts: first?.parts ?? [], finish_reason: first?.finish_reason ?? status };
    });
    return {
      model: read.find(({ inner }) => inner?.model)?.inner?.model ?? null,
      choices,
      tool_calls: [],
      usage: null,
      error: null,
    };
  }
  const batch =
    answer["object"] === "list" || Array.isArray(answer["data"]) ? object(list(answer["data"])[0]) : answer;
  const status = text(batch["status"]) ?? text(batch["processing_status"]);
  if (status === null)
    return { model: null, choices: [], tool_calls: [], usage: null, error: toldError(message) };
  const counts = Object.entries(object(batch["request_counts"])).filter(([, count]) => number(count));
  const said = counts.map(([kind, count]) => `${String(count)} ${kind}`).join(", ");
  const parts: Part[] = said === "" ? [] : [{ type: "text", text: said }];
  return {
    model: word(batch["model"]),
    choices: [{ parts, finish_reason: status }],
    tool_calls: [],
    usage: null,
    error: null,
  };
}

function answerOf(line: Json, glimpse: Glimpse): { inner: Answered | null; status: string | null } {
  const result = object(line["result"]);
  if ("result" in line) {
    const status = text(result["type"]);
    return { inner: status === "succeeded" ? anthropic.answered(result["message"]) : null, status };
  }
  const body = object(line["response"])["body"];
  const inner = Array.isArray(object(body)["output"]) ? openaiResponses : openaiChat;
  const status = number(object(line["response"])["status_code"]);
  return {
    inner: inner.answered(body, glimpse),
    status: status === null || status === 200 ? null : `status ${status}`,
  };
}

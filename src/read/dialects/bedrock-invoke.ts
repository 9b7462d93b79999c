/**
 * Bedrock InvokeModel and InvokeModelWithResponseStream: each model family in its own shape, behind one path. The shape
 * is known by the bodies, so new versions of a family are read too.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
 */
import { header } from "../../fact/exchange.ts";
import type { Answered, Asked, Assembler, Dialect, Glimpse } from "../dialect.ts";
import { isObject, list, number, object } from "../json.ts";
import type { Usage } from "../reading.ts";
import * as complete from "./anthropic-complete.ts";
import * as messages from "./anthropic-messages.ts";
import { anthropicStream } from "./anthropic-stream.ts";
import { converseStream } from "./bedrock-converse-stream.ts";
import * as converse from "./bedrock-converse.ts";
import { awsError } from "./bedrock-error.ts";
import * as plain from "./bedrock-text.ts";
import { cohereV1 } from "./cohere-v1.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiCompletions } from "./openai-completions.ts";
import { both, sum } from "./values.ts";

export const bedrockInvoke: Dialect = {
  name: "bedrock-invoke",
  provider: "bedrock",
  bid: ({ path }) => (/\/model\/.+\/invoke(-with-response-stream)?\/?$/.test(path) ? 0.98 : 0),
  asked(body, glimpse) {
    const asked = familyOf(glimpse).asked(body, glimpse);
    const streamed = /-with-response-stream\/?$/.test(glimpse.path);
    return { ...asked, model: asked.model ?? converse.modelOf(glimpse.path), streamed };
  },
  assembler: (glimpse) => familyOf(glimpse).assembler(glimpse),
  answered(message, glimpse) {
    const error = awsError(message, glimpse);
    if (error)
      return { model: null, choices: [], tool_calls: [], usage: null, ...partly(message, glimpse), error };
    const answered = familyOf(glimpse).answered(message, glimpse);
    return { ...answered, usage: answered.usage ?? measured(message, glimpse) };
  },
};

type Family = {
  asked(body: unknown, glimpse: Glimpse): Asked;
  assembler(glimpse: Glimpse): Assembler;
  answered(message: unknown, glimpse: Glimpse): Answered;
};

const families: readonly (Family & { takes(request: object, answer: object): boolean })[] = [
  {
    takes: (request, answer) =>
      "anthropic_version" in request || ("type" in answer && String(answer["type"]).startsWith("message")),
    ...messages,
    assembler: anthropicStream,
  },
  {
    takes: (request, answer) => "max_tokens_to_sample" in request || "completion" in answer,
    ...complete,
    assembler: complete.completionStream,
  },
  {
    takes: (request, answer) =>
      "schemaVersion" in request ||
      "inferenceConfig" in request ||
      "messageStart" in answer ||
      converse.isConverse(answer),
    ...converse,
    assembler: converseStream,
  },
  {
    takes: (request, answer) =>
      "event_type" in answer ||
      "generation_id" in answer ||
      ("message" in request && !("messages" in request)),
    asked: cohereV1.asked,
    answered: cohereV1.answered,
    assembler: (glimpse) => cohereV1.assembler?.(glimpse) ?? plain.textStream(glimpse),
  },
  {
    // Imported and custom models.
    takes: (_request, answer) => "object" in answer && answer["object"] === "text_completion",
    asked: openaiCompletions.asked,
    answered: openaiCompletions.answered,
    assembler: (glimpse) => openaiCompletions.assembler?.(glimpse) ?? plain.textStream(glimpse),
  },
  {
    takes: (request, answer) => "messages" in request || "object" in answer,
    asked: openaiChat.asked,
    answered: withStopReasons,
    assembler: (glimpse) => openaiChat.assembler?.(glimpse) ?? plain.textStream(glimpse),
  },
];

/** Mistral's chat behind Bedrock is OpenAI's shape with a `stop_reason`. */
function withStopReasons(message: unknown, glimpse: Glimpse): Answered {
  const answered = openaiChat.answered(message, glimpse);
  const choices = answered.choices.map((choice, i) => {
    const stop = object(list(object(message)["choices"])[i])["stop_reason"];
    return { ...choice, finish_reason: choice.finish_reason ?? (typeof stop === "string" ? stop : null) };
  });
  return { ...answered, choices };
}

const text: Family = { ...plain, assembler: plain.textStream };

function familyOf({ requestBody, responseBody }: Glimpse): Family {
  return families.find((family) => family.takes(object(requestBody), object(responseBody))) ?? text;
}

/** What came of an answer before an exception ended it. */
function partly(message: unknown, glimpse: Glimpse): Partial<Answered> {
  const told = isObject(message) && Object.keys(message).some((key) => key !== "error" && key !== "message");
  return told ? familyOf(glimpse).answered(message, glimpse) : {};
}

/** Bedrock counts for every model: in the last event of a stream, else in headers. */
function measured(message: unknown, { exchange }: Glimpse): Usage | null {
  const metrics = object(message)["amazon-bedrock-invocationMetrics"];
  if (isObject(metrics)) {
    return usage(number(metrics["inputTokenCount"]), number(metrics["outputTokenCount"]), metrics);
  }
  const counts = ["input", "output"].map((which) => {
    const name = `x-amzn-bedrock-${which}-token-count`;
    return [name, header(exchange.response?.headers ?? [], name)] as const;
  });
  const wire = Object.fromEntries(counts.filter(([, count]) => count !== undefined && /^\d+$/.test(count)));
  if (Object.keys(wire).length === 0) return null;
  const [input, output] = counts.map(([name]) => (name in wire ? Number(wire[name]) : null));
  return usage(input ?? null, output ?? null, wire);
}

function usage(plain: number | null, output: number | null, wire: Record<string, unknown>): Usage {
  const cached = number(wire["cacheReadInputTokenCount"]);
  const cache_write = number(wire["cacheWriteInputTokenCount"]);
  const input = plain === null ? null : sum(plain, cached, cache_write);
  return { input, output, total: both(input, output), cached, cache_write, reasoning: null, wire };
}

/**
 * Agents of Amazon Bedrock (InvokeAgent, InvokeInlineAgent): text in, a binary stream of text, traces and calls that the
 * client has to run. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_InvokeAgent.html
 */
import type { Added, Answered, Asked, Assembler, Dialect, Glimpse, StreamEvent } from "../dialect.ts";
import { isObject, lengthen, list, object, objects, text, without, type Json } from "../json.ts";
import type { Part, ToolCall } from "../reading.ts";
import { awsError } from "./bedrock-error.ts";
import { folded } from "./stream.ts";
import { written } from "./values.ts";
import { wholeCall } from "./whole-call.ts";

const SOURCE = "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_InvokeAgent.html";

export const bedrockAgent: Dialect = {
  name: "bedrock-agent",
  provider: "bedrock",
  bid: ({ path }) =>
    /\/agents\/[^/]+\/(agentAliases\/[^/]+\/)?sessions\/[^/]+(\/text)?\/?$/.test(path) ? 0.98 : 0,
  asked,
  assembler,
  answered,
};

function asked(body: unknown, { path }: Glimpse): Asked {
  const request = object(body);
  const said = text(request["inputText"]);
  const state = object(request["sessionState"] ?? request["inlineSessionState"]);
  const results = objects(state["returnControlInvocationResults"]).map((result): Part => {
    const [kind = "result", value] = Object.entries(result)[0] ?? [];
    const name = text(object(value)["function"]) ?? text(object(value)["apiPath"]) ?? kind;
    return {
      type: "tool_result",
      id: text(state["invocationId"]),
      name,
      parts: [{ type: "text", text: written(value) }],
      by: "client",
    };
  });
  const parts: Part[] = said ? [{ type: "text", text: said }] : [];
  const rules = text(request["instruction"]);
  return {
    model: text(request["foundationModel"]) ?? /\/agents\/([^/]+)/.exec(path)?.[1] ?? null,
    system: rules ? [{ type: "text", text: rules }] : [],
    messages: [
      ...(results.length > 0 ? [{ role: "tool", parts: results }] : []),
      ...(said ? [{ role: "user", parts }] : []),
    ],
    tools: [],
    settings: without(request, "inputText", "instruction", "foundationModel"),
    streamed: true,
  };
}

function assembler(glimpse: Glimpse): Assembler {
  const whole: Json = {};
  let said = "";
  let came = false;

  /** A chunk that has sources keeps its bytes as they are: what it says is inside. */
  function takeText({ name, data }: Pick<StreamEvent, "name" | "data">): Added[] | null {
    if (name !== "chunk") return null;
    came = true;
    said += data;
    return [{ lane: "text", text: data }];
  }

  function take(json: Json, event: StreamEvent): Added[] | null {
    if (event.name === "chunk" && typeof json["bytes"] !== "string") return takeText(event);
    if (event.name === "chunk") {
      const citations = objects(object(json["attribution"])["citations"]);
      lengthen(whole, "citations", citations);
      return takeText({ name: "chunk", data: decoded(text(json["bytes"]) ?? "") });
    }
    if (event.name !== "trace" && event.name !== "returnControl" && event.name !== "files") return null;
    came = true;
    lengthen(whole, event.name, [json]);
    if (event.name === "returnControl")
      return callsOf([json]).flatMap(({ name, arguments: args }) => wholeCall(name, args));
    return [{ lane: event.name === "trace" ? "reasoning" : "control", text: thoughtIn(json) || event.name }];
  }

  return folded(SOURCE, glimpse, () => ({
    take,
    takeText,
    message: () => (came ? { completion: said, ...whole } : null),
  }));
}

function decoded(base64: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  } catch {
    return base64;
  }
}

/** What the agent thought, wherever in a trace it stands. */
function thoughtIn(trace: Json): string {
  const steps = object(object(trace["trace"])["orchestrationTrace"]);
  return text(object(steps["rationale"])["text"]) ?? "";
}

function callsOf(controls: readonly Json[]): ToolCall[] {
  return controls.flatMap((control) =>
    objects(control["invocationInputs"])
      .map((input): ToolCall => {
        const value = object(Object.values(input)[0]);
        const given = objects(value["parameters"]).map((one): [string, unknown] => [
          text(one["name"]) ?? "",
          one["value"],
        ]);
        const name = text(value["function"]) ?? text(value["apiPath"]) ?? "";
        return { id: text(control["invocationId"]), name, arguments: written(Object.fromEntries(given)) };
      })
      .filter(({ name }) => name !== ""),
  );
}

function answered(message: unknown, glimpse: Glimpse): Answered {
  const answer = object(message);
  const said = text(answer["completion"]);
  const calls = callsOf(objects(answer["returnControl"]));
  const thoughts = objects(answer["trace"])
    .map(thoughtIn)
    .filter((words) => words !== "");
  const sources = list(answer["citations"]).filter(isObject);
  const parts: Part[] = [
    ...thoughts.map((words): Part => ({ type: "reasoning", text: words })),
    ...(said ? [{ type: "text" as const, text: said }] : []),
    ...sources.map((value): Part => ({ type: "citation", title: null, url: null, text: null, value })),
    ...calls.map((call): Part => ({ type: "tool_call", ...call, by: "client" })),
  ];
  return {
    model: null,
    choices: said === null && calls.length === 0 ? [] : [{ parts, finish_reason: null }],
    tool_calls: calls,
    usage: null,
    error: awsError(message, glimpse),
  };
}

/**
 * Codex's own kinds of tools (namespaces, custom tools, tools that stand in the input) as plain functions, which the
 * scripted model knows, and its calls back as the kinds that they were.
 */

type Json = Record<string, unknown>;

/** What a plain function's name stands for. */
type Meant = {
  readonly name: string;
  readonly namespace: string | null;
  readonly kind: "function" | "custom";
};

export type Plain = { readonly body: Json; readonly meant: ReadonlyMap<string, Meant> };

/** A request of the Responses API with functions alone. */
export function plainRequest(body: Json): Plain {
  const meant = new Map<string, Meant>();
  const input = Array.isArray(body["input"]) ? (body["input"] as Json[]) : null;
  const added = (input ?? []).filter(({ type }) => type === "additional_tools");
  const listed = [body, ...added].flatMap(({ tools }) => (Array.isArray(tools) ? (tools as Json[]) : []));
  const tools = listed.flatMap((tool) => flattened(tool, null, meant));
  const items = input?.flatMap((item) => plainItem(item));
  return { body: { ...body, tools, ...(items && { input: items }) }, meant };
}

function flattened(tool: Json, namespace: string | null, meant: Map<string, Meant>): Json[] {
  const { type, name, tools } = tool;
  if (type === "namespace" && Array.isArray(tools))
    return (tools as Json[]).flatMap((inner) => flattened(inner, String(name), meant));
  if (type !== "function" && type !== "custom") return [];
  const plain = plainName(String(name), namespace);
  meant.set(plain, { name: String(name), namespace, kind: type });
  const parameters = type === "custom" ? TEXT : tool["parameters"];
  return [{ type: "function", name: plain, description: tool["description"], parameters }];
}

const TEXT = { type: "object", properties: { input: { type: "string" } }, required: ["input"] };

/** `functions` is the namespace of what has none. */
function plainName(name: string, namespace: unknown): string {
  return typeof namespace === "string" && namespace !== "functions" ? `${namespace}__${name}` : name;
}

function plainItem(item: Json): Json[] {
  const { type, name, namespace, call_id, input, output } = item;
  switch (type) {
    case "additional_tools":
      return [];
    case "custom_tool_call":
      return [{ type: "function_call", call_id, name, arguments: JSON.stringify({ input }) }];
    case "function_call":
      return [{ ...item, name: plainName(String(name), namespace) }];
    case "custom_tool_call_output":
    case "function_call_output":
      return [{ type: "function_call_output", call_id, output: textOf(output) }];
    default:
      return [item];
  }
}

function textOf(output: unknown): string {
  if (typeof output === "string") return output;
  const parts = Array.isArray(output) ? (output as Json[]) : [];
  return parts.map(({ text }) => (typeof text === "string" ? text : "")).join("\n");
}

/** One event of an answer, as the client expects it: none, itself, or two in its place. */
export function restored(event: Json, meant: ReadonlyMap<string, Meant>, calls: Map<string, Json>): Json[] {
  const { type, item } = event;
  if (type === "response.output_item.added" || type === "response.output_item.done") {
    const back = restoredItem(item as Json, meant, type.endsWith("added") ? "begun" : "whole");
    calls.set(String((item as Json)["id"]), back);
    return [{ ...event, item: back }];
  }
  const call = calls.get(String(event["item_id"]));
  if (call?.["type"] === "custom_tool_call" && type === "response.function_call_arguments.delta") return [];
  if (call?.["type"] === "custom_tool_call" && type === "response.function_call_arguments.done") {
    const { item_id: _, arguments: args, ...rest } = event;
    const input = inputOf(args);
    const about = { ...rest, item_id: call["id"] };
    return [
      { ...about, type: "response.custom_tool_call_input.delta", delta: input },
      { ...about, type: "response.custom_tool_call_input.done", input },
    ];
  }
  const response = event["response"] as Json | undefined;
  return [response === undefined ? event : { ...event, response: restoredResponse(response, meant) }];
}

export function restoredResponse(response: Json, meant: ReadonlyMap<string, Meant>): Json {
  const output = response["output"];
  if (!Array.isArray(output)) return response;
  return { ...response, output: (output as Json[]).map((item) => restoredItem(item, meant, "whole")) };
}

function restoredItem(item: Json, meant: ReadonlyMap<string, Meant>, state: "begun" | "whole"): Json {
  const was = item["type"] === "function_call" ? meant.get(String(item["name"])) : undefined;
  if (!was) return item;
  if (was.kind === "function") {
    const namespace = was.namespace === "functions" ? null : was.namespace;
    return { ...item, name: was.name, ...(namespace !== null && { namespace }) };
  }
  const { id, call_id, status } = item;
  const input = state === "begun" ? "" : inputOf(item["arguments"]);
  return { type: "custom_tool_call", id: `ctc_${String(id)}`, call_id, status, name: was.name, input };
}

function inputOf(args: unknown): string {
  try {
    return String((JSON.parse(String(args)) as Json)["input"] ?? "");
  } catch {
    return String(args);
  }
}

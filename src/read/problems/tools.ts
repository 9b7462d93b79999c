/** Tools: twice the same name, calls of tools that were not offered, arguments that do not fit, results without a call. */
import { isTooMuch } from "../../fact/nesting.ts";
import { isObject, object, parseJson, type Json } from "../json.ts";
import { checkerOf, type Checker } from "../json-schema.ts";
import type { Part, Problem, Reading, Tool, ToolCall } from "../reading.ts";
import { problem, quoted, type Rule } from "./rule.ts";

const TOOLS = "https://platform.openai.com/docs/guides/function-calling";
const SCHEMA = "https://json-schema.org/draft/2020-12/json-schema-validation";

export const tools: readonly Rule[] = [sameName, badName, unknownTool, badArguments, loneResults, openCalls];

function sameName({ reading }: Parameters<Rule>[0]): Problem[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { name, by, namespace } of reading.tools) {
    const whole = namespace === undefined ? name : `${namespace}.${name}`;
    if (by === "client" && seen.has(whole)) twice.add(whole);
    seen.add(whole);
  }
  return [...twice].map((name) =>
    problem(
      "error",
      "tool/same-name",
      "$.tools",
      `two tools have the name ${quoted(name)}: the model cannot say which it means`,
      TOOLS,
    ),
  );
}

function badName({ reading }: Parameters<Rule>[0]): Problem[] {
  if (!reading.dialect.startsWith("openai") && !reading.dialect.startsWith("anthropic")) return [];
  return reading.tools
    .filter(
      ({ name, by, kind }) =>
        by === "client" &&
        (kind === "function" || kind === "custom") &&
        !/^[a-zA-Z0-9_.:/-]{1,128}$/.test(name),
    )
    .map(({ name }) =>
      problem(
        "warning",
        "tool/bad-name",
        "$.tools",
        `the tool name ${quoted(name)} has characters or a length that the APIs refuse`,
        TOOLS,
      ),
    );
}

function unknownTool({ reading }: Parameters<Rule>[0]): Problem[] {
  // Tools may come from elsewhere: a stored prompt, an earlier response, a search for tools, a set under one name.
  const open =
    reading.tools.length === 0 ||
    reading.tools.some(({ by, kind }) => by === "server" || /toolset|tool_search/.test(kind)) ||
    reading.messages.some(({ parts }) => parts.some(bringsTools)) ||
    continues(reading);
  if (open) return [];
  const names = new Set(reading.tools.map(({ name }) => name));
  return reading.tool_calls
    .filter(({ name }) => !names.has(name))
    .map((call) =>
      problem(
        "warning",
        "tool/unknown",
        whereOf(call),
        `the model calls ${quoted(call.name)}, which was not among the tools of the request`,
        TOOLS,
      ),
    );
}

/** Messages that change which tools there are, in the middle of a conversation. */
function bringsTools(part: Part): boolean {
  if (part.type === "tool_result") return part.parts.some(bringsTools);
  return (
    part.type === "unknown" &&
    /tool_addition|toolAddition|additional_tools|tool_reference/.test(part.kind ?? "")
  );
}

function continues({ settings }: Reading): boolean {
  return [
    "previous_response_id",
    "conversation",
    "conversation_id",
    "prompt",
    "previous_interaction_id",
  ].some((key) => settings[key]);
}

function badArguments({ exchange, reading, seen }: Parameters<Rule>[0]): Problem[] {
  // A stream's own reader has said it already, with the event.
  const said = seen.problems.some(({ rule }) => rule.startsWith("tool/arguments-"));
  if (exchange.close === null || said || seen.stream?.unread) return [];
  const byName = Map.groupBy(reading.tools, ({ name }) => name);
  return reading.tool_calls.flatMap((call) => {
    const named = byName.get(call.name) ?? [];
    const [tool] = named;
    if (named.some(({ kind }) => kind !== "function")) return [];
    if (!tool && !looksLikeJson(call.arguments)) return [];
    if (isTooMuch(call.arguments)) return [];
    const value = parseJson(call.arguments === "" ? "{}" : call.arguments);
    if (value === undefined) {
      const why = /length|max_tokens|incomplete/i.test(reading.finish_reason ?? "")
        ? " (the answer was cut off)"
        : "";
      return [
        problem(
          "error",
          "tool/arguments-not-json",
          whereOf(call),
          `the arguments of ${quoted(call.name)} are not JSON${why}`,
          TOOLS,
        ),
      ];
    }
    // Of tools with the same name in different sets, it is enough that one takes them.
    const wrong = named.map((one) => mismatches(call, value, one));
    return wrong.some((found) => found.length === 0) ? [] : (wrong[0] ?? []);
  });
}

function looksLikeJson(text: string): boolean {
  return text.trimStart().startsWith("{");
}

function mismatches(call: ToolCall, value: unknown, { schema }: Tool): Problem[] {
  const errors = validate(schema, value);
  return errors
    .slice(0, 3)
    .map((error) =>
      problem(
        "warning",
        "tool/arguments-mismatch",
        whereOf(call),
        `the arguments of ${quoted(call.name)} do not match the tool's schema: ${error}`,
        SCHEMA,
      ),
    );
}

/**
 * What does not fit, each wrong place once, in words: `wrong`, or no more than another `format`. Empty when all fits, or
 * when the schema itself cannot be used.
 */
export function validate(schema: unknown, value: unknown, which: "wrong" | "format" = "wrong"): string[] {
  if (!isObject(schema)) return [];
  // A `$ref` to elsewhere or an invalid pattern: nothing can be said about the arguments.
  const checker = checkers.get(schema) ?? checkerOf(lowered(schema));
  checkers.set(schema, checker);
  return (checker.check?.(value) ?? [])
    .filter(({ only }) => (only === "format") === (which === "format"))
    .map(({ where, what }) => `${placed(where)}: ${what}`);
}

/** An answer may call one tool many times: its schema is made ready once. */
const checkers = new WeakMap<Json, Checker>();

function placed(where: string): string {
  return where.replace(/^\$\.?/, "") || "(top)";
}

/**
 * Google's schemas are OpenAPI's: types in capitals (Vertex also: the numbers of its enum), `nullable` beside the type,
 * counts as strings, as protobuf writes 64 bits.
 */
function lowered(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (/^(min|max)(Items|Length|Properties)$/.test(key) && typeof value === "string") return Number(value);
    if (isObject(value) && value["nullable"] === true) return { anyOf: [value, { type: "null" }] };
    if (key !== "type") return value;
    if (typeof value === "number") return GOOGLE_TYPES[value] ?? value;
    return typeof value === "string" && /^[A-Z]+$/.test(value) ? value.toLowerCase() : value;
  }) as Json;
}

const GOOGLE_TYPES = [undefined, "string", "number", "integer", "boolean", "array", "object", "null"];

/** In the request: a result must answer a call that stands before it. */
function loneResults({ reading, seen }: Parameters<Rule>[0]): Problem[] {
  if (continues(reading) || hasReferences(seen.glimpse.requestBody)) return [];
  const called = new Set<string>();
  // Where ids are optional, a name may be all that joins the two.
  const named = new Set<string>();
  const found: Problem[] = [];
  for (const part of reading.messages.flatMap(({ parts }) => parts)) {
    if (part.type === "tool_call" && part.id !== null) called.add(part.id);
    if (part.type === "tool_call" && part.id === null) named.add(part.name);
    if (part.type !== "tool_result" || part.by === "server" || part.id === null || called.has(part.id))
      continue;
    if (part.name !== null && named.has(part.name)) continue;
    found.push(
      problem(
        "error",
        "tool/result-without-call",
        "$.messages",
        `the result ${quoted(part.id)} answers no tool call before it`,
        TOOLS,
      ),
    );
  }
  return found;
}

/** In the request: the APIs refuse a history in which a call has no result. */
function openCalls({ reading }: Parameters<Rule>[0]): Problem[] {
  const parts = reading.messages.flatMap(({ role, parts: said }) => said.map((part) => ({ role, part })));
  const answered = new Set(
    parts.flatMap(({ part }) => {
      if (part.type !== "tool_result") return [];
      if (part.id !== null) return [part.id];
      return part.name === null ? [] : [nameKey(part.name)];
    }),
  );
  const lastAnswer = parts.findLastIndex(({ part }) => !isOpenCall(part, answered));
  return parts.flatMap(({ part }, i) =>
    isOpenCall(part, answered) && i < lastAnswer
      ? [
          problem(
            "warning",
            "tool/call-without-result",
            "$.messages",
            `the call ${quoted(part.id ?? "")} of ${quoted(part.name)} has no result, although the conversation goes on`,
            TOOLS,
          ),
        ]
      : [],
  );
}

function isOpenCall(part: Part, answered: ReadonlySet<string>): part is Extract<Part, { type: "tool_call" }> {
  if (part.type !== "tool_call" || part.by === "server" || part.id === null) return false;
  return !answered.has(part.id) && !answered.has(nameKey(part.name));
}

/** No id looks like this. */
function nameKey(name: string): string {
  return `name of ${name}`;
}

function hasReferences(body: unknown): boolean {
  if (Array.isArray(body)) return true;
  const input = object(body)["input"];
  return (
    Array.isArray(input) &&
    input.some(
      (item) => isObject(item) && (item["type"] === "item_reference" || item["type"] === "compaction"),
    )
  );
}

function whereOf(call: ToolCall): string {
  return call.id === null ? `call of ${call.name}` : `call ${call.id}`;
}

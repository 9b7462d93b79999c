/**
 * What servers offer against what the model was given: which tools were left out, renamed or changed on the way, which
 * come only when they are asked for, what each costs in every request, and which were never called.
 */
import { isObject, list, object, objects, text } from "../json.ts";
import type { Part, Reading, Tool } from "../reading.ts";
import { serverOf, toolChars } from "./ledger.ts";
import { type Change, schemaChanges } from "./schema-diff.ts";
import { type Fit, fitOf } from "./tool-names.ts";

export type Offered = {
  session: string;
  /** Under which it was recorded, and its own name. */
  name: string;
  server: string | null;
  tools: readonly { name: string; description: string | null; schema: unknown }[];
  /** Its lists were read to their ends. */
  isWhole: boolean;
};

export type ExposedTool = {
  tool: string;
  /** As the model knows it; null when it was not given. */
  as: string | null;
  state: "given" | "changed" | "deferred" | "missing" | "unlisted";
  changes: Change[];
  /** What its definition takes in each request; an estimate. */
  tokens: number;
  calls: number;
};

export type ExposedServer = { server: string; session: string | null; tokens: number; tools: ExposedTool[] };

export type Exposure = {
  /** "" is the host itself. */
  servers: ExposedServer[];
  tokens: number;
  /** Tools come when they are searched for. */
  deferral: boolean;
};

const CHARS_PER_TOKEN = 4;

/** `called`: names of tools as the model called them, with how often. `request`: the body as it came. */
export function exposureOf(
  reading: Reading,
  request: unknown,
  offered: readonly Offered[],
  called: ReadonlyMap<string, number>,
): Exposure {
  const given = [...reading.tools, ...laterTools(reading)];
  const deferred = deferredNames(request, reading);
  const deferral = deferred.size > 0 || given.some(isSearch);
  const taken = new Set<Tool>();
  const servers = offered.map((server): ExposedServer => {
    const tools = server.tools.map((tool): ExposedTool => {
      const as = best(given, tool.name, server);
      if (as === null) {
        // It may have been found by a search before, or wait for one.
        const state = deferral || !server.isWhole ? "deferred" : "missing";
        return {
          tool: tool.name,
          as: null,
          state,
          changes: [],
          tokens: 0,
          calls: callsOf(called, tool.name, server),
        };
      }
      taken.add(as);
      const changes = changesOf(tool, as);
      const name = whole(as);
      const isDeferred = deferred.has(as.name);
      return {
        tool: tool.name,
        as: name,
        state: isDeferred ? "deferred" : changes.length > 0 ? "changed" : "given",
        changes,
        tokens: isDeferred ? 0 : tokensOf(as),
        calls: called.get(name) ?? called.get(as.name) ?? 0,
      };
    });
    return { server: server.name, session: server.session, tokens: sum(tools), tools };
  });
  const rest = Map.groupBy(
    given.filter((tool) => !taken.has(tool)),
    serverOf,
  );
  for (const [server, tools] of rest) {
    const known = servers.find((one) => one.server === server && server !== "");
    const unlisted = tools.map((tool): ExposedTool => ({
      tool: tool.name,
      as: whole(tool),
      state: known ? "unlisted" : deferred.has(tool.name) ? "deferred" : "given",
      changes: [],
      tokens: deferred.has(tool.name) ? 0 : tokensOf(tool),
      calls: called.get(whole(tool)) ?? called.get(tool.name) ?? 0,
    }));
    if (known) {
      known.tools.push(...unlisted);
      known.tokens += sum(unlisted);
    } else servers.push({ server, session: null, tokens: sum(unlisted), tools: unlisted });
  }
  return { servers, tokens: servers.reduce((all, { tokens }) => all + tokens, 0), deferral };
}

function best(given: readonly Tool[], name: string, server: Offered): Tool | null {
  let found: Tool | null = null;
  let fit: Fit = 0;
  for (const tool of given) {
    if (tool.kind !== "function" && tool.kind !== "custom") continue;
    const asked = { name: tool.name, namespace: tool.namespace ?? null };
    const here = fitOf(asked, name, [server.name, server.server]);
    // Something else before the name is another server's.
    if (here > fit && (here !== 1 || serverOf(tool) === "")) [found, fit] = [tool, here];
  }
  return found;
}

function changesOf(offered: Offered["tools"][number], { description, schema }: Tool): Change[] {
  const changes =
    schema === null || offered.schema === null ? [] : schemaChanges(plain(offered.schema), plain(schema));
  if ((offered.description ?? "") !== (description ?? ""))
    changes.unshift({
      where: "description",
      kind: "changed",
      before: offered.description,
      after: description,
    });
  return changes;
}

/** Hosts leave out what a model's API does not take; a schema's own address says nothing. */
function plain(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  const { $schema: _address, ...rest } = schema;
  return rest;
}

function callsOf(called: ReadonlyMap<string, number>, tool: string, { name, server }: Offered): number {
  let count = 0;
  for (const [as, n] of called)
    if (fitOf({ name: as, namespace: null }, tool, [name, server]) === 3) count += n;
  return count;
}

function whole({ name, namespace }: Tool): string {
  return namespace === undefined ? name : `${namespace}.${name}`;
}

function tokensOf(tool: Tool): number {
  return Math.ceil(toolChars(tool) / CHARS_PER_TOKEN);
}

function sum(tools: readonly ExposedTool[]): number {
  return tools.reduce((all, { tokens }) => all + tokens, 0);
}

function isSearch({ name, kind }: Tool): boolean {
  return /tool_?search/i.test(kind) || /^tool_?search$/i.test(name);
}

/** Tools whose definition the model gets only when it searches for them, less those that it has found. */
function deferredNames(request: unknown, reading: Reading): Set<string> {
  const body = object(request);
  const names = new Set<string>();
  for (const tool of objects(body["tools"])) {
    for (const one of [tool, ...objects(tool["tools"])])
      if (one["defer_loading"] === true)
        names.add(text(one["name"]) ?? text(object(one["function"])["name"]) ?? "");
  }
  for (const part of reading.messages.flatMap(({ parts }) => parts))
    for (const name of found(part)) names.delete(name);
  return names;
}

/** `tool_reference` in the result of a search. */
function found(part: Part): string[] {
  if (part.type === "tool_result") return part.parts.flatMap(found);
  if (part.type !== "unknown") return [];
  const value = object(part.value);
  return part.kind === "tool_reference" ? [text(value["tool_name"]) ?? ""] : [];
}

/** Tools that a message in the middle of the conversation brings: additions, searched ones, a changed configuration. */
function laterTools(reading: Reading): Tool[] {
  return reading.messages.flatMap(({ parts }) => parts.flatMap(broughtBy));
}

function broughtBy(part: Part): Tool[] {
  if (part.type === "tool_result") return part.parts.flatMap(broughtBy);
  if (
    part.type !== "unknown" ||
    !/tool_addition|additional_tools|tool_search_output|configuration_update/.test(part.kind ?? "")
  )
    return [];
  const value = object(part.value);
  return [...list(value["tools"]), value["tool"]].filter(isObject).map((tool) => ({
    name: text(tool["name"]) ?? "",
    description: text(tool["description"]),
    schema: tool["input_schema"] ?? tool["parameters"] ?? null,
    kind: "function",
    by: "client",
  }));
}

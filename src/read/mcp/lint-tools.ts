/** Rules about calls of tools: that the list has them, that arguments and results keep to their schemas. */
import { checkerOf, type Checker } from "../json-schema.ts";
import type { Shelves } from "./inventory.ts";
import type { Finding } from "./lint-http.ts";
import type { RpcRequest, RpcResult } from "./message.ts";
import type { Call } from "./reading.ts";

export function toolRules(offers: Shelves) {
  const checkers = new WeakMap<object, Checker>();
  /** A schema that cannot be used is told of once. */
  const once = new Set<string>();
  return { toolOf, argumentsOf, structured };

  function toolOf({ method, name }: Call): Record<string, unknown> | null {
    return method === "tools/call" && name !== null ? offers.tool(name) : null;
  }

  function argumentsOf({ params }: RpcRequest, call: Call): Finding[] {
    const tool = toolOf(call);
    if (tool === null) {
      if (!offers.knowsTools() || call.name === null) return [];
      return [
        { rule: "mcp/unknown-tool", where: "$.params.name", what: `the list has no tool "${call.name}"` },
      ];
    }
    const { check, why } = checkerFor(tool["inputSchema"]);
    if (check === null) return unusable("inputSchema", call, why);
    return check(params["arguments"] ?? {}).map(({ where, what, only }) => ({
      rule: only === "format" ? "mcp/format" : "mcp/input-schema",
      where: `$.params.arguments${where.slice(1)}`,
      what,
    }));
  }

  function structured({ result }: RpcResult, call: Call): Finding[] {
    if (call.state !== "ok" || call.method !== "tools/call") return [];
    const schema = toolOf(call)?.["outputSchema"];
    if (schema === undefined || result === null) return [];
    const where = "$.result.structuredContent";
    if (!("structuredContent" in result))
      return [
        {
          rule: "mcp/output-schema",
          where,
          what: "the tool has an outputSchema and the result no structuredContent",
        },
      ];
    const { check, why } = checkerFor(schema);
    if (check === null) return unusable("outputSchema", call, why);
    return check(result["structuredContent"]).map((it) => ({
      rule: it.only === "format" ? "mcp/format" : "mcp/output-schema",
      where: `${where}${it.where.slice(1)}`,
      what: it.what,
    }));
  }

  function unusable(which: string, { name }: Call, why: string): Finding[] {
    const what = `${which} of ${name}: ${why}`;
    if (once.has(what)) return [];
    once.add(what);
    return [{ rule: "mcp/tool-schema", where: "$", what }];
  }

  function checkerFor(schema: unknown): Checker {
    if (typeof schema !== "object" || schema === null) return { check: () => [], why: null };
    const known = checkers.get(schema);
    if (known) return known;
    const made = checkerOf(schema);
    checkers.set(schema, made);
    return made;
  }
}

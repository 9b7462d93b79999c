/** What a server offers (tools, prompts, resources, templates) and what was made of it. */
import { record, text } from "./line.ts";
import type { RpcResult } from "./message.ts";
import type { Call, Inventory, Offer, ToolOffer } from "./reading.ts";

type Listed = { wire: Record<string, unknown>; seq: number; listed: boolean };
type Shelf = { list: string; use: string; field: string; name: string; offers: Map<string, Listed> };

export type Shelves = ReturnType<typeof shelves>;

export function shelves() {
  const tools = shelf("tools/list", "tools/call", "tools", "name");
  const prompts = shelf("prompts/list", "prompts/get", "prompts", "name");
  const resources = shelf("resources/list", "resources/read", "resources", "uri");
  const templates = shelf("resources/templates/list", "", "resourceTemplates", "uriTemplate");
  const all = [tools, prompts, resources, templates];
  let changes = 0;
  /** The list of tools was read to its end and did not change since. */
  let toolsAreKnown = false;

  return {
    knowsTools: (): boolean => toolsAreKnown,

    /** The server's own object for a tool, as it was listed last. */
    tool: (name: string): Record<string, unknown> | null => tools.offers.get(name)?.wire ?? null,

    /** Takes in the answer to a list. `page`: the first one, when it is whole, unlists what it does not name. */
    listed(call: Call, { result }: RpcResult, seq: number, page: "first" | "next"): void {
      const into = all.find((it) => it.list === call.method);
      const found = result?.[into?.field ?? ""];
      if (into === undefined || !Array.isArray(found)) return;
      const whole = page === "first" && typeof result?.nextCursor !== "string";
      if (whole) for (const offer of into.offers.values()) offer.listed = false;
      if (into === tools) toolsAreKnown = typeof result?.nextCursor !== "string";
      for (const value of found) {
        const wire = record(value);
        const name = text(wire?.[into.name]);
        if (wire && name !== null) into.offers.set(name, { wire, seq, listed: true });
      }
    },

    /** How many there are to use. */
    count: (): number => tools.offers.size + prompts.offers.size + resources.offers.size,

    /** A `list_changed` came. */
    changed(method: string): void {
      changes += 1;
      if (method === "notifications/tools/list_changed") toolsAreKnown = false;
    },

    inventory(calls: readonly Call[]): Inventory {
      return {
        tools: offers(tools, calls).map((it) => ({
          ...it,
          input_schema: it.wire.inputSchema ?? null,
          output_schema: it.wire.outputSchema ?? null,
          annotations: it.wire.annotations ?? null,
        })) satisfies ToolOffer[],
        prompts: offers(prompts, calls),
        resources: offers(resources, calls),
        templates: offers(templates, calls),
        changes,
      };
    },
  };
}

function shelf(list: string, use: string, field: string, name: string): Shelf {
  return { list, use, field, name, offers: new Map() };
}

function offers(from: Shelf, calls: readonly Call[]): Offer[] {
  const made = new Map<string, Call[]>();
  for (const call of calls) {
    if (call.method !== from.use || call.name === null) continue;
    const list = made.get(call.name);
    if (list) list.push(call);
    else made.set(call.name, [call]);
  }
  return [...from.offers].map(([name, { wire, seq, listed }]) => {
    const used = made.get(name) ?? [];
    const span = used.flatMap((it) => it.latency_ms ?? []).toSorted((a, b) => a - b);
    return {
      name,
      title: text(wire.title) ?? text(record(wire.annotations)?.title),
      description: text(wire.description),
      wire,
      seq,
      calls: used.length,
      errors: used.filter((it) => it.state === "error" || it.state === "tool-error").length,
      p50_ms: span[span.length >> 1] ?? null,
      max_ms: span.at(-1) ?? null,
      listed,
    };
  });
}

/** The ids by which calls of both wires know each other, each with what kind of id it is. */
import type { AskedCall } from "./evidence.ts";
import type { Served } from "./world.ts";

/** Under which a call of a model is looked for: its own id, and that of the item around it. */
export function idsOf(it: AskedCall): string[] {
  return [...(it.id === null ? [] : [`c ${it.id}`]), ...(it.item === null ? [] : [`i ${it.item}`])];
}

/** Those that an MCP call carries of the model's wire. */
export function idsIn({ it }: Served): string[] {
  const { tool_use, call, item } = it;
  return [...new Set([tool_use, call].flatMap((id) => (id === null ? [] : [`c ${id}`])))].concat(
    item === null ? [] : [`i ${item}`],
  );
}

/**
 * Tools that call others: a host that keeps its servers' tools back gives the model one by which it calls them (Qwen
 * Code's `tool_call`, Cline's `use_mcp_tool`). What counts is the tool that was meant.
 */
import { isObject } from "../json.ts";

const BRIDGES = /^(tool_call|call_tool|use_mcp_tool|call_mcp_tool|mcp_call|execute_tool|invoke_tool)$/;
const NAMES = ["name", "tool_name", "tool"];
const SERVERS = ["server_name", "server"];
const ARGUMENTS = ["arguments", "args", "input", "params"];

/** Arguments of a tool are small; what is larger is read as it stands. */
const MOST_CHARS = 256 * 1024;

export type Meant = { readonly name: string; readonly namespace: string | null; readonly args: string };

/** Null for any other call. */
export function bridged(call: { readonly name: string; readonly arguments: string }): Meant | null {
  if (!BRIDGES.test(call.name) || call.arguments.length > MOST_CHARS) return null;
  const given = parsed(call.arguments);
  if (!isObject(given)) return null;
  const first = (keys: readonly string[]) =>
    keys.map((key) => given[key]).find((value) => value !== undefined);
  const [name, server, args = {}] = [first(NAMES), first(SERVERS), first(ARGUMENTS)];
  // Cline writes the arguments as a text.
  const inner = typeof args === "string" ? parsed(args) : args;
  if (typeof name !== "string" || name === "" || !isObject(inner)) return null;
  return { name, namespace: typeof server === "string" ? server : null, args: JSON.stringify(inner) };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null; // cut, or no JSON: the call stands as it is
  }
}

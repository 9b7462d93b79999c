import { expect, test } from "bun:test";
import { bridged } from "./bridges.ts";

const args = '{"city":"Oslo"}';

test.each([
  ["tool_call", `{"name":"mcp__w__f","arguments":${args}}`, { name: "mcp__w__f", namespace: null, args }],
  [
    "use_mcp_tool",
    `{"server_name":"w","tool_name":"f","arguments":${JSON.stringify(args)}}`,
    { name: "f", namespace: "w", args },
  ],
  ["call_tool", '{"tool":"f"}', { name: "f", namespace: null, args: "{}" }],
  // Not what they seem.
  ["get_tool", '{"name":"f","arguments":{}}', null],
  ["tool_call", '{"name":"f","arguments":[1]}', null],
  ["tool_call", '{"name":7,"arguments":{}}', null],
  ["tool_call", '{"name":"f","argum', null],
  ["tool_call", "", null],
])("%s %s", (name, written, meant) => {
  expect(bridged({ name, arguments: written })).toEqual(meant);
});

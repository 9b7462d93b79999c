import { expect, test } from "bun:test";
import { standOf, toolName } from "./run-state.ts";

test("who was waited for hours ago is waited for no more; what ended has ended", () => {
  const since = 1_000_000;
  const at = (state: "host" | "done", after: number) => standOf({ state, state_since: since }, since + after);
  expect([at("host", 60_000), at("host", 3_600_000), at("done", 3_600_000)]).toEqual([
    "host",
    "silent",
    "done",
  ]);
});

test("a tool is called by its own name, whatever the host puts before it", () => {
  expect(
    ["mcp__weather__get_forecast", "mcp__my_server__a__b", "get_forecast", "mcp__x__"].map(toolName),
  ).toEqual(["get_forecast", "a__b", "get_forecast", "mcp__x__"]);
});

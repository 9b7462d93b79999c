import { expect, test } from "bun:test";
import { fitOf } from "./tool-names.ts";

const fit = (name: string, tool: string, namespace: string | null = null) =>
  fitOf({ name, namespace }, tool, ["weather", "weather-server"]);

test.each([
  ["mcp__weather__get_forecast", 3],
  ["mcp_weather_get_forecast", 3],
  ["weather_get_forecast", 3],
  ["weather.get_forecast", 3],
  ["weather-get-forecast", 3],
  ["weather-server__get_forecast", 3],
  ["get_forecast", 2],
  ["get-forecast", 2],
  ["mcp__other__get_forecast", 1],
  ["get_forecast_daily", 0],
  ["forget_forecast", 0],
  ["forecast", 0],
] as const)("%s is get_forecast of the weather server: %d", (name, expected) => {
  expect(fit(name, "get_forecast")).toBe(expected);
});

test("a namespace beside the name counts as the server's", () => {
  expect(fit("get_sum", "get-sum", "mcp__weather")).toBe(3);
});

test("a long name that was cut and given a hash is still the tool's", () => {
  const tool = "list_every_single_observation_of_the_last_hundred_years_by_station";
  expect(fit(`mcp__weather__${tool}`.slice(0, 56) + "_1a2b3c4d", tool)).toBe(3);
  expect(fit(`mcp__weather__other_${tool}`.slice(0, 56) + "_1a2b3c4d", tool)).toBe(0);
});

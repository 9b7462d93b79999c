/** Crush: variables of its own for the three great APIs; addresses in its settings it asks directly. */
import { join } from "node:path";
import { nothing, object, settingsIn, type Asked, type Help } from "./help.ts";

export function crush({ places }: Asked): Help {
  const files = [
    join(places.config, "crush", "crush.json"),
    ...["crush.json", ".crush.json"].map((name) => join(places.cwd, name)),
  ];
  const direct = files.flatMap((path) =>
    Object.entries(object(settingsIn(path)["providers"])).flatMap(([name, provider]) =>
      typeof object(provider)["base_url"] === "string" ? [`${name} (${path})`] : [],
    ),
  );
  return {
    ...nothing,
    variables: ({ proxyUrl, pointed }) => ({
      ANTHROPIC_API_ENDPOINT: pointed["ANTHROPIC_API_ENDPOINT"] ?? `${proxyUrl}/@anthropic`,
      OPENAI_API_ENDPOINT: pointed["OPENAI_API_ENDPOINT"] ?? `${proxyUrl}/@openai/v1`,
      GEMINI_API_ENDPOINT: pointed["GEMINI_API_ENDPOINT"] ?? `${proxyUrl}/@gemini`,
    }),
    unrecorded: direct.map(
      (name) => `the provider ${name} has an address of its own, which is asked directly and not recorded`,
    ),
    note: "MCP servers of Crush are recorded by `wire crush`",
  };
}

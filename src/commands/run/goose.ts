/** Goose: its variables name hosts, and what its configuration says counts only where the environment says nothing. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nothing, object, type Asked, type Help } from "./help.ts";
import { isAddress } from "./variables.ts";

const HOSTS = [
  ["OPENAI_HOST", "/@openai"],
  ["ANTHROPIC_HOST", "/@anthropic"],
] as const;

export function goose({ places, environment }: Asked): Help {
  const folder =
    places.platform === "win32"
      ? join(places.appData, "Block", "goose", "config")
      : join(places.config, "goose");
  const settings = yamlIn(join(folder, "config.yaml"));
  const own = HOSTS.flatMap(([variable]) => {
    const url = settings[variable];
    return !environment[variable] && typeof url === "string" && isAddress(url)
      ? [[variable, url] as const]
      : [];
  });
  return {
    ...nothing,
    own: Object.fromEntries(own),
    variables: ({ proxyUrl, pointed }) =>
      Object.fromEntries(HOSTS.map(([variable, path]) => [variable, pointed[variable] ?? proxyUrl + path])),
    note: "MCP servers of Goose are recorded by `wire goose`",
  };
}

function yamlIn(path: string): Record<string, unknown> {
  try {
    return object(Bun.YAML.parse(readFileSync(path, "utf8")));
  } catch {
    return {}; // none, or one that the agent itself will complain about
  }
}

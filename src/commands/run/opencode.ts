/** OpenCode: a configuration in a variable is laid over the others, for one run. */
import { join } from "node:path";
import { withTap } from "../wire/entry.ts";
import { canRecord, nothing, object, parsed, put, readHost, type Asked, type Help } from "./help.ts";

const KNOWN = [
  ["anthropic", "/@anthropic/v1"],
  ["openai", "/@openai/v1"],
  ["google", "/@gemini/v1beta"],
  ["openrouter", "/@openrouter/v1"],
] as const;

export function opencode({ places, tap, environment }: Asked): Help {
  const names = ["opencode.json", "opencode.jsonc"];
  const folders = [join(places.config, "opencode"), places.cwd];
  const files = folders
    .flatMap((folder) => names.map((name) => readHost("opencode", join(folder, name))))
    .filter((file) => file !== null);
  const given = object(parsed(environment["OPENCODE_CONFIG_CONTENT"] ?? "{}"));
  const settings = [...files.map((file) => object(parsed(file.text))), given];
  const own = ownAddresses(settings);
  const entries = (tap ? files.flatMap((file) => file.entries.filter(canRecord)) : []).filter(
    ({ path }) => at(given, path) === undefined,
  );
  return {
    ...nothing,
    extra: Object.fromEntries(own.map(({ upstream, url }) => [upstream, url])),
    variables: (proxyUrl) => {
      let content: Record<string, unknown> = given;
      const addresses = new Map<string, string>([
        ...KNOWN,
        ...own.map(({ name, upstream }) => [name, `/@${upstream}`] as const),
      ]);
      for (const [name, path] of addresses)
        content = put(content, ["provider", name, "options", "baseURL"], proxyUrl + path);
      for (const entry of entries) {
        // Each layer is checked by itself, so the entry has to be whole; a later file's word counts.
        const whole = Object.assign({}, ...settings.map((each) => object(at(each, entry.path))));
        const command = tap ? withTap(entry, tap) : entry.command;
        content = put(content, entry.path, { ...whole, command });
      }
      return { OPENCODE_CONFIG_CONTENT: JSON.stringify(content) };
    },
    servers: [...new Set(entries.map(({ name }) => name))],
  };
}

type OwnAddress = { readonly name: string; readonly upstream: string; readonly url: string };

/** What is asked at an address of the user's own has to go there, through us. */
function ownAddresses(settings: readonly Record<string, unknown>[]): OwnAddress[] {
  const found = new Map<string, OwnAddress>();
  for (const each of settings) {
    for (const [name, provider] of Object.entries(object(each["provider"]))) {
      const url = object(object(provider)["options"])["baseURL"];
      // `{env:NAME}` and the like are OpenCode's own to fill in.
      if (typeof url !== "string" || !/^https?:\/\/[^{}]+$/.test(url) || !URL.canParse(url)) continue;
      if (new URL(url).pathname.startsWith("/@")) continue;
      const upstream = `own-opencode-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
      found.set(name, { name, upstream, url });
    }
  }
  return [...found.values()];
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inside, key) => object(inside)[key], value);
}

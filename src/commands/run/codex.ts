/** Codex: its settings are overridden by its own options, for one run. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { withTap } from "../wire/entry.ts";
import { canRecord, nothing, object, overHttp, parsed, readHost, type Asked, type Help } from "./help.ts";
import { relaysOf } from "./relays.ts";
import { isAddress, isOurs, ourPath } from "./variables.ts";

/** Codex: `-c key=value` overrides its configuration for one run. It reads no variable for the address any more. */
export function codex({ words, places, tap, environment }: Asked): Help {
  const chatgpt = environment["OPENAI_API_KEY"] ? false : isChatGpt(join(places.codex, "auth.json"));
  const file = readHost("codex", join(places.codex, "config.toml"));
  const own = ownAddresses(file?.text ?? "");
  const entries = (tap && file ? file.entries : []).filter(
    (entry) => canRecord(entry) && /^[\w-]+$/.test(entry.name),
  );
  const overrides = entries.flatMap((entry) => {
    const [program = "", ...args] = tap ? withTap(entry, tap) : [];
    const key = `mcp_servers.${entry.name}`;
    return ["-c", `${key}.command=${JSON.stringify(program)}`, "-c", `${key}.args=${JSON.stringify(args)}`];
  });
  const servers = object(object(tomlOf(file?.text ?? ""))["mcp_servers"]);
  const relays = relaysOf(
    (tap && file ? file.entries : []).filter(({ name }) => /^[\w-]+$/.test(name)),
    ({ name }) => object(servers[name]),
  );
  const usual = own.every(({ key }) => key !== OPENAI);
  // The last one counts, and the user's own words come after ours.
  const given = words.some((word) => /base_url\s*=/.test(word));
  const unrecorded = [
    ...(tap && file
      ? overHttp(
          "codex",
          file.entries.filter((entry) => relays.every((relay) => relay.entry !== entry)),
        )
      : []),
    ...(given ? ["the address that you gave with -c is asked directly and not recorded"] : []),
    ...(words.includes("--oss")
      ? ["with --oss Codex asks a model of this machine directly, which is not recorded"]
      : []),
  ];
  return {
    ...nothing,
    extra: {
      ...(chatgpt && usual && { chatgpt: "https://chatgpt.com/backend-api/codex" }),
      ...Object.fromEntries(own.flatMap(({ upstream, url }) => (isOurs(url) ? [] : [[upstream, url]]))),
    },
    options: ({ proxyUrl }) => {
      const known = { key: OPENAI, url: proxyUrl + (chatgpt ? "/@chatgpt" : "/@openai/v1") };
      const addresses = [
        ...(usual ? [known] : []),
        ...own.map(({ key, upstream, url }) => ({
          key,
          url: ourPath(url, proxyUrl) ?? `${proxyUrl}/@${upstream}`,
        })),
      ];
      const far = relays.map(({ entry, path }) => ({
        key: `mcp_servers.${entry.name}.url`,
        url: proxyUrl + path,
      }));
      return [
        ...[...addresses, ...far].flatMap(({ key, url }) => ["-c", `${key}=${JSON.stringify(url)}`]),
        ...overrides,
      ];
    },
    relays: Object.fromEntries(relays.map(({ name, place }) => [name, place])),
    servers: [...entries, ...relays.map(({ entry }) => entry)].map(({ name }) => name),
    unrecorded,
  };
}

const OPENAI = "openai_base_url";

type OwnAddress = { readonly key: string; readonly upstream: string; readonly url: string };

/** Addresses in the user's configuration: what is asked there has to go there, through us. */
function ownAddresses(text: string): OwnAddress[] {
  const settings = object(tomlOf(text));
  const providers = Object.entries(object(settings["model_providers"]))
    .filter(([name]) => /^[\w-]+$/.test(name))
    .map(([name, provider]) => [`model_providers.${name}.base_url`, name, object(provider)["base_url"]]);
  return [[OPENAI, "openai", settings[OPENAI]], ...providers].flatMap(([key, name, url]) => {
    if (typeof url !== "string" || !isAddress(url)) return [];
    return [
      { key: String(key), upstream: `own-codex-${String(name).toLowerCase().replaceAll("_", "-")}`, url },
    ];
  });
}

function tomlOf(text: string): unknown {
  try {
    return Bun.TOML.parse(text);
  } catch {
    return {}; // the agent itself will say what is wrong with its file
  }
}

/** Who signed in with an account has another address than who has a key. Looks at nothing but which of the two it is. */
function isChatGpt(path: string): boolean {
  if (!existsSync(path)) return false;
  const { OPENAI_API_KEY, tokens } = object(parsed(readFileSync(path, "utf8")));
  return typeof OPENAI_API_KEY !== "string" && typeof tokens === "object" && tokens !== null;
}

/** All upstreams of this run: the known ones, the user's, MCP servers, the demo, and which one is the default. */
import type { FindUpstream, Upstream } from "./capture/upstreams.ts";
import { DEMO_UNVERSIONED, KNOWN_UPSTREAMS } from "./fact/upstreams.ts";
import type { Config } from "./config.ts";
import { wiredServers } from "./config/wired-servers.ts";
import type { DemoUpstream } from "./demo/upstream.ts";

export type Upstreams = {
  readonly all: readonly Upstream[];
  readonly default: Upstream;
  readonly find: FindUpstream;
  /** Stops what was started for them. */
  stop(): Promise<void>;
};

export function upstreamsOf(config: Config): Upstreams {
  const known = KNOWN_UPSTREAMS.map(({ name, url, keyHeader, variables, unversioned }): Upstream => {
    const key =
      variables.map((variable) => config.keys[variable]).find((value) => value !== undefined) ?? null;
    return {
      name,
      url: name === "azure" ? config.azureEndpoint : url,
      keyHeader,
      key,
      ...(unversioned && { unversioned }),
    };
  });
  const own = Object.entries(config.upstreams).map(([name, url]) => withKey(name, url, known));
  const mcp = Object.entries(config.mcpServers).map(([name, url]) => withKey(`mcp/${name}`, url, []));
  const wired = Object.entries(wiredServers()).filter(([name]) => config.mcpServers[name] === undefined);
  mcp.push(...wired.map(([name, url]) => withKey(`mcp/${name}`, url, [])));
  const byName = new Map([...known, ...own, ...mcp].map((upstream) => [upstream.name, upstream]));
  // Started when it is first asked for: most runs never do.
  let demo: Promise<DemoUpstream> | null = null;
  const askDemo = () =>
    (demo ??= import("./demo/upstream.ts").then(({ startDemoUpstream }) => startDemoUpstream()));
  return {
    all: [...byName.values()],
    default: known.find(({ url }) => url === config.targetUrl) ?? withKey("default", config.targetUrl, known),
    find(name) {
      if (name === "demo" && !byName.has("demo")) {
        return askDemo().then(({ url }): Upstream => ({
          name,
          url,
          keyHeader: "bearer",
          key: null,
          unversioned: DEMO_UNVERSIONED,
        }));
      }
      return byName.get(name) ?? wiredSince(name);
    },
    async stop() {
      const started = await demo?.catch(() => null);
      await started?.stop();
    },
  };
}

/** `wire` may have put one behind the proxy while it ran. */
function wiredSince(name: string): Upstream | undefined {
  if (!name.startsWith("mcp/")) return undefined;
  const url = wiredServers()[name.slice("mcp/".length)];
  return url === undefined ? undefined : withKey(name, url, []);
}

/** `http://user:word@host` says how to sign in, as curl understands it; the address is shown, and that is not. */
export function splitUser(given: string): { url: string; user: string | null } {
  const [, scheme = "", user, rest = ""] = /^(https?:\/\/)([^/@?#]+)@(.*)$/is.exec(given) ?? [];
  if (user === undefined) return { url: given, user: null };
  const [name = "", word = ""] = user.split(/:(.*)/s).map(decoded);
  return { url: scheme + rest, user: `${name}:${word}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // it was not encoded
  }
}

/** An address of a known provider takes that provider's key; any other takes none. */
function withKey(name: string, given: string, known: readonly Upstream[]): Upstream {
  const { url, user } = splitUser(given);
  if (user !== null) return { name, url, keyHeader: "basic", key: btoa(user) };
  const same = known.find(
    (upstream) => upstream.url !== null && new URL(upstream.url).origin === new URL(url).origin,
  );
  return { name, url, keyHeader: same?.keyHeader ?? "bearer", key: same?.key ?? null };
}

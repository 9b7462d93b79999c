/**
 * MCP servers over HTTP that `wire` has put behind the proxy, by the name in its address. They stand in a file of the
 * user's own, since a host's settings say nothing of where the proxy should ask, and a log folder may be a stranger's.
 */
import * as fs from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const NAME = "mcp-servers.json";

/** Some hundred servers; what is larger was not written by us. */
const MOST_BYTES = 256 * 1024;

export type WiredServers = Readonly<Record<string, string>>;

/** Empty where there is none, and where somebody else could have written it. */
export function wiredServers(home: string = homedir()): WiredServers {
  try {
    const path = join(home, ".mcp-proxy-logger", NAME);
    const { uid, mode, size } = fs.lstatSync(path);
    const isOurs = process.platform === "win32" || (uid === process.getuid?.() && (mode & 0o077) === 0);
    if (!isOurs || size > MOST_BYTES || !fs.lstatSync(path).isFile()) return {};
    const found: unknown = JSON.parse(fs.readFileSync(path, "utf8"));
    if (typeof found !== "object" || found === null) return {};
    return Object.fromEntries(
      Object.entries(found).filter(
        ([name, url]) => SAFE.test(name) && typeof url === "string" && isHttp(url),
      ),
    ) as WiredServers;
  } catch {
    return {}; // most users have none
  }
}

/** Names stand in addresses, which know no capitals here. */
const SAFE = /^[a-z0-9][a-z0-9._-]{0,63}$/;

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** The name under which this address stands from now on: the server's own, or with a number where that is another's. */
export function nameFor(server: string, url: string, known: WiredServers): string {
  const plain = server
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "");
  const base = plain.slice(0, 56) || "server";
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (known[name] === undefined || known[name] === url) return name;
  }
}

export function keepWiredServers(servers: WiredServers, home: string = homedir()): void {
  const folder = join(home, ".mcp-proxy-logger");
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fresh = join(folder, `${NAME}.${process.pid}.tmp`);
  fs.writeFileSync(fresh, `${JSON.stringify(servers, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(fresh, join(folder, NAME));
}

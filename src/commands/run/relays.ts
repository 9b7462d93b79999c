/**
 * Servers over HTTP that are asked through the proxy for one run. A host keeps what a sign-in (OAuth) gave it for the
 * server's own address, and careful clients refuse another: so only those whose own settings hold the credential, or say
 * that there is no sign-in, and those of this machine.
 */
import { nameFor } from "../../config/wired-servers.ts";
import type { Entry } from "../wire/entry.ts";
import { relayName } from "../wire/relay.ts";
import { object } from "./help.ts";
import { isAddress } from "./variables.ts";

export type Relay = {
  readonly entry: Entry;
  /** The name in the proxy's address, and where the proxy asks for it. */
  readonly name: string;
  readonly place: string;
  /** What stands behind the proxy's own address. */
  readonly path: string;
};

/** `settingsOf`: what the host's file says of the server. */
export function relaysOf(
  entries: readonly Entry[],
  settingsOf: (entry: Entry) => Record<string, unknown>,
): Relay[] {
  const relays: Relay[] = [];
  for (const entry of entries) {
    const { url } = entry;
    if (url === null || relayName(url) !== null || !isAddress(url) || /[{}$]/.test(url)) continue;
    if (!isOfThisMachine(url) && !holdsCredential(settingsOf(entry))) continue;
    const { username, origin, pathname, search } = new URL(url);
    // What an address holds of a name and a word is sent by each client in its own way.
    if (username !== "") continue;
    const known = Object.fromEntries(relays.map(({ name, place }) => [name, place]));
    const place = origin + pathname;
    const name = nameFor(entry.name, place, known);
    relays.push({ entry, name, place, path: `/@mcp/${name}${search}` });
  }
  return relays;
}

function isOfThisMachine(url: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

function holdsCredential(settings: Record<string, unknown>): boolean {
  if (settings["oauth"] === false || typeof settings["bearer_token_env_var"] === "string") return true;
  return ["headers", "http_headers", "env_http_headers"].some((key) =>
    Object.keys(object(settings[key])).some((name) =>
      /^(proxy-)?authorization$|key|token|cookie/i.test(name),
    ),
  );
}

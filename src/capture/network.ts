/** How upstreams are reached: which HTTP proxy for which address, and which names mean this machine. */
import type { Address, Network } from "./dial.ts";

export type ProxySettings = {
  readonly http: string | null;
  readonly https: string | null;
  readonly no: readonly string[];
};

export function createNetwork(proxies: ProxySettings, insecureTls: boolean): Network {
  return { ca: null, insecureTls, http2: new Set(), proxyFor: (address) => proxyFor(proxies, address) };
}

function proxyFor(proxies: ProxySettings, { protocol, host, port }: Address): URL | null {
  const proxy = protocol === "https:" ? proxies.https : proxies.http;
  if (!proxy || isLoopback(host) || proxies.no.some((rule) => isExempt(rule, host, port))) return null;
  const url = /^[a-z]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  return URL.canParse(url) ? new URL(url) : null;
}

/** `NO_PROXY`: `*`, a name with all below it, with or without a leading dot or `*.`, with or without a port. */
function isExempt(rule: string, host: string, port: number): boolean {
  if (rule === "*") return true;
  const [, name, only] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(rule.toLowerCase())!;
  if (only !== undefined && Number(only) !== port) return false;
  return host.toLowerCase() === name || host.toLowerCase().endsWith(`.${name}`);
}

export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  return (
    name === "localhost" || name.endsWith(".localhost") || name === "::1" || /^127(?:\.\d+){3}$/.test(name)
  );
}

/**
 * True for the names in `Host` under which this machine may be reached; the port does not matter. `any address`: when
 * other machines reach it they say one of its addresses, which no page can make mean another machine, as a name can.
 */
export function ownHosts(
  allowed: readonly string[],
  addresses: "names" | "any address" = "names",
): (host: string) => boolean {
  const names = new Set(allowed.map((name) => name.toLowerCase()));
  return (host) => {
    const name = NAME_AND_PORT.exec(host)?.[1]?.toLowerCase() ?? "";
    if (isLoopback(name) || names.has(name)) return true;
    return addresses === "any address" && /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]+\])$/.test(name);
  };
}

/** RFC 9110 7.2: an IPv6 address stands in brackets, so that one colon at most is left for the port. */
const NAME_AND_PORT = /^(\[[^\]]*\]|[^:]*)(?::\d{1,5})?$/;

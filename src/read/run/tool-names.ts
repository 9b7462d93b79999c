/**
 * The names under which hosts offer a server's tool to a model: `mcp__weather__get_forecast`, `mcp_weather_get_forecast`,
 * `weather_get_forecast`, `weather.get_forecast`, `weather-get-forecast`, a namespace beside the name, or the bare name;
 * with `-` and `_` for each other, and cut with a hash where they are long.
 */

/** How well the two names fit: 3 with the server's name, 2 the bare name, 1 something before it, 0 not at all. */
export type Fit = 0 | 1 | 2 | 3;

/** Names of 60 characters and more may be cut: OpenAI takes 64, others 63 or 128, and hosts put a hash at the end. */
const LONG = 56;
const HASH = 12;

export function fitOf(
  asked: { name: string; namespace: string | null },
  tool: string,
  servers: readonly (string | null)[],
): Fit {
  const wanted = plain(tool);
  const whole = plain(asked.namespace === null ? asked.name : `${asked.namespace}__${asked.name}`);
  const isLong = whole.length >= LONG;
  if (!whole.endsWith(wanted) && !isLong) return 0;
  for (const server of servers) {
    if (server === null || server === "") continue;
    const short = `${plain(server)}_${wanted}`;
    if (whole === short || whole === `mcp_${short}`) return 3;
    if (isLong && (isCut(whole, short) || isCut(whole, `mcp_${short}`))) return 3;
  }
  if (whole === wanted) return 2;
  return whole.endsWith(`_${wanted}`) ? 1 : 0;
}

/** True for a name that a host made of a server's and a tool's, whatever they are. */
export function namesServer({ name, namespace }: { name: string; namespace: string | null }): boolean {
  return (namespace ?? name).startsWith("mcp_");
}

/** What a name ends with, whatever host wrote it. */
export function lastWord(name: string): string {
  const whole = plain(name);
  return whole.slice(whole.lastIndexOf("_") + 1);
}

/** One alphabet, and one sign between the parts. The same few names are asked for again and again. */
function plain(name: string): string {
  const known = plains.get(name);
  if (known !== undefined) return known;
  const made = name.replaceAll(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "");
  if (plains.size >= MOST_NAMES) plains.clear();
  plains.set(name, made);
  return made;
}

const MOST_NAMES = 5_000;
const plains = new Map<string, string>();

function isCut(short: string, full: string): boolean {
  return full.length > short.length - HASH && full.startsWith(short.slice(0, short.length - HASH));
}

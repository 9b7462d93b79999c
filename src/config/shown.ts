/** A setting that is wrong, as it may be shown: what signs in stands in addresses, and a terminal's words are kept. */

/** As JSON, without what stands before an `@` (a password may hold one itself), and without queries. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  const address = text.replace(/\?.*$/s, "?…");
  const at = address.lastIndexOf("@");
  if (at < 0) return JSON.stringify(address);
  const start = /^(?:[\w.-]*=)?(?:[a-z][a-z0-9+.-]*:)?(?:\/\/|\\\\|\/)?/i.exec(address)?.[0] ?? "";
  return JSON.stringify(`${at < start.length ? "" : start}…${address.slice(at)}`);
}

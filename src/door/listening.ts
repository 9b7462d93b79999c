/** Where a port listens: what to write in a URL, and why it cannot be listened on. Both ports ask here. */
/** In a sentence that says what to do. `setting` is what moves the port. */
export function listenError(host: string, port: number, setting: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    EADDRINUSE: `in use by another program; set ${setting}`,
    EACCES: `permission denied; set ${setting} to a port above 1023`,
    EADDRNOTAVAIL: "this machine has no such address; set HOST or --host",
    ENOTFOUND: "this machine has no such address; set HOST or --host",
  };
  return `cannot listen on ${host}:${port}: ${reasons[code ?? ""] ?? message ?? String(error)}`;
}

/** An address as it stands in a URL that somebody on this machine can open. */
export function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** Sessions written by hand, a line for each thing said. Only tests use it. */

export type Said = ["client" | "server", unknown] | ["client" | "server", unknown, string];

/** A session of these messages, 10 ms apart. */
export function lines(...said: (Said | Record<string, unknown>)[]): unknown[] {
  const made = said.map((it, n) => {
    const place = {
      session_id: "s",
      timestamp: new Date(1_800_000_000_000 + n * 10).toISOString(),
      seq: n + 1,
      t_ms: n * 10,
    };
    if (!Array.isArray(it)) return { ...place, ...it };
    const [from, message, exchange_id] = it;
    return { ...place, from, message, ...(exchange_id !== undefined && { exchange_id }) };
  });
  return JSON.parse(JSON.stringify(made)) as unknown[];
}

export const ask = (id: number | string, method: string, params?: unknown) => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});
export const tell = (method: string, params?: unknown) => ({ jsonrpc: "2.0", method, params });
export const result = (id: number | string, value: unknown) => ({ jsonrpc: "2.0", id, result: value });
export const error = (id: number | string | null, code: number, message = "no") => ({
  jsonrpc: "2.0",
  id,
  error: { code, message },
});
export const modern = (params: object = {}) => ({
  ...params,
  _meta: {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "host", version: "2" },
    "io.modelcontextprotocol/clientCapabilities": {},
  },
});
export const handshake: Said[] = [
  [
    "client",
    ask(0, "initialize", {
      protocolVersion: "2025-11-25",
      capabilities: { sampling: {} },
      clientInfo: { name: "host", version: "1" },
    }),
  ],
  [
    "server",
    result(0, {
      protocolVersion: "2025-06-18",
      capabilities: { tools: {} },
      serverInfo: { name: "weather", version: "3" },
    }),
  ],
  ["client", tell("notifications/initialized")],
];

/** Peak memory while much passes: the process's own high-water mark, with that of its children (Linux only). */
import { readFileSync } from "node:fs";
import { connectAll, request } from "./load.ts";
import type { Running } from "./peers.ts";

/** In MB; `perSecond` is what passed. */
export type Memory = { before: number; peak: number; perSecond: number };

export async function memory({ port, pid }: Running, headers: string, megabytes: number): Promise<Memory> {
  const clients = await connectAll(port, 16);
  const before = resident(pid, "VmRSS");
  const start = performance.now();
  const done = await Promise.all(
    clients.map((client) => client.ask(request(`bytes-${megabytes}`, 1000, headers))),
  );
  const seconds = (performance.now() - start) / 1000;
  for (const client of clients) client.close();
  const passed = done.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  return { before, peak: resident(pid, "VmHWM"), perSecond: passed / seconds };
}

function resident(pid: number, field: "VmRSS" | "VmHWM"): number {
  if (pid === 0) return 0;
  try {
    const own = readFileSync(`/proc/${pid}/status`, "utf8");
    const kb = Number(new RegExp(`${field}:\\s+(\\d+)`).exec(own)?.[1] ?? 0);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .trim()
      .split(" ")
      .filter(Boolean);
    return children.reduce((sum, child) => sum + resident(Number(child), field), kb / 1024);
  } catch {
    return 0; // no such file where there is no Linux
  }
}

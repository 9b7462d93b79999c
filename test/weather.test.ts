/** The weather server as a host starts it: from another folder, by the official clients, its record live on the page. */
import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as ModernTransport } from "@modelcontextprotocol/client/stdio";
import { getJson, type Json, root, run, startProgram, until } from "./program.ts";

const server = (logDir: string) => ({
  command: process.execPath,
  args: [join(root, "src/mcp/weather.ts")],
  cwd: tmpdir(),
  env: { PATH: process.env["PATH"] ?? "", LOG_DIR: logDir, WEATHER_PROVIDER: "sample" },
  stderr: "ignore" as const,
});
const call = { name: "get_forecast", arguments: { location: "Paris", days: 2 } };

async function records(logDir: string): Promise<Json[]> {
  const folder = join(logDir, "mcp_weather");
  const names = await until(async () => {
    const found = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".jsonl"));
    return found.length > 0 && found;
  });
  const texts = await Promise.all(names.map((name) => Bun.file(join(folder, name)).text()));
  return texts.flatMap((text) => text.split("\n").filter(Boolean)).map((line) => JSON.parse(line));
}

test("the client of the current revision works too, and each session's record is numbered without a gap", async () => {
  await using program = await startProgram();
  const client = new ModernClient({ name: "a host", version: "2" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(new ModernTransport(server(program.logDir)));
  const result = await client.callTool(call);
  expect(result.structuredContent).toMatchObject({ source: "sample" });
  await client.close();
  const lines = await until(async () => {
    const found = await records(program.logDir);
    return found.at(-1)?.["event"] === "exit" && found;
  });
  for (const session of Object.values(Object.groupBy(lines, ({ session_id }) => session_id))) {
    expect(session!.map(({ seq }) => seq)).toEqual(session!.map((_, n) => n + 1));
  }
  expect(lines[0]).toMatchObject({ event: "start" });
  expect(lines.some(({ direction, from }) => direction === "response" && from === "server")).toBe(true);
});

test("`demo` tells its story, and both tabs have it", async () => {
  await using program = await startProgram();
  const { code, stdout, stderr } = await run(["demo", "--log-dir", program.logDir]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/call\s+get_forecast\(/);
  const lines = await records(program.logDir);
  const answer = lines.find(({ message }) => message?.result?.structuredContent)!["message"].result
    .structuredContent;
  expect(stdout).toContain(`The warmest day is`);
  expect(stdout).toContain(`${answer.days[0].low} – ${answer.days[0].high} °C`);
  const rows = await until(async () => {
    const { items } = await getJson(`${program.pageUrl}/api/exchanges`);
    return items.length === 4 && items.every((row: { state: string }) => row.state === "done") && items;
  });
  expect(rows.map((row: { status: number }) => row.status)).toEqual([429, 200, 200, 200]);
  expect(rows.flatMap((row: { tools: string[] }) => row.tools)).toContain("get_forecast");
});

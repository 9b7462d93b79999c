/** The weather server as a host starts it: from another folder, by the official clients, its record live on the page. */
import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as ModernTransport } from "@modelcontextprotocol/client/stdio";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
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

test("the client of most hosts lists, calls, and the page shows each message live", async () => {
  await using program = await startProgram();
  const socket = new WebSocket(`${program.pageUrl.replace("http", "ws")}/ws`);
  const live: Json[] = [];
  socket.addEventListener("message", ({ data }) => live.push(JSON.parse(String(data))));
  await until(() => live.some(({ type }) => type === "hello"));

  const client = new Client({ name: "a host", version: "1" });
  await client.connect(new StdioClientTransport(server(program.logDir)));
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name).sort()).toEqual(["get_forecast", "get_weather"]);
  const result = await client.callTool(call);
  expect(result.structuredContent).toMatchObject({ source: "sample", days: [{}, {}] });

  const isCall = ({ row }: { row?: Json }) => row?.method === "tools/call" && row.kind === "request";
  const { row } = await until(() => live.find((frame) => frame.type === "mcp.message" && isCall(frame)));
  expect(row).toMatchObject({ from: "client", name: call.name, note: JSON.stringify(call.arguments) });
  await client.close();
  socket.close();

  const { items } = await getJson(`${program.pageUrl}/api/mcp/sessions`);
  expect(items).toMatchObject([{ id: row.session_id, name: "weather" }]);
  const { session, messages } = await getJson(`${program.pageUrl}/api/mcp/sessions/${row.session_id}`);
  expect(session.id).toBe(row.session_id);
  expect(messages.length).toBeGreaterThanOrEqual(7);
});

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
  // It asks one process which era the server speaks and starts another: the page shows them as a pair.
  const items: Json[] = await until(async () => {
    const found = (await getJson(`${program.pageUrl}/api/mcp/sessions`)).items;
    return found.length === 2 && found.every(({ state }: Json) => state === "closed") && found;
  });
  const [proper, probe] = items;
  expect([proper.probe, proper.pair, probe.probe, probe.pair]).toEqual([false, probe.id, true, proper.id]);
  expect(await (await fetch(`${program.pageUrl}/mcp/${proper.id}`)).text()).toContain(`/mcp/${probe.id}`);
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
    return items.length === 6 && items.every((row: { state: string }) => row.state === "done") && items;
  });
  expect(rows.map((row: { status: number }) => row.status)).toEqual([429, 200, 200, 200, 200, 200]);
  expect(rows.flatMap((row: { tools: string[] }) => row.tools)).toContain("get_forecast");
  const { steps } = await until(async () => {
    const [{ id }] = (await getJson(`${program.pageUrl}/api/runs`)).items;
    const told = await getJson(`${program.pageUrl}/api/runs/${id}`);
    const calls = told.steps.filter(({ kind }: Json) => kind === "tool");
    return calls.length === 3 && calls.every(({ seen, ties }: Json) => seen && ties.length === 1) && told;
  });
  const calls = steps.filter(({ kind }: Json) => kind === "tool");
  const [, one, other] = calls;
  expect(calls.map(({ certainty }: Json) => certainty)).toEqual(["inferred", "inferred", "inferred"]);
  expect(one.exchange).toBe(other.exchange);
  expect(calls.map(({ fidelity }: Json) => fidelity.likeness)).toEqual(["equal", "cut", "cut"]);
});

test("the button on the page runs it too, in the language of who reads", async () => {
  await using program = await startProgram();
  const headers = { "accept-language": "zh-CN,zh;q=0.9" };
  const answer = await fetch(`${program.pageUrl}/api/demo`, { method: "POST", headers });
  expect([answer.status, (await answer.json()) as Json]).toEqual([200, { done: true }]);
  const { items } = await getJson(`${program.pageUrl}/api/exchanges?q=巴黎`);
  expect(items.length).toBeGreaterThan(0);
  expect(await records(program.logDir)).not.toEqual([]);
});

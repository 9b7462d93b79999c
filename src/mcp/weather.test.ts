import { afterAll, describe, expect, test } from "bun:test";
import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as ModernStdio } from "@modelcontextprotocol/client/stdio";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as LegacyStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = join(import.meta.dir, "weather.ts");
const scratch = mkdtempSync(join(tmpdir(), "weather-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 10 }));

let folders = 0;
/** Started as a host does: from another working directory, with few variables. */
const start = (logDir = join(scratch, `logs-${folders++}`)) => ({
  logDir,
  parameters: {
    command: process.execPath,
    args: [program, "--provider", "sample"],
    cwd: tmpdir(),
    env: { PATH: process.env["PATH"] ?? "", LOG_DIR: logDir },
    stderr: "inherit" as const,
  },
});
const info = { name: "test", version: "1" };

type Line = Record<string, unknown> & { message?: Record<string, unknown> };
function recorded(logDir: string): Line[] {
  const folder = join(logDir, "mcp_weather");
  return readdirSync(folder)
    .sort()
    .flatMap((name) =>
      readFileSync(join(folder, name), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Line),
    );
}

const clients = {
  "v1, with initialize": (parameters: ReturnType<typeof start>["parameters"]) => {
    const client = new LegacyClient(info);
    return client.connect(new LegacyStdio(parameters)).then(() => client as unknown as ModernClient);
  },
  "v2, with initialize": async (parameters: ReturnType<typeof start>["parameters"]) => {
    const client = new ModernClient(info);
    await client.connect(new ModernStdio(parameters));
    return client;
  },
  "v2, stateless": async (parameters: ReturnType<typeof start>["parameters"]) => {
    const client = new ModernClient(info, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
    await client.connect(new ModernStdio(parameters));
    return client;
  },
};

describe.each(Object.keys(clients) as (keyof typeof clients)[])("the official client %s", (name) => {
  test("lists, calls, reads and gets what the server has, and all of it is recorded", async () => {
    const { logDir, parameters } = start();
    const client = await clients[name](parameters);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => [tool.name, tool.title, tool.annotations?.readOnlyHint])).toEqual([
      ["get_weather", "Weather now", true],
      ["get_forecast", "Weather forecast", true],
    ]);

    const now = await client.callTool(
      { name: "get_weather", arguments: { location: "Paris" } },
      ...progressOptions(name, () => {}),
    );
    expect(now.structuredContent).toMatchObject({
      place: { name: "Paris", country: "France" },
      source: "sample",
      units: { temperature: "°C" },
    });
    expect(JSON.stringify(now.content)).toContain("SAMPLE DATA");

    const forecast = await client.callTool({
      name: "get_forecast",
      arguments: { location: "Paris, Texas", days: 3, units: "imperial" },
    });
    expect(forecast.structuredContent).toMatchObject({
      place: { region: "Texas" },
      units: { temperature: "°F" },
    });
    expect((forecast.structuredContent as { days: unknown[] }).days).toHaveLength(3);

    const unknown = await client.callTool({ name: "get_weather", arguments: { location: "Pariss" } });
    expect(unknown.isError).toBe(true);
    expect(JSON.stringify(unknown.content)).toContain("did you mean Paris, France or Paris, United States");

    const wrong = await client.callTool({ name: "get_forecast", arguments: { location: "Oslo", days: 99 } });
    expect(wrong.isError).toBe(true);

    const codes = await client.readResource({ uri: "weather://codes" });
    expect(JSON.parse((codes.contents[0] as { text: string }).text)).toMatchObject({ 0: "clear sky" });
    const prompt = await client.getPrompt({ name: "plan_a_day", arguments: { location: "Oslo" } });
    expect(JSON.stringify(prompt.messages)).toContain("Oslo");
    await client.close();

    // The stateless client asks a process of its own what the server can do: then there are two sessions.
    const sessions = recorded(logDir);
    const call = sessions.find((line) => line.message?.["method"] === "tools/call");
    const lines = sessions.filter((line) => line["session_id"] === call?.["session_id"]);
    expect(lines.map((line) => line["seq"])).toEqual(lines.map((_, n) => n + 1));
    expect([lines[0]?.["event"], lines.at(-1)?.["event"]]).toEqual(["start", "exit"]);
    const methods = lines.flatMap((line) => line.message?.["method"] ?? []);
    // On the wire, since a client forgets whom to tell when the answer comes in the same read.
    const progress = lines.findIndex((line) => line.message?.["method"] === "notifications/progress");
    const answer = lines.findIndex(
      ({ direction, message }) => direction === "response" && message?.["id"] === call?.message?.["id"],
    );
    expect(progress).toBeGreaterThan(lines.findIndex((line) => line.message === call?.message));
    expect(progress).toBeLessThan(answer);
    expect(methods.filter((method) => method === "tools/call")).toHaveLength(4);
    expect(methods.includes("initialize")).toBe(name !== "v2, stateless");
    const asked = lines.filter((line) => line["direction"] === "request").map((line) => line.message?.["id"]);
    const answered = lines
      .filter((line) => line["direction"] === "response")
      .map((line) => line.message?.["id"]);
    expect(answered.toSorted()).toEqual(asked.toSorted());
  });
});

/** The v1 client takes a result schema between the parameters and the options. */
function progressOptions(
  name: string,
  onprogress: (step: unknown) => void,
): [{ onprogress: typeof onprogress }] {
  const options = { onprogress };
  return (name.startsWith("v1") ? [undefined, options] : [options]) as unknown as [typeof options];
}

test("stdout carries nothing but JSON-RPC, and requests that came before stdin ended are answered", async () => {
  const { logDir, parameters } = start();
  const child = Bun.spawn([parameters.command, ...parameters.args], {
    cwd: parameters.cwd,
    env: parameters.env,
    stdin: new TextEncoder().encode(
      [
        '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"echo","version":"1"}}}',
        '{"jsonrpc":"2.0","method":"notifications/initialized"}',
        '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"get_weather","arguments":{"location":"Oslo"}}}\n',
      ].join("\n"),
    ),
    stdout: "pipe",
  });
  const answers = (await child.stdout.text())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  expect(answers.map((answer) => [answer["jsonrpc"], answer["id"]])).toEqual([
    ["2.0", 1],
    ["2.0", 2],
  ]);
  expect(await child.exited).toBe(0);
  expect(recorded(logDir).at(-1)).toMatchObject({ event: "exit", code: 0 });
});

test("a signal ends it as a signal does, with the record complete", async () => {
  const { logDir, parameters } = start();
  const child = Bun.spawn([parameters.command, ...parameters.args], {
    env: parameters.env,
    stdin: "pipe",
    stdout: "pipe",
  });
  child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  await child.stdin.flush();
  await child.stdout.getReader().read();
  child.kill("SIGTERM");
  await child.exited;
  expect(child.signalCode).toBe("SIGTERM");
  expect(recorded(logDir).at(-1)).toMatchObject({ event: "exit", signal: "SIGTERM" });
});

test("over HTTP it speaks to both eras, and to no page of another host", async () => {
  const child = Bun.spawn([process.execPath, program, "--provider", "sample", "--http", "0"], {
    stdin: "ignore",
    stderr: "pipe",
  });
  const said = new TextDecoder().decode((await child.stderr.getReader().read()).value);
  const url = new URL(/http:\S+/.exec(said)?.[0] ?? "http://never");
  const client = new LegacyClient(info);
  await client.connect(new StreamableHTTPClientTransport(url));
  const weather = await client.callTool({ name: "get_weather", arguments: { location: "Tokyo" } });
  expect(weather.structuredContent).toMatchObject({ place: { name: "Tokyo" } });
  await client.close();
  const foreign = await fetch(url, { method: "POST", headers: { host: "evil.example" }, body: "{}" });
  expect(foreign.status).toBe(403);
  child.kill();
  await child.exited;
});

test("behind the tap it is recorded once, by the tap; the record has the command that was given", async () => {
  const logDir = join(scratch, `logs-${folders++}`);
  const cli = join(import.meta.dir, "..", "cli.ts");
  const command = [process.execPath, program, "--provider", "sample"];
  const child = Bun.spawn([process.execPath, cli, "tap", "--log-dir", logDir, "--", ...command], {
    stdin: new TextEncoder().encode('{"jsonrpc":"2.0","id":1,"method":"ping"}\n'),
    stdout: "pipe",
  });
  expect(JSON.parse(await child.stdout.text())).toMatchObject({ id: 1, result: {} });
  const lines = recorded(logDir);
  expect(lines.filter((line) => line["event"] === "start").map((line) => line["command"])).toEqual([command]);
});

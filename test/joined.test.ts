/** Agents on official clients with real servers behind the tap: the page's API tells one timeline of both wires. */
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { expect, test } from "bun:test";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { getJson, type Json, newFolder, type Program, root, startProgram, until } from "./program.ts";
import { type Api, type Called, playAgent, scriptedModel, tappedServer } from "./scripted.ts";

const weather = [process.execPath, join(root, "src/mcp/weather.ts"), "--provider", "sample", "--no-record"];
const everything = [
  process.execPath,
  join(root, "node_modules/@modelcontextprotocol/server-everything/dist/index.js"),
];

const oslo = { name: "weather_get_forecast", args: { location: "Oslo", days: 2 } };
const echo = (message: string) => ({ name: "everything_echo", args: { message } });
const script = [[oslo, echo("one")], [echo("twin"), echo("twin")], [echo("after")]];

/** `server_tool`, as OpenCode names them; `meta` as Claude Code adds it. */
function caller(
  servers: Record<string, Client>,
  meta: "ids" | "none" = "none",
  shown: (result: Called) => string = textOf,
) {
  return async (name: string, args: Json, id: string | null) => {
    const at = name.indexOf("_");
    const client = servers[name.slice(0, at)]!;
    const _meta = meta === "ids" && id !== null ? { "claudecode/toolUseId": id } : undefined;
    const result = await client.callTool({
      name: name.slice(at + 1),
      arguments: args,
      ...(_meta && { _meta }),
    });
    return shown(result as Called);
  };
}

function textOf({ content }: Called): string {
  return content.map((block) => block["text"] ?? `[${block["type"]}]`).join("\n");
}

async function play(program: Program, api: Api, { meta = "none" as "ids" | "none", run = "" } = {}) {
  const { logDir, proxyUrl } = program;
  const bound = run === "" ? undefined : run;
  const [first, second] = await Promise.all([
    tappedServer(logDir, "weather", weather, bound),
    tappedServer(logDir, "everything", everything, bound),
  ]);
  await Promise.all([first.listTools(), second.listTools()]);
  const base = `${proxyUrl}${bound ? `/@run:${bound}` : ""}/@model`;
  await playAgent({
    api,
    base,
    prompt: `forecast by ${api} ${run}`,
    call: caller({ weather: first, everything: second }, meta),
  });
  await Promise.all([first.close(), second.close()]);
}

/** The run that begins so, when all of it is joined. */
async function joined(program: Program, title: string, tools: number): Promise<Json> {
  return until(async () => {
    const { items } = await getJson(`${program.pageUrl}/api/runs`);
    const run = items.find((each: Json) => each["title"].startsWith(title));
    if (run?.tool_calls !== tools || run.state !== "done") return undefined;
    const told = await getJson(`${program.pageUrl}/api/runs/${run.id}`);
    return told.steps.every((step: Json) => step["kind"] === "model" || step["seen"] !== null)
      ? told
      : undefined;
  });
}

const shortly = ({ steps }: Json) =>
  steps
    .filter((step: Json) => step["kind"] === "tool")
    .map((step: Json) => [step["name"], step["state"], step["certainty"], step["rule"]].join(" "));

test.each(["chat", "responses", "anthropic", "gemini"] as const)(
  "an agent on the %s API without ids: inferred where nothing else fits, twins ambiguous, all confirmed",
  async (api) => {
    await using model = scriptedModel(script);
    await using program = await startProgram(["--upstream", `model=http://127.0.0.1:${model.port}`]);
    await play(program, api);
    const told = await joined(program, `forecast by ${api}`, 5);
    const rule = "name+arguments+order";
    expect(shortly(told)).toEqual([
      `weather_get_forecast served inferred ${rule}`,
      `everything_echo served inferred ${rule}`,
      `everything_echo served ambiguous ${rule}`,
      `everything_echo served ambiguous ${rule}`,
      `everything_echo served inferred ${rule}`,
    ]);
    const sure = told.ties.filter((tie: Json) => tie["certainty"] === "inferred");
    expect(sure.map((tie: Json) => tie["confirmed"])).toEqual([true, true, true]);
    expect(told.run).toMatchObject({
      model_calls: 4,
      servers: ["everything", "weather"],
      tokens_in: 480,
      errors: 0,
    });
    expect(told.problems.filter((problem: Json) => problem["severity"] !== "note")).toEqual([]);
  },
);

test("ids on both wires tie exactly, twins too; and under a run of ours what has none is bound", async () => {
  await using model = scriptedModel(script);
  await using program = await startProgram(["--upstream", `model=http://127.0.0.1:${model.port}`]);
  await play(program, "anthropic", { meta: "ids" });
  const exact = await joined(program, "forecast by anthropic", 5);
  expect(new Set(shortly(exact).map((step: string) => step.split(" ").slice(1).join(" ")))).toEqual(
    new Set(["served exact meta-tool-use-id"]),
  );
  await play(program, "chat", { run: "mine-1" });
  const bound = await joined(program, "forecast by chat", 5);
  expect(bound.run).toMatchObject({ id: "mine-1", run: "mine-1" });
  expect(shortly(bound)[0]).toBe("weather_get_forecast served inferred run-id");
});

test("two agents at once on servers of one name are two runs, and no call of one is tied to the other", async () => {
  await using model = scriptedModel(script);
  await using program = await startProgram(["--upstream", `model=http://127.0.0.1:${model.port}`]);
  await Promise.all([play(program, "chat", { run: "left" }), play(program, "anthropic", { run: "right" })]);
  for (const [title, id] of [
    ["forecast by chat", "left"],
    ["forecast by anthropic", "right"],
  ] as const) {
    const told = await joined(program, title, 5);
    const sessions = new Set(told.ties.map((tie: Json) => tie["served"].session));
    expect([told.run.id, [...sessions].toSorted()]).toEqual([id, told.run.sessions]);
    expect(told.run.sessions).toHaveLength(2);
  }
});

test("a capture that is copied in, and one whose index was deleted, has the same run", async () => {
  await using model = scriptedModel(script);
  const copy = await newFolder();
  let before: Json;
  {
    await using program = await startProgram(["--upstream", `model=http://127.0.0.1:${model.port}`]);
    await play(program, "anthropic");
    before = await joined(program, "forecast by anthropic", 5);
    for (const folder of ["mcp_everything", "llm_proxy", "mcp_weather"])
      await cp(join(program.logDir, folder), join(copy, folder), { recursive: true });
  }
  await using other = await startProgram([], copy);
  const after = await joined(other, "forecast by anthropic", 5);
  expect(after).toEqual(before);
});

test("a step is told with both wires side by side, a request with its difference and where its tokens come from", async () => {
  await using model = scriptedModel([[oslo], [echo("one")]]);
  await using program = await startProgram(["--upstream", `model=http://127.0.0.1:${model.port}`]);
  const { logDir, proxyUrl, pageUrl } = program;
  const server = await tappedServer(logDir, "weather", weather);
  const other = await tappedServer(logDir, "everything", everything);
  await server.listTools();
  const call = caller({ weather: server, everything: other }, "ids", (result) => textOf(result).slice(0, 40));
  await playAgent({ api: "anthropic", base: `${proxyUrl}/@model`, prompt: "cut results", call });
  await Promise.all([server.close(), other.close()]);
  const told = await joined(program, "cut results", 2);
  const step = told.steps.find((one: Json) => one["kind"] === "tool");
  expect(step.problems.map(({ rule }: Json) => rule)).toContain("join/result-cut");
  const both = await getJson(`${pageUrl}/api/runs/${told.run.id}/step?id=${encodeURIComponent(step.id)}`);
  expect(both).toMatchObject({
    asked: { name: "weather_get_forecast" },
    served: [{ request: { method: "tools/call" }, answer: { result: {} } }],
    seen: { type: "tool_result" },
    arguments: [{ kind: "same" }],
    result: [{ kind: "same" }, { kind: "gone" }],
  });
  expect(both.result[0].text).toHaveLength(40);
  const last = told.steps.findLast((one: Json) => one["kind"] === "model").id;
  const diff = await getJson(`${pageUrl}/api/exchanges/${last}/diff`);
  expect(diff).toMatchObject({
    same: false,
    diff: { model: null, messages: { kept: 3 } },
    cache: { ours: { reason: "no_breakpoint" } },
  });
  const ledger = await getJson(`${pageUrl}/api/exchanges/${last}/ledger`);
  expect([ledger.sum, ledger.input]).toEqual(["provider", 120]);
  expect(ledger.entries.reduce((sum: number, { tokens }: Json) => sum + tokens, 0)).toBe(120);
  const growth = await getJson(`${pageUrl}/api/runs/${told.run.id}/ledger`);
  expect(growth.steps.map(({ input }: Json) => input)).toEqual([120, 120, 120]);
});

test("while the model thinks, the run says who is waited for, and the step is there before its answer", async () => {
  const { promise: answer, resolve } = Promise.withResolvers<Response>();
  await using model = Bun.serve({ port: 0, hostname: "127.0.0.1", idleTimeout: 0, fetch: () => answer });
  await using program = await startProgram(["--upstream", `model=http://127.0.0.1:${model.port}`]);
  const asked = fetch(`${program.proxyUrl}/@model/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-claude-code-session-id": "live" },
    body: JSON.stringify({
      model: "scripted",
      max_tokens: 9,
      messages: [{ role: "user", content: "think hard" }],
    }),
  });
  const run = await until(async () => (await getJson(`${program.pageUrl}/api/runs`)).items[0]);
  expect(run).toMatchObject({
    id: "session-live",
    title: "think hard",
    state: "model",
    state_of: "scripted",
  });
  const told = await getJson(`${program.pageUrl}/api/runs/session-live`);
  expect(told.steps).toMatchObject([{ kind: "model", state: "running", ended: null }]);
  resolve(
    Response.json({
      id: "m",
      type: "message",
      role: "assistant",
      model: "scripted",
      content: [{ type: "text", text: "Done." }],
      stop_reason: "end_turn",
      usage: { input_tokens: 5, output_tokens: 2 },
    }),
  );
  await (await asked).text();
  const done = await until(async () => {
    const now = await getJson(`${program.pageUrl}/api/runs/session-live`);
    return now.run.state === "done" && now;
  });
  expect(done.steps).toMatchObject([{ id: told.steps[0].id, state: "ok" }]);
});

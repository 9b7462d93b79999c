/** The program as an OpenTelemetry collector sees it: an agent's run with its tool calls is one trace, and leads back to the page. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { plainOf, startCollector, type Collector, type Received } from "./collector.ts";
import { getJson, type Json, type Program, root, startProgram, until } from "./program.ts";
import { playAgent, scriptedModel, tappedServer } from "./scripted.ts";

const weather = [process.execPath, join(root, "src/mcp/weather.ts"), "--provider", "sample", "--no-record"];
const oslo = { name: "weather_get_forecast", args: { location: "Oslo", days: 2 } };

async function play({ proxyUrl, logDir }: Program, run: string, headers: Record<string, string> = {}) {
  const server = await tappedServer(logDir, "weather", weather, run);
  await server.listTools();
  await playAgent({
    api: "chat",
    base: `${proxyUrl}/@run:${run}/@model`,
    prompt: `forecast for ${run}`,
    headers,
    call: async (name, args, id) => {
      const _meta = id === null ? undefined : { "claudecode/toolUseId": id };
      const tool = name.slice(name.indexOf("_") + 1);
      const result = await server.callTool({ name: tool, arguments: args, ...(_meta && { _meta }) });
      return (result.content as { text?: string }[]).map(({ text }) => text ?? "").join("\n");
    },
  });
  await server.close();
}

/** What a program sends that is told to stop when all of it is joined. */
async function sent(collector: Collector, program: Program, tools = 1): Promise<Received[]> {
  await until(async () => {
    const { items } = await getJson(`${program.pageUrl}/api/runs`);
    return items[0]?.tool_calls === tools && items[0].state === "done" && items[0].ties.exact === tools;
  });
  program.process.kill("SIGTERM");
  await program.process.exited;
  return collector.spans;
}

const start = (collector: Collector, port: number, args: string[] = [], env: Record<string, string> = {}) =>
  startProgram(
    ["--upstream", `model=http://127.0.0.1:${port}/v1`, "--otlp", collector.url, ...args],
    undefined,
    env,
  );

const named = (spans: readonly Received[], name: string) => spans.filter((span) => span.name === name);

test.each(["http/protobuf", "http/json"])(
  "a joined run is one trace of agent, model, tool and MCP spans, by %s",
  async (how) => {
    using model = scriptedModel([[oslo]]);
    using collector = startCollector();
    const env = { OTEL_EXPORTER_OTLP_HEADERS: "x-team=blue%20one", OTEL_SERVICE_NAME: "recorder" };
    await using program = await start(collector, model.port!, ["--otlp-protocol", how], env);
    await play(program, "one");
    const spans = await sent(collector, program);
    const [agent] = named(spans, "invoke_agent");
    const agents = spans.filter(({ name }) => name.startsWith("invoke_agent"));
    const chats = named(spans, "chat scripted");
    const [tool] = named(spans, "execute_tool weather_get_forecast");
    const [call] = named(spans, "tools/call get_forecast");
    const root = agent ?? agents[0]!;
    expect([agents.length, chats.length]).toEqual([1, 2]);
    expect([...chats, tool!, call!].map(({ trace }) => trace)).toEqual(
      Array.from({ length: 4 }, () => root.trace),
    );
    expect([root.parent, ...chats.map(({ parent }) => parent), tool!.parent, call!.parent]).toEqual([
      null,
      root.id,
      root.id,
      root.id,
      tool!.id,
    ]);
    // INTERNAL is 1 and CLIENT is 3 in the protocol; no status is set where nothing failed.
    expect([root, chats[0]!, tool!, call!].map(({ kind, status }) => [kind, status])).toEqual([
      [1, 0],
      [3, 0],
      [1, 0],
      [3, 0],
    ]);
    const inside = (inner: Received, outer: Received) =>
      inner["start"] >= outer["start"] && inner["end"] <= outer["end"];
    expect([...chats, tool!, call!].every((span) => inside(span, root))).toBe(true);
    const { attributes: chat } = chats.find(
      ({ attributes }) => attributes["gen_ai.response.finish_reasons"][0] === "stop",
    )!;
    expect(chat).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "model",
      "gen_ai.request.model": "scripted",
      "gen_ai.request.stream": false,
      "gen_ai.usage.input_tokens": 120,
      "gen_ai.usage.output_tokens": 12,
      "gen_ai.conversation.id": "one",
      "server.address": "127.0.0.1",
      "server.port": model.port,
      "http.response.status_code": 200,
      "mcp_proxy_logger.upstream": "model",
      "mcp_proxy_logger.ending": "complete",
    });
    expect(chat["mcp_proxy_logger.exchange_url"]).toBe(
      `${program.pageUrl}/llm/${chat["mcp_proxy_logger.exchange_id"]}`,
    );
    expect(tool!.attributes).toMatchObject({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "weather_get_forecast",
      "mcp_proxy_logger.tool_state": "served",
      "mcp_proxy_logger.tie.certainty": "exact",
    });
    expect(call!.attributes).toMatchObject({
      "mcp.method.name": "tools/call",
      "gen_ai.tool.name": "get_forecast",
      "network.transport": "pipe",
      "mcp_proxy_logger.server": "weather",
    });
    expect(call!.attributes["mcp_proxy_logger.exchange_url"]).toStartWith(`${program.pageUrl}/mcp/`);
    // Nothing of what was said.
    expect(JSON.stringify(spans)).not.toContain("Oslo");
    expect(JSON.stringify(spans)).not.toContain("forecast for");
    const { headers, resource, scope } = collector.requests[0]!;
    expect([headers.get("x-team"), resource["service.name"]]).toEqual(["blue one", "recorder"]);
    expect(program.stdout()).toContain(`telemetry  ${collector.url}\n`);
    expect(scope.schemaUrl).toBe("https://opentelemetry.io/schemas/gen-ai/1.42.0");
    const tokens = collector.metrics.get("gen_ai.client.token.usage");
    const input = tokens.histogram.dataPoints.find(
      ({ attributes }: Json) => plainOf(attributes)["gen_ai.token.type"] === "input",
    );
    expect([Number(input.count), input.sum]).toEqual([2, 240]);
    for (const name of [
      "gen_ai.client.operation.duration",
      "mcp.client.operation.duration",
      "gen_ai.execute_tool.duration",
    ])
      expect(collector.metrics.has(name)).toBe(true);
  },
);

test("a client's own trace is kept, on both wires, with a link to where it hangs here", async () => {
  using model = scriptedModel([]);
  using collector = startCollector();
  await using program = await start(collector, model.port!);
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const answer = await fetch(`${program.proxyUrl}/@run:two/@model/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", traceparent: `00-${trace}-00f067aa0ba902b7-01` },
    body: JSON.stringify({ model: "scripted", messages: [{ role: "user", content: "hello" }] }),
  });
  await answer.text();
  const server = await tappedServer(program.logDir, "weather", weather);
  const _meta = { traceparent: `00-${trace}-00f067aa0ba902b8-01` };
  await server.callTool({ name: "get_forecast", arguments: { location: "Oslo" }, _meta });
  await server.close();
  await until(async () => (await getJson(`${program.pageUrl}/api/runs`)).items[0]?.state === "done");
  await until(
    async () => (await getJson(`${program.pageUrl}/api/mcp/sessions`)).items[0]?.state === "closed",
  );
  program.process.kill("SIGTERM");
  await program.process.exited;
  const [chat] = named(collector.spans, "chat scripted");
  const [call] = named(collector.spans, "tools/call get_forecast");
  const agent = collector.spans.find(({ name }) => name.startsWith("invoke_agent"))!;
  expect([chat!.trace, chat!.parent, chat!.links]).toEqual([
    trace,
    "00f067aa0ba902b7",
    [`${agent.trace} ${agent.id}`],
  ]);
  expect([call!.trace, call!.parent]).toEqual([trace, "00f067aa0ba902b8"]);
  expect(agent.links).toContain(`${trace} 00f067aa0ba902b7`);
});

test("content leaves only where it was asked for, and what holds a credential stays", async () => {
  using model = scriptedModel([[oslo]]);
  using collector = startCollector();
  // As they are: then nothing was masked when it was recorded, and only the second look is in the way.
  await using program = await start(collector, model.port!, ["--otlp-content", "--log-secrets"]);
  await play(program, "three");
  const key = "sk-proj-Zq3vX8mK2nB7wL5tR9yU4cE6aH1dF0gJ";
  const asked = { model: "scripted", messages: [{ role: "user", content: `my key is ${key}` }] };
  await fetch(`${program.proxyUrl}/@model/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(asked),
  }).then((answer) => answer.text());
  await until(async () => (await getJson(`${program.pageUrl}/api/status`)).exchanges === 3);
  await until(async () => {
    const { items } = await getJson(`${program.pageUrl}/api/runs?q=run:three`);
    return items[0]?.ties.exact === 1 && items[0].state === "done";
  });
  program.process.kill("SIGTERM");
  await program.process.exited;
  const { spans } = collector;
  const told = named(spans, "chat scripted").map(({ attributes }) => attributes);
  const first = told.find((one) => String(one["gen_ai.input.messages"]).includes("forecast for three"))!;
  expect(JSON.parse(first["gen_ai.input.messages"]).at(-1).role).toBeOneOf(["user", "tool"]);
  const [tool] = named(spans, "execute_tool weather_get_forecast");
  expect(JSON.parse(tool!.attributes["gen_ai.tool.call.arguments"])).toEqual(oslo.args);
  const [call] = named(spans, "tools/call get_forecast");
  expect(call!.attributes["gen_ai.tool.call.result"]).toContain("Oslo");
  const secret = told.find((one) => one["mcp_proxy_logger.content_withheld"] !== undefined)!;
  expect(secret["mcp_proxy_logger.content_withheld"]).toBe("gen_ai.input.messages");
  expect(JSON.stringify(spans)).not.toContain(key);
});

test("a user in the collector's address signs in by a header, and links lead where others reach the page", async () => {
  using model = scriptedModel([]);
  using collector = startCollector();
  const address = collector.url.replace("http://", "http://team:p%40ss@");
  const args = ["--upstream", `model=http://127.0.0.1:${model.port}/v1`, "--otlp", `${address}/v1/traces`];
  await using program = await startProgram([...args, "--page-url", "https://logger.example/"]);
  await fetch(`${program.proxyUrl}/@run:five/@model/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "scripted", messages: [{ role: "user", content: "hello" }] }),
  }).then((answer) => answer.text());
  const chat = await until(() => named(collector.spans, "chat scripted")[0]);
  expect(chat.attributes["mcp_proxy_logger.exchange_url"]).toStartWith("https://logger.example/llm/");
  expect(collector.requests[0]!.headers.get("authorization")).toBe(`Basic ${btoa("team:p@ss")}`);
  expect(program.stdout()).not.toContain("p%40ss");
});

test("a collector that is not there costs a sentence on the page; when it comes, it gets what waited", async () => {
  using model = scriptedModel([]);
  const gone = startCollector();
  const { port } = new URL(gone.url);
  gone[Symbol.dispose]();
  await using program = await start(gone, model.port!);
  await fetch(`${program.proxyUrl}/@run:four/@model/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "scripted", messages: [{ role: "user", content: "hello" }] }),
  }).then((answer) => answer.text());
  const sentence = await until(async () => {
    const { warnings } = await getJson(`${program.pageUrl}/api/status`);
    return warnings.find((warning: string) => warning.startsWith("telemetry cannot be sent"));
  });
  expect(sentence).toContain("the record is complete");
  using back = startCollector(Number(port));
  await until(() => named(back.spans, "chat scripted").length === 1);
  await until(async () => (await getJson(`${program.pageUrl}/api/status`)).warnings.length === 0);
});

/** The program as Prometheus sees it: what passed is in `/metrics`, guarded as the page is. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { readExposition } from "../src/telemetry/exposition.testkit.ts";
import { getJson, newFolder, root, startProgram, until } from "./program.ts";
import { scriptedModel, tappedServer } from "./scripted.ts";

const weather = [process.execPath, join(root, "src/mcp/weather.ts"), "--provider", "sample", "--no-record"];

async function ask(proxyUrl: string, name: string, model = "scripted") {
  const answer = await fetch(`${proxyUrl}/@${name}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "curl/8.5.0" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }] }),
  });
  await answer.text();
}

async function samples(pageUrl: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${pageUrl}/metrics`, { headers });
  return readExposition(await answer.text()).samples;
}

test("what passed is counted, both wires, and files of an earlier time are not", async () => {
  using model = scriptedModel([]);
  const upstream = `model=http://127.0.0.1:${model.port}/v1`;
  const before = await startProgram(["--upstream", upstream]);
  const { logDir } = before;
  await ask(before.proxyUrl, "model");
  await until(async () => (await getJson(`${before.pageUrl}/api/status`)).exchanges === 1);
  before.process.kill("SIGTERM");
  await before.process.exited;
  {
    await using program = await startProgram(["--upstream", upstream], logDir);
    for (let n = 0; n < 3; n++) await ask(program.proxyUrl, "model");
    const server = await tappedServer(logDir, "weather", weather);
    await server.callTool({ name: "get_forecast", arguments: { location: "Oslo" } });
    await server.callTool({ name: "no_such_tool", arguments: {} }).catch(() => {});
    await server.close();
    const found = await until(async () => {
      const all = await samples(program.pageUrl);
      const calls = all.filter(({ name }) => name === "mcp_proxy_logger_mcp_calls_total");
      const tools = calls.filter(({ labels }) => labels["method"] === "tools/call");
      const count = all.find(({ name }) => name === "mcp_proxy_logger_exchanges_total")?.value;
      return tools.length === 2 && count === 3 ? all : undefined;
    });
    const one = (name: string, labels: Record<string, string> = {}) =>
      found.find(
        (each) =>
          each.name === name &&
          Object.entries(labels).every(([label, value]) => each.labels[label] === value),
      );
    expect(one("mcp_proxy_logger_exchanges_total")).toEqual({
      name: "mcp_proxy_logger_exchanges_total",
      labels: {
        upstream: "model",
        dialect: "openai-chat",
        model: "scripted",
        client: "curl 8.5.0",
        ending: "complete",
        status_class: "2xx",
      },
      value: 3,
    });
    expect(one("gen_ai_client_token_usage_sum", { gen_ai_token_type: "input" })?.value).toBe(360);
    expect(one("gen_ai_client_operation_duration_seconds_count")?.value).toBe(3);
    const forecast = {
      mcp_method_name: "tools/call",
      gen_ai_tool_name: "get_forecast",
      network_transport: "pipe",
    };
    expect(one("mcp_client_operation_duration_seconds_count", forecast)?.value).toBe(1);
    expect(one("mcp_proxy_logger_recorded", { kind: "exchanges" })?.value).toBe(4);
    expect(one("mcp_proxy_logger_build_info")?.value).toBe(1);
    const added = await until(async () => {
      const all = await samples(program.pageUrl);
      return all.find(({ name, value }) => name === "mcp_proxy_logger_added_seconds_count" && value === 3);
    });
    expect(added.labels).toEqual({});
  }
});

test("a scraper says the token, and the address by which it may be asked", async () => {
  await using program = await startProgram(["--token", "a-long-token"]);
  const status = async (headers: Record<string, string>) =>
    (await fetch(`${program.pageUrl}/metrics`, { headers })).status;
  expect([
    await status({}),
    await status({ authorization: "Bearer wrong-token" }),
    await status({ authorization: "Bearer a-long-token" }),
    await status({ authorization: "Bearer a-long-token", host: "evil.example" }),
    await status({ authorization: "Bearer a-long-token", origin: "http://evil.example" }),
  ]).toEqual([401, 401, 200, 421, 403]);
});

const hasPrometheus = Bun.which("prometheus") !== null;

test.skipIf(!hasPrometheus)("Prometheus (when installed) scrapes it and answers questions", async () => {
  using model = scriptedModel([]);
  await using program = await startProgram(["--upstream", `model=http://127.0.0.1:${model.port}/v1`]);
  await ask(program.proxyUrl, "model");
  const folder = await newFolder();
  const config = join(folder, "prometheus.yml");
  const target = new URL(program.pageUrl).host;
  await Bun.write(
    config,
    `global: { scrape_interval: 1s }\nscrape_configs:\n  - { job_name: logger, static_configs: [{ targets: ["${target}"] }] }\n`,
  );
  const port = freePort();
  const prometheus = Bun.spawn(
    [
      "prometheus",
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdout: "ignore", stderr: "ignore" },
  );
  try {
    const asked = (query: string) =>
      fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`)
        .then((answer) => answer.json() as Promise<{ data: { result: { value: [number, string] }[] } }>)
        .then(({ data }) => data.result[0]?.value[1])
        .catch(() => undefined);
    const value = await until(() => asked("sum(mcp_proxy_logger_exchanges_total)"));
    expect(value).toBe("1");
    expect(await asked("up")).toBe("1");
    expect(
      await asked("histogram_quantile(0.5, gen_ai_client_operation_duration_seconds_bucket) > 0"),
    ).toBeDefined();
  } finally {
    prometheus.kill("SIGKILL");
    await prometheus.exited;
  }
});

function freePort(): number {
  using server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  return server.port!;
}

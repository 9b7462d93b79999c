/** What the documents say is true: every command, setting, variable and path that they name exists. */
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { SETTINGS } from "../src/config/settings.ts";
import { KEY_VARIABLES } from "../src/fact/upstreams.ts";
import { startProgram } from "./program.ts";

const root = join(import.meta.dir, "..");
const { scripts } = await Bun.file(join(root, "package.json")).json();
const source = await textOf([
  "src/**/*.ts",
  "docker-compose.yml",
  "test/docker.sh",
  "test/silence.ts",
  ".ci/run",
]);

describe.each(["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])("%s", async (name) => {
  const text = await Bun.file(join(root, name)).text();
  const prose = text.replaceAll(/```json[\s\S]*?```/g, "");

  test("every `bun run X` exists", () => {
    const named = found(text, /bun(?:@[\d.]+)? run ([a-z][a-z:-]*)/g);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });

  test("every option exists", () => {
    const known = new Set([
      ...SETTINGS.map(({ flag }) => flag),
      "--yes",
      "--ignore-scripts",
      "--config",
      "--no-env-file",
    ]);
    const named = found(prose, /(?<![\w-])(--[a-z][a-z-]+)/g);
    const missing = named.filter((flag) => !known.has(flag) && !source.includes(`"${flag}"`));
    expect(
      missing.filter((flag) => !new RegExp(`["']?${flag.slice(2)}["']?: \\{ type:`).test(source)),
    ).toEqual([]);
  });

  test("every variable exists", () => {
    const known = new Set<string>([
      ...SETTINGS.flatMap(({ variables }) => variables),
      ...KEY_VARIABLES,
      ...OTHERS,
    ]);
    const named = found(prose, /`?\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g);
    expect(named.filter((variable) => !known.has(variable) && !source.includes(variable))).toEqual([]);
  });

  test("every path exists", () => {
    const named = [...found(text, /\]\(([^):#]+)\)/g), ...found(text, /(?:src|srcset)="([^"]+)"/g)];
    const inline = found(text, /`((?:src|public|test|bench|docs)\/[\w./-]+)`/g);
    expect(
      [...named, ...inline].filter((path) => !existsSync(join(dirname(join(root, name)), path))),
    ).toEqual([]);
  });
});

test.each(["README.md", "README.zh-CN.md"])("%s names every command", async (name) => {
  const text = await Bun.file(join(root, name)).text();
  const commands = Object.keys(scripts).filter((script) => scripts[script].startsWith("bun src/cli.ts "));
  expect(commands.filter((command) => !text.includes(`\`bun run ${command}\``))).toEqual([]);
});

test.each(["README.md", "README.zh-CN.md"])(
  "the table in %s has every setting with its variables",
  async (name) => {
    const lines = (await Bun.file(join(root, name)).text()).split("\n");
    const missing = SETTINGS.filter(({ flag, variables }) => {
      const line = lines.find((it) => it.startsWith(`| \`${flag}\``));
      return !line || variables.some((variable) => !line.includes(`\`${variable}\``));
    });
    expect(missing.map(({ flag }) => flag)).toEqual([]);
  },
);

test.each(["README.md", "README.zh-CN.md"])(
  "the curl line and the MCP configuration in %s work as they stand",
  async (name) => {
    const text = await Bun.file(join(root, name)).text();
    await using program = await startProgram();
    const curl = /```sh\n(curl [\s\S]*?)```/
      .exec(text)![1]!
      .replace("http://localhost:8000", program.proxyUrl);
    expect(await new Response(Bun.spawn(["sh", "-c", `${curl.trim()} -sS`]).stdout).text()).toEndWith(
      "data: [DONE]\n\n",
    );
    const page = /http:\/\/localhost:8080(\/[a-z./]+)/.exec(text)![1];
    expect((await fetch(program.pageUrl + page)).status).toBe(200);

    const [own, any] = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(
      ([, json]) => JSON.parse(json!).mcpServers,
    );
    const here = own.weather.args.map((arg: string) => arg.replace("/path/to/mcp-proxy-logger", root));
    const env = { PATH: process.env["PATH"]!, LOG_DIR: program.logDir, WEATHER_PROVIDER: "sample" };
    const client = new Client({ name: "reader", version: "1" });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: here, env }));
    expect((await client.listTools()).tools.length).toBeGreaterThan(0);
    await client.close();
    const [config, noEnvFile, cli, ...rest] = any.files.args.map((arg: string) =>
      arg.replace("/path/to/mcp-proxy-logger", root),
    );
    expect([existsSync(config.replace("--config=", "")), noEnvFile]).toEqual([true, "--no-env-file"]);
    expect([existsSync(cli), rest.slice(0, 4)]).toEqual([true, ["tap", "--name", "files", "--"]]);
  },
);

/** Read by Bun or by the clients, not by us. */
const OTHERS = ["NODE_EXTRA_CA_CERTS", "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL"];

function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name]) => name ?? ""))];
}

async function textOf(patterns: string[]): Promise<string> {
  const files = patterns.flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: root, dot: true })]);
  return (await Promise.all(files.map((file) => Bun.file(join(root, file)).text()))).join("\n");
}

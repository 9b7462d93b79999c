/** What each agent is given, from its own files: no program is started. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { helpFor } from "./agents.ts";
import type { Help } from "./help.ts";
import { startedBy } from "./programs.ts";
import { elsewhere, pointed } from "./variables.ts";

const scratch = mkdtempSync(join(tmpdir(), "agents-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const URL = "http://127.0.0.1:8000/@run:r";

type Told = {
  variables: NodeJS.ProcessEnv;
  options: readonly string[];
  extra: Record<string, string>;
  help: Help;
};

/** As `run` does it, with a proxy at `URL`. */
function told(line: string, files: Record<string, string> = {}, set: Record<string, string> = {}): Told {
  const home = mkdtempSync(join(scratch, "home-"));
  const environment = Object.fromEntries(
    Object.entries(set).map(([name, value]) => [name, value.replace("HOME", home)]),
  );
  const cwd = join(home, "work", "deep");
  mkdirSync(cwd, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text.replaceAll("CWD", cwd));
  }
  const [first = "", ...rest] = line.split(" ");
  const command = [first, ...rest] as const;
  const { program, at } = startedBy(command);
  const places = {
    platform: "linux" as const,
    home,
    cwd,
    appData: join(home, "AppData"),
    config: join(home, ".config"),
    codex: join(home, ".codex"),
  };
  const tap = { runtime: "/bun", cli: "/cli.ts", logDir: null, run: "r" };
  const help = helpFor({ program, words: command.slice(at), environment, places, tap });
  const before = { ...environment, ...help.own };
  const extra = { ...elsewhere(before), ...help.extra };
  const address = { proxyUrl: URL, pointed: pointed(URL, before, extra, help.unset) };
  return {
    variables: { ...address.pointed, ...help.variables(address) },
    options: help.options(address),
    extra,
    help,
  };
}

test.each([
  ["claude -p hi", "claude", 1],
  ["/usr/local/bin/claude", "claude", 1],
  ["npx -y @anthropic-ai/claude-code@2.1.332 -p hi", "claude", 3],
  ["npx @google/gemini-cli", "gemini", 2],
  ["bunx opencode-ai run hi", "opencode", 2],
  ["pnpm dlx @openai/codex exec hi", "codex", 3],
  ["env A=1 timeout 60 qwen -p hi", "qwen", 5],
  ["node /lib/gemini.js -p hi", "gemini", 2],
  ["node app.js claude-notes", "node", 1],
  ["echo claude", "echo", 1],
])("%s starts %s", (line, program, at) => {
  const [first = "", ...rest] = line.split(" ");
  expect(startedBy([first, ...rest])).toEqual({ program, at });
});

describe("Claude Code", () => {
  const asItsOwn = ["ENABLE_TOOL_SEARCH", "_CLAUDE_CODE_ASSUME_FIRST_PARTY_BASE_URL"] as const;
  const kept = ({ variables }: Told) => asItsOwn.map((name) => variables[name]);

  test("does behind us what it does without us, and keeps the user's own word for it", () => {
    expect(kept(told("claude"))).toEqual(["true", "1"]);
    expect(kept(told("claude", {}, { ANTHROPIC_BASE_URL: "https://api.anthropic.com/" }))).toEqual([
      "true",
      "1",
    ]);
    const again = "http://127.0.0.1:9/@run:r1/@anthropic";
    expect(kept(told("claude", {}, { ANTHROPIC_BASE_URL: again }))).toEqual(["true", "1"]);
    expect(kept(told("claude", {}, { ENABLE_TOOL_SEARCH: "auto" }))).toEqual(["auto", "1"]);
  });

  test("with a gateway of the user's does what it does behind that gateway", () => {
    expect(kept(told("claude", {}, { ANTHROPIC_BASE_URL: "http://gate/x" }))).toEqual([undefined, undefined]);
    expect(kept(told("claude", {}, { ANTHROPIC_BASE_URL: "http://localhost:8000/@demo" }))).toEqual([
      undefined,
      undefined,
    ]);
    const settings = { ".claude/settings.json": '{"env":{"ANTHROPIC_BASE_URL":"http://gate/x"}}' };
    expect(kept(told("claude", settings))).toEqual([undefined, undefined]);
  });

  test("that asks a cloud, or a folder's address before the folder is trusted: said, and not touched", () => {
    const cloud = told("claude", { ".claude/settings.json": '{"env":{"CLAUDE_CODE_USE_BEDROCK":"1"}}' });
    expect(cloud.help.unrecorded).toEqual([expect.stringContaining("Amazon Bedrock")]);
    const folder = { "work/deep/.claude/settings.json": '{"env":{"ANTHROPIC_BASE_URL":"http://gate"}}' };
    const asked = told("claude", folder);
    expect([asked.options, asked.extra]).toEqual([[], {}]);
    expect(asked.help.unrecorded).toEqual([expect.stringContaining("once you trust this folder")]);
    const trusted = told("claude", {
      ...folder,
      ".claude.json": '{"projects":{"CWD":{"hasTrustDialogAccepted":true}}}',
    });
    expect(trusted.options).toEqual([
      "--settings",
      `{"env":{"ANTHROPIC_BASE_URL":"${URL}/@own-anthropic-base-url"}}`,
    ]);
    expect(trusted.extra).toEqual({ "own-anthropic-base-url": "http://gate" });
  });

  test("with a folder of settings of its own: that one is read", () => {
    const { help, extra } = told(
      "claude",
      {
        "other/.claude.json": '{"mcpServers":{"a":{"command":"x"}}}',
        "other/settings.json": '{"env":{"ANTHROPIC_BASE_URL":"http://there"}}',
      },
      { CLAUDE_CONFIG_DIR: "HOME/other" },
    );
    expect([help.servers, extra]).toEqual([["a"], { "own-anthropic-base-url": "http://there" }]);
  });

  test("a server that is wired already gets this run's name", () => {
    const wiredOne =
      '{"mcpServers":{"a":{"command":"/bun","args":["/cli.ts","tap","--name","a","--","x","y"]}}}';
    const { help } = told("claude", { ".claude.json": wiredOne });
    const { args } = JSON.parse(help.file?.text ?? "").mcpServers.a;
    expect(args.slice(-7)).toEqual(["--name", "a", "--run", "r", "--", "x", "y"]);
  });
});

test.each([
  [
    "claude",
    ".claude.json",
    '{"mcpServers":{"far":{"url":"https://h/mcp"},"ours":{"url":"http://localhost:8000/@mcp/x"}}}',
  ],
  ["codex", ".codex/config.toml", '[mcp_servers.far]\nurl = "https://h/mcp"\n'],
  ["opencode", ".config/opencode/opencode.json", '{"mcp":{"far":{"type":"remote","url":"https://h/mcp"}}}'],
  ["gemini", ".gemini/settings.json", '{"mcpServers":{"far":{"httpUrl":"https://h/mcp"}}}'],
  ["qwen", ".qwen/settings.json", '{"mcpServers":{"far":{"httpUrl":"https://h/mcp"}}}'],
])("%s: a server over HTTP is said not to be recorded, one behind a proxy of ours is", (name, file, text) => {
  const { unrecorded } = told(name, { [file]: text }).help;
  expect(unrecorded).toEqual([
    expect.stringMatching(/^MCP servers over HTTP not recorded: far; `wire [\w-]+ --http`/),
  ]);
});

describe("a server over HTTP that needs no sign-in goes through the proxy for this run", () => {
  test("Codex: its address is overridden, all else stays", () => {
    const { help, options } = told("codex", {
      ".codex/config.toml": `[mcp_servers.keyed]
url = "https://h/mcp?x=1"
bearer_token_env_var = "H_TOKEN"
[mcp_servers.near]
url = "http://127.0.0.1:3000/mcp"
[mcp_servers.far]
url = "https://h/far"
`,
    });
    expect(options).toContain(`mcp_servers.keyed.url="${URL}/@mcp/keyed?x=1"`);
    expect(options).toContain(`mcp_servers.near.url="${URL}/@mcp/near"`);
    expect(options.join(" ")).not.toContain("mcp_servers.far");
    expect(help.relays).toEqual({ keyed: "https://h/mcp", near: "http://127.0.0.1:3000/mcp" });
    expect(help.servers).toEqual(["keyed", "near"]);
    expect(help.unrecorded).toEqual([expect.stringContaining("not recorded: far;")]);
  });

  test("OpenCode: the entry is laid over the user's whole, with its headers", () => {
    const { help, variables } = told("opencode", {
      ".config/opencode/opencode.json": JSON.stringify({
        mcp: {
          keyed: { type: "remote", url: "https://h/mcp", headers: { Authorization: "Bearer {env:H}" } },
          open: { type: "remote", url: "https://o/mcp", oauth: false },
          far: { type: "remote", url: "https://f/mcp" },
          named: { type: "remote", url: "{env:PLACE}", oauth: false },
        },
      }),
    });
    expect(JSON.parse(variables["OPENCODE_CONFIG_CONTENT"] ?? "{}").mcp).toEqual({
      keyed: { type: "remote", url: `${URL}/@mcp/keyed`, headers: { Authorization: "Bearer {env:H}" } },
      open: { type: "remote", url: `${URL}/@mcp/open`, oauth: false },
    });
    expect(help.relays).toEqual({ keyed: "https://h/mcp", open: "https://o/mcp" });
    expect(help.unrecorded).toEqual([expect.stringContaining("not recorded: far, named;")]);
  });
});

describe("OpenCode", () => {
  const addresses = ({ variables }: Told) =>
    Object.fromEntries(
      Object.entries(JSON.parse(variables["OPENCODE_CONFIG_CONTENT"] ?? "{}").provider).map(
        ([name, { options }]: [string, any]) => [name, options.baseURL],
      ),
    );

  test("an address that names a variable is that variable's; one that only OpenCode knows is left alone and named", () => {
    const it = told(
      "opencode",
      {
        ".config/opencode/opencode.json": `{"provider":{
          "openai":{"options":{"baseURL":"{env:GATE}/v1"}},
          "anthropic":{"options":{"baseURL":"{file:secret}"}},
          "google":{"npm":"@ai-sdk/google-vertex"},
          "mine":{"api":"https://mine/v1"}}}`,
      },
      { GATE: "http://gate" },
    );
    expect(it.extra).toEqual({
      "own-opencode-openai": "http://gate/v1",
      "own-opencode-mine": "https://mine/v1",
    });
    expect(addresses(it)).toEqual({
      openai: `${URL}/@own-opencode-openai`,
      mine: `${URL}/@own-opencode-mine`,
      openrouter: `${URL}/@openrouter/v1`,
    });
    expect(it.help.unrecorded).toEqual([
      "providers that OpenCode asks directly, not recorded: anthropic, google",
    ]);
  });

  test("what a folder above says counts, and an address of ours keeps what it asks for", () => {
    const it = told("opencode", {
      "work/opencode.jsonc": `{ // here
        "provider": { "openai": { "options": { "baseURL": "http://localhost:8000/@demo/v1" } }, }, }`,
    });
    expect([addresses(it)["openai"], it.extra]).toEqual([`${URL}/@demo/v1`, {}]);
  });

  test("accounts at providers of which we know the address are recorded, others are named", () => {
    const it = told("opencode", {
      ".local/share/opencode/auth.json": '{"groq":{"type":"api"},"github-copilot":{"type":"oauth"}}',
    });
    expect(addresses(it)["groq"]).toBe(`${URL}/@groq`);
    expect(it.help.unrecorded).toEqual([expect.stringContaining("github-copilot")]);
  });
});

describe("Codex", () => {
  test("an address of ours in its configuration keeps what it asks for, bound to this run", () => {
    const { options, extra } = told("codex exec hi", {
      ".codex/config.toml": 'openai_base_url = "http://localhost:8000/@demo/v1"\n',
    });
    expect([options, extra]).toEqual([["-c", `openai_base_url="${URL}/@demo/v1"`], {}]);
  });

  test("a model of this machine is said not to be recorded", () => {
    expect(told("codex --oss").help.unrecorded).toEqual([expect.stringContaining("--oss")]);
  });
});

describe("Qwen Code", () => {
  test("its servers stand in settings of the machine, for this run, beside those that stood there", () => {
    const it = told(
      "qwen -p hi",
      {
        ".qwen/settings.json":
          '{"mcpServers":{"docs":{"command":"npx","args":["docs"]},"far":{"httpUrl":"http://x"}}}',
        "machine.json": '{"ui":{"theme":"dark"},"mcpServers":{"theirs":{"command":"t"}}}',
      },
      { QWEN_CODE_SYSTEM_SETTINGS_PATH: "HOME/machine.json" },
    );
    const { mcpServers, ui } = JSON.parse(it.help.file?.text ?? "{}");
    expect([Object.keys(mcpServers), ui]).toEqual([["docs", "theirs"], { theme: "dark" }]);
    expect(mcpServers.docs.args.slice(-4)).toEqual(["r", "--", "npx", "docs"]);
    expect(it.variables["QWEN_CODE_SYSTEM_SETTINGS_PATH"]).toBe(it.help.file?.path);
    expect(it.help.servers).toEqual(["docs"]);
  });

  test("of two files the folder's counts before the user's, and the environment before both", () => {
    const files = {
      ".qwen/.env": "OPENAI_BASE_URL=http://user/v1\nANTHROPIC_BASE_URL=http://user",
      "work/.env": "OPENAI_BASE_URL=http://folder/v1",
    };
    expect(told("qwen", files).extra).toEqual({
      "own-openai-base-url": "http://folder/v1",
      "own-anthropic-base-url": "http://user",
    });
    expect(told("qwen", files, { OPENAI_BASE_URL: "http://mine/v1" }).extra).toMatchObject({
      "own-openai-base-url": "http://mine/v1",
    });
  });

  test("a folder that is not trusted says nothing", () => {
    const files = {
      ".qwen/settings.json": '{"security":{"folderTrust":{"enabled":true}}}',
      "work/deep/.env": "OPENAI_BASE_URL=http://folder/v1",
    };
    expect(told("qwen", files).extra).toEqual({});
  });

  test("models with an address of their own are named", () => {
    const models = '{"modelProviders":{"openai":[{"id":"m","baseUrl":"http://x"},{"id":"n"}]}}';
    expect(told("qwen", { ".qwen/settings.json": models }).help.unrecorded).toEqual([
      expect.stringContaining("modelProviders: m)"),
    ]);
  });
});

describe("others", () => {
  test("Goose's hosts, from its configuration where the environment says nothing", () => {
    const files = {
      ".config/goose/config.yaml": "GOOSE_PROVIDER: openai\nOPENAI_HOST: https://gate.example\n",
    };
    const { variables, extra } = told("goose run", files);
    expect([variables["OPENAI_HOST"], variables["ANTHROPIC_HOST"], extra]).toEqual([
      `${URL}/@own-openai-host`,
      `${URL}/@anthropic`,
      { "own-openai-host": "https://gate.example" },
    ]);
  });

  test("Crush's variables, and providers with an address of their own", () => {
    const { variables, help } = told("crush", {
      "work/deep/crush.json": '{"providers":{"gate":{"base_url":"http://gate"}}}',
    });
    expect(variables["OPENAI_API_ENDPOINT"]).toBe(`${URL}/@openai/v1`);
    expect(help.unrecorded).toEqual([expect.stringMatching(/^the provider gate /)]);
  });

  test.each(["copilot -p hi", "cursor-agent", "q chat", "kiro-cli"])("%s asks its maker: said", (line) => {
    expect(told(line).help.unrecorded).toEqual([expect.stringContaining("its maker's own server")]);
  });

  test("Copilot with a model of the user's own is recorded", () => {
    const { variables, help } = told("copilot", {}, { COPILOT_PROVIDER_BASE_URL: "https://gate/v1" });
    expect([variables["COPILOT_PROVIDER_BASE_URL"], help.unrecorded]).toEqual([
      `${URL}/@own-copilot-provider-base-url`,
      [],
    ]);
  });

  test("a file above that may be read leaves its variable alone; one that says what is usual changes nothing", () => {
    const open = told("python app.py", { "work/.env": "OPENAI_BASE_URL=http://gate/v1" });
    expect(open.variables["OPENAI_BASE_URL"]).toBeUndefined();
    expect(open.variables["ANTHROPIC_BASE_URL"]).toBe(`${URL}/@anthropic`);
    const usual = told("python app.py", { "work/.env": "OPENAI_BASE_URL=https://api.openai.com/v1/" });
    expect(usual.variables["OPENAI_BASE_URL"]).toBe(`${URL}/@openai/v1`);
  });

  test("node reads the files that its words name, not the script's", () => {
    const files = {
      "work/deep/.env.x": "OPENAI_BASE_URL=http://x/v1",
      "work/deep/.env.y": "OPENAI_BASE_URL=http://y/v1",
    };
    const extra = { "own-openai-base-url": "http://y/v1" };
    expect(told("node --env-file=.env.x --env-file .env.y app.js", files).extra).toEqual(extra);
    expect(told("node app.js --env-file=.env.x", files).extra).toEqual({});
  });

  test("what is no address is the program's own business", () => {
    const { variables, extra } = told(
      "agent",
      {},
      { OPENAI_BASE_URL: "localhost:1234/v1", OPENAI_HOST: "0.0.0.0" },
    );
    expect([variables["OPENAI_BASE_URL"], variables["OPENAI_HOST"], extra]).toEqual([
      undefined,
      undefined,
      {},
    ]);
  });
});

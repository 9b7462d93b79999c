import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cli, person } from "./run/person.testkit.ts";

describe.skipIf(process.platform === "win32")("an agent", () => {
  test("gets the addresses of the APIs through the proxy; its words, output and exit code are its own", async () => {
    const me = person();
    const run = me.run(["agent", "-p", "say hi", "--", "x"], {
      THEN: "echo out; echo err >&2; exit 7",
      A: "b",
    });
    const [stdout, stderr] = [await run.stdout.text(), await run.stderr.text()];
    expect([stdout, await run.exited]).toEqual(["out\n", 7]);
    expect(stderr).toContain("err\n");
    expect(stderr).toMatch(/^recorded: http:\/\/127\.0\.0\.1:\d+$/m);
    const { args, value } = await me.report();
    expect(args).toEqual(["-p", "say hi", "--", "x"]);
    expect(value("ANTHROPIC_BASE_URL")).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/@run:run-[0-9a-f]{12}\/@anthropic$/,
    );
    expect(value("OPENAI_BASE_URL")).toMatch(/\/@openai\/v1$/);
    expect(value("GOOGLE_GEMINI_BASE_URL")).toMatch(/\/@gemini$/);
    expect(value("A")).toBe("b");
  });

  test("that asks an address of the user's own still asks it, through the proxy", async () => {
    const asked: string[] = [];
    await using gateway = Bun.serve({
      port: 0,
      fetch(request) {
        asked.push(new URL(request.url).pathname);
        return Response.json({ ok: true });
      },
    });
    const me = person();
    const base = `http://127.0.0.1:${gateway.port}/team/llm`;
    const run = me.run(["agent"], {
      OPENAI_BASE_URL: base,
      THEN: `${process.execPath} -e 'await fetch(process.env.OPENAI_BASE_URL + "/chat/completions", { method: "POST", body: "{}" })'`,
    });
    expect(await run.exited).toBe(0);
    expect(asked).toEqual(["/team/llm/chat/completions"]);
    expect(readdirSync(join(me.logDir, "llm_proxy"))).toHaveLength(1);
  });

  test("whose address names an upstream of ours asks that one: the demo needs no key and no network", async () => {
    const me = person();
    const ask = `${process.execPath} -e 'const r = await fetch(process.env.ANTHROPIC_BASE_URL + "/v1/messages", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ model: "claude", max_tokens: 9, messages: [{ role: "user", content: "hi" }] }) }); process.exit(r.status === 200 ? 0 : 1)'`;
    const run = me.run(["agent"], {
      ANTHROPIC_BASE_URL: "http://localhost:8000/@demo/",
      OPENAI_BASE_URL: "http://127.0.0.1:1/@own-openai-base-url",
      THEN: ask,
    });
    expect(await run.exited).toBe(0);
    const { value } = await me.report();
    expect(value("ANTHROPIC_BASE_URL")).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/@run:run-[0-9a-f]{12}\/@demo$/);
    expect(value("OPENAI_BASE_URL")).toBe("http://127.0.0.1:1/@own-openai-base-url");
    expect(readdirSync(join(me.logDir, "llm_proxy"))).toHaveLength(1);
  });

  test("uses the proxy that runs already, and leaves it running", async () => {
    const me = person();
    const server = Bun.spawn(
      [process.execPath, cli, "start", "--port", "0", "--web-port", "0", "--log-dir", me.logDir],
      {
        env: { PATH: process.env["PATH"] ?? "", HOME: me.home },
        stdout: "pipe",
      },
    );
    const said = new TextDecoder().decode((await server.stdout.getReader().read()).value);
    const proxy = /http:\S+/.exec(said)?.[0] ?? "none";
    while (!existsSync(join(me.logDir, "run"))) await Bun.sleep(10);
    const run = me.run(["agent"]);
    expect(await run.exited).toBe(0);
    const address = (await me.report()).value("ANTHROPIC_BASE_URL") ?? "";
    expect(address.replace(/@run:[^/]*\//, "")).toBe(`${proxy}/@anthropic`);
    expect((await fetch(`${proxy}/@demo/v1/models`)).status).toBeLessThan(500);
    server.kill();
    await server.exited;
  });

  test("dies of a signal, and so do we; one that is not there gives 127", async () => {
    const killed = person().run(["agent"], { THEN: "kill -TERM $$" });
    await killed.exited;
    expect(killed.signalCode).toBe("SIGTERM");
    const missing = person().run(["no-such-agent"]);
    expect(await missing.exited).toBe(127);
    expect(await missing.stderr.text()).toContain("there is no such program");
  });

  test("a kill -9 leaves nothing: no agent, no file", async () => {
    const me = person({
      ".claude.json": '{"mcpServers":{"a":{"command":"a-server","env":{"KEY":"secret"}}}}',
    });
    const run = me.run(["claude"], { THEN: "trap '' TERM; while :; do sleep 0.05; done" });
    const { value } = await me.report();
    expect(me.left()).toHaveLength(1);
    run.kill("SIGKILL");
    const alive = () =>
      Bun.spawnSync(["ps", "-o", "stat=", "-p", value("pid") ?? ""])
        .stdout.toString()
        .trim();
    while (alive() !== "" && !alive().startsWith("Z")) await Bun.sleep(20);
    expect(me.left()).toEqual([]);
  });
});

describe.skipIf(process.platform === "win32")("MCP servers", () => {
  test("of Claude Code are recorded for this run: its own, this folder's, and those that the user agreed to", async () => {
    const me = person({
      ".claude.json": `{
        "mcpServers": { "own": { "type": "stdio", "command": "npx", "args": ["-y", "own"], "env": { "A": "1" } }, "far": { "type": "http", "url": "https://x/mcp" } },
        "projects": { "CWD": { "mcpServers": { "local": { "command": "local" } }, "enabledMcpjsonServers": ["agreed"] } }
      }`,
      "work/.mcp.json": '{"mcpServers":{"agreed":{"command":"agreed"},"unknown":{"command":"evil"}}}',
    });
    const before = readFileSync(join(me.home, ".claude.json"), "utf8");
    const run = me.run(["claude", "-p", "hi"]);
    expect(await run.exited).toBe(0);
    expect((await me.report()).args.slice(2)).toEqual(["--strict-mcp-config", "-p", "hi"]);
    const servers = me.servers();
    expect(Object.keys(servers).sort()).toEqual(["agreed", "far", "local", "own"]);
    expect(servers["own"]).toMatchObject({
      env: { A: "1" },
      args: expect.arrayContaining(["tap", "--name", "own", "--", "npx", "-y"]),
    });
    expect(servers["far"]).toEqual({ type: "http", url: "https://x/mcp" } as never);
    expect(readFileSync(join(me.home, ".claude.json"), "utf8")).toBe(before);
    expect(me.left()).toEqual([]);
  });

  test("are left alone with --no-mcp, and where the user gave a list", async () => {
    const files = { ".claude.json": '{"mcpServers":{"a":{"command":"a"}}}' };
    const [plain, given] = [person(files), person(files)];
    await plain.run(["claude", "x"], {}, ["--no-mcp"]).exited;
    expect((await plain.report()).args).toEqual(["x"]);
    await given.run(["claude", "x", "--mcp-config", "mine.json"]).exited;
    expect((await given.report()).args).toEqual(["x", "--mcp-config", "mine.json"]);
  });

  test("of Codex and its address are overridden by its own options", async () => {
    const me = person({
      ".codex/config.toml": '[mcp_servers.docs]\ncommand = "npx"\nargs = ["-y", "docs"]\n',
    });
    await me.run(["codex", "exec", "hi"]).exited;
    const { args } = await me.report();
    const settings = Object.fromEntries(
      args.filter((_, n) => args[n - 1] === "-c").map((word) => [word.split("=")[0], Bun.TOML.parse(word)]),
    );
    const bound = /@run:([\w-]+)\//.exec(JSON.stringify(settings["openai_base_url"]))?.[1];
    expect(settings["openai_base_url"]).toMatchObject({
      openai_base_url: expect.stringMatching(/\/@openai\/v1$/),
    });
    expect(settings["mcp_servers.docs.args"]).toMatchObject({
      mcp_servers: { docs: { args: expect.arrayContaining(["tap", "--run", bound, "--", "npx", "docs"]) } },
    });
    expect(args.slice(-2)).toEqual(["exec", "hi"]);
  });

  test("of Codex: addresses in its own configuration are asked through the proxy", async () => {
    const asked: string[] = [];
    await using gateway = Bun.serve({
      port: 0,
      fetch(request) {
        asked.push(new URL(request.url).pathname);
        return Response.json({ ok: true });
      },
    });
    const base = `http://127.0.0.1:${gateway.port}`;
    const me = person({
      ".codex/config.toml": `openai_base_url = "${base}/mine/v1"\nmodel_provider = "Team_1"\n[model_providers.Team_1]\nname = "x"\nbase_url = "${base}/team"\n`,
    });
    const ask = `for word in "$@"; do case "$word" in *base_url=*) ${process.execPath} -e 'await fetch(JSON.parse(process.argv[1]) + "/responses")' "\${word#*=}";; esac; done`;
    expect(await me.run(["codex"], { THEN: ask }).exited).toBe(0);
    expect(asked.toSorted()).toEqual(["/mine/v1/responses", "/team/responses"]);
    const keys = (await me.report()).args.map((word) => word.split("=")[0]);
    expect(keys.filter((key) => key !== "-c")).toEqual([
      "openai_base_url",
      "model_providers.Team_1.base_url",
    ]);
    expect(readdirSync(join(me.logDir, "llm_proxy"))).toHaveLength(2);
  });

  test("of Codex with a ChatGPT account: the account's own address", async () => {
    const me = person({ ".codex/auth.json": '{"OPENAI_API_KEY":null,"tokens":{"id_token":"x"}}' });
    await me.run(["codex"]).exited;
    expect((await me.report()).args[1]).toMatch(/^openai_base_url="http:.*\/@chatgpt"$/);
  });

  test("of OpenCode and its addresses are laid over its settings; an address of the user's own is asked through us", async () => {
    const me = person({
      ".config/opencode/opencode.jsonc": `{ // mine
        "provider": { "openai": { "options": { "baseURL": "https://mine/v1" } } },
        "mcp": { "docs": { "type": "local", "command": ["npx", "docs"], "enabled": true, }, },
      }`,
    });
    await me.run(["opencode"], { OPENCODE_CONFIG_CONTENT: '{"theme":"dark"}' }).exited;
    const content = JSON.parse((await me.report()).value("OPENCODE_CONFIG_CONTENT") ?? "null");
    expect(content).toMatchObject({
      theme: "dark",
      provider: { anthropic: { options: { baseURL: expect.stringMatching(/\/@anthropic\/v1$/) } } },
      mcp: {
        docs: { type: "local", enabled: true, command: expect.arrayContaining(["tap", "--", "npx", "docs"]) },
      },
    });
    expect(content.provider.openai.options.baseURL).toMatch(
      /^http:\/\/127.*\/@run:[^/]*\/@own-opencode-openai$/,
    );
  });

  test("of Gemini CLI cannot be recorded for one run: that is said, and how they can", async () => {
    const me = person({ ".gemini/settings.json": '{ "mcpServers": { "docs": { "command": "npx" } } }' });
    const run = me.run(["gemini", "-p", "hi"]);
    expect(await run.exited).toBe(0);
    expect(await run.stderr.text()).toContain("MCP servers not recorded: docs; `wire gemini` records them");
    const { args, value } = await me.report();
    expect([args, value("GOOGLE_GEMINI_BASE_URL")]).toEqual([
      ["-p", "hi"],
      expect.stringMatching(/\/@gemini$/),
    ]);
  });
});

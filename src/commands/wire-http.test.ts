/** MCP servers over HTTP behind the proxy: their host's file names the proxy, the proxy knows where to ask. */
import { afterAll, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { relayed, relayName, unrelayed } from "./wire/relay.ts";

const cli = join(import.meta.dir, "..", "cli.ts");
const scratch = mkdtempSync(join(tmpdir(), "wire-http-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 10 }));

function home(files: Record<string, string>, more: Record<string, string> = {}) {
  const folder = mkdtempSync(join(scratch, "home-"));
  const path = (name: string) => join(folder, name);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  }
  const env = { PATH: process.env["PATH"] ?? "", HOME: folder, ...more };
  return {
    path,
    env,
    text: (name: string) => readFileSync(path(name), "utf8"),
    write: (name: string, text: string) => writeFileSync(path(name), text),
    run(...words: string[]) {
      const done = Bun.spawnSync([process.execPath, "--no-env-file", cli, ...words], { cwd: folder, env });
      return { code: done.exitCode, said: done.stdout.toString() + done.stderr.toString() };
    },
  };
}

const CURSOR = ".cursor/mcp.json";
const KEPT = ".mcp-proxy-logger/mcp-servers.json";

describe.skipIf(process.platform === "win32")("with --http", () => {
  test.each([
    [
      CURSOR,
      "cursor",
      `{ // mine
  "mcpServers": {
    "Far One": { "url": "https://h.example\\/mcp?api_key=opaque-word-5", "headers": { "Authorization": "Bearer abc" } },
    "near": {"command":"x"}, // both
  },
}`,
      "http://localhost:8000/@mcp/far-one?api_key=opaque-word-5",
    ],
    [
      ".codex/config.toml",
      "codex",
      `[mcp_servers."Far One"]\nurl = 'https://h.example/mcp?api_key=opaque-word-5' # here\nbearer_token_env_var = "T"\n`,
      "http://localhost:8000/@mcp/far-one?api_key=opaque-word-5",
    ],
    [
      ".config/goose/config.yaml",
      "goose",
      "extensions:\n  Far One:\n    type: streamable_http\n    uri: https://h.example/mcp?api_key=opaque-word-5 # here\n    headers:\n      A: b\n",
      "http://localhost:8000/@mcp/far-one?api_key=opaque-word-5",
    ],
  ])(
    "%s: the address is the proxy's, keys and headers stay, and unwire gives the bytes back",
    (file, host, text, url) => {
      const me = home({ [file]: text });
      const wired = me.run("wire", host, "--http", "--yes");
      expect(wired.code).toBe(0);
      expect(wired.said).toContain("while the proxy runs: bun run start");
      expect(me.text(file)).toContain(url);
      expect(JSON.parse(me.text(KEPT))).toEqual({ "far-one": "https://h.example/mcp" });
      expect(statSync(me.path(KEPT)).mode & 0o777).toBe(0o600);
      const { said } = me.run("wire");
      expect(said).toContain("[recorded while the proxy runs]");
      expect(said).not.toContain("opaque-word-5");
      expect(me.run("wire", host, "--http", "--yes").said).toContain("nothing to change");
      expect(me.run("unwire", host, "--yes").code).toBe(0);
      expect(me.text(file)).toBe(text);
    },
  );

  test("what a host has printed anew has its own addresses again, and the rest as it printed it", () => {
    const own = {
      mcpServers: {
        a: { url: "https://h.example/mcp", headers: { K: "v" } },
        b: { serverUrl: "http://me:pw@x/y#z" },
      },
    };
    const me = home({ [CURSOR]: JSON.stringify(own) });
    me.run("wire", "cursor", "--http", "--yes");
    const printed = { ...JSON.parse(me.text(CURSOR)), theme: "dark" };
    expect(printed.mcpServers.b.serverUrl).toBe("http://me:pw@localhost:8000/@mcp/b#z");
    me.write(CURSOR, JSON.stringify(printed, null, 4));
    expect(me.run("unwire", "cursor", "--yes").code).toBe(0);
    expect(me.text(CURSOR)).toBe(JSON.stringify({ ...own, theme: "dark" }, null, 4));
  });

  test("two servers of one name have addresses of their own; without --http nothing is touched", () => {
    const file = (url: string) => JSON.stringify({ mcpServers: { a: { url } } });
    const me = home({ [CURSOR]: file("https://one/mcp"), ".qwen/settings.json": file("https://two/mcp") });
    expect(me.run("wire", "cursor", "--yes")).toEqual({ code: 0, said: "nothing to change\n" });
    expect(existsSync(me.path(KEPT))).toBe(false);
    me.run("wire", "cursor", "--http", "--yes");
    me.run("wire", "qwen", "--http", "--yes");
    expect(me.text(".qwen/settings.json")).toContain("/@mcp/a-2");
    expect(JSON.parse(me.text(KEPT))).toEqual({ a: "https://one/mcp", "a-2": "https://two/mcp" });
  });
});

test.skipIf(process.platform === "win32")(
  "a proxy that runs already asks where the server is, and wires by itself",
  async () => {
    const asked: (string | null)[] = [];
    await using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      async fetch(request) {
        asked.push(new URL(request.url).pathname, request.headers.get("x-key"));
        const { id } = (await request.json()) as { id: number };
        return Response.json({ jsonrpc: "2.0", id, result: { tools: [] } });
      },
    });
    const port = await freePort();
    const url = `http://127.0.0.1:${server.port}/deep/mcp`;
    const me = home(
      { [CURSOR]: JSON.stringify({ mcpServers: { far: { url } } }) },
      { PROXY_PORT: String(port) },
    );
    const logs = me.path("logs");
    const program = Bun.spawn(
      [process.execPath, "--no-env-file", cli, "start", "--web-port", "0", "--log-dir", logs],
      { cwd: dirname(logs), env: me.env, stdout: "pipe", stderr: "inherit" },
    );
    await program.stdout.getReader().read();
    while (!existsSync(join(logs, "run"))) await Bun.sleep(20);
    expect(me.run("wire", "cursor", "--yes", "--log-dir", logs).code).toBe(0);
    const address = JSON.parse(me.text(CURSOR)).mcpServers.far.url;
    expect(address).toBe(`http://localhost:${port}/@mcp/far`);
    const answer = await fetch(address.replace("localhost", "127.0.0.1"), {
      method: "POST",
      headers: { "content-type": "application/json", "x-key": "k" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 7, method: "tools/list" }),
    });
    expect([await answer.json(), asked]).toEqual([
      { jsonrpc: "2.0", id: 7, result: { tools: [] } },
      ["/deep/mcp", "k"],
    ]);
    program.kill();
    await program.exited;
    expect(readdirSync(logs)).toContain("mcp_far");
  },
);

test.each([
  ["https://h/mcp", "https://h/mcp"],
  ["https://h", "https://h"],
  ["http://u:p@h:8080/a/b/?x=1&y=@#frag", "http://h:8080/a/b/"],
  ["HTTPS://H/Mcp?u=http://z/", "HTTPS://H/Mcp"],
])("%s goes to the proxy and back", (url, place) => {
  const to = relayed("Name", url, "http://localhost:8000", {});
  expect([to.place, relayName(to.url)]).toEqual([place, "name"]);
  expect(unrelayed(to.url, { name: place })).toBe(url);
});

test("what only looks like ours is not", () => {
  const others = [
    "https://h/@mcp/x",
    "http://localhost:8000/@mcp/x/y",
    "http://localhost:8000/mcp",
    "no address",
  ];
  expect(others.map(relayName)).toEqual([null, null, null, null]);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

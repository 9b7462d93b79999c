import { afterAll, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { difference } from "./wire/diff.ts";
import { withTap, withoutTap, type Format } from "./wire/entry.ts";
import { readFile, unwired, wired, write, type Change, type ConfigFile } from "./wire/file.ts";
import { hosts } from "./wire/hosts.ts";
import { jsonc } from "./wire/jsonc.ts";
import { toml } from "./wire/toml.ts";

const cli = join(import.meta.dir, "..", "cli.ts");
const scratch = mkdtempSync(join(tmpdir(), "wire-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 10 }));

/** A person's folder with these files in it. */
function home(files: Record<string, string>) {
  const folder = mkdtempSync(join(scratch, "home-"));
  const path = (name: string) => join(folder, name);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  }
  const cwd = path("work");
  mkdirSync(cwd, { recursive: true });
  return {
    path,
    text: (name: string) => readFileSync(path(name), "utf8"),
    run(...words: string[]) {
      const env = { PATH: process.env["PATH"] ?? "", HOME: folder };
      const done = Bun.spawnSync([process.execPath, cli, ...words], { cwd, env });
      return { code: done.exitCode, said: done.stdout.toString() + done.stderr.toString() };
    },
  };
}

const desktop = ".config/Claude/claude_desktop_config.json";
const commented = `{
  // my servers
  "mcpServers": {
    "files": {
      "command": "npx", /* the launcher */
      "args": [
        "-y", // yes
        "@modelcontextprotocol/server-filesystem",
        "/tmp",
      ],
      "env": { "A": "1" },
    },
    "bare": { "command": "bare\\u002dserver" },
    "empty": {"command":"empty-server","args":[]},
    "remote": { "url": "https://example.com/mcp" },
  },
  "theme": "dark",
}
`;
const codex = `model = "gpt-5" # my model

[mcp_servers.files]
command = "npx" # the launcher
args = [
  "-y",
  "@modelcontextprotocol/server-filesystem", # [not a header]
  '/tmp',
]

[mcp_servers.files.env]
A = "1"

[mcp_servers."a b"]
args = []
command = 'C:\\bin\\srv.exe'

[mcp_servers.bare]
command = "bare-server"

[mcp_servers.remote]
url = "https://example.com/mcp"
`;
/** A file for each host, as its documentation shows it. */
const samples: Record<string, [file: string, text: string]> = {
  "claude-desktop": [desktop, commented],
  "claude-code": [
    ".claude.json",
    JSON.stringify(
      {
        numStartups: 3,
        mcpServers: { a: { type: "stdio", command: "npx", args: ["-y", "a"], env: {} } },
        projects: { "/x": { mcpServers: { b: { type: "stdio", command: "b", args: [] } } } },
      },
      null,
      2,
    ),
  ],
  cursor: [".cursor/mcp.json", '{"mcpServers":{"a":{"command":"npx","args":["-y","a"]}}}'],
  vscode: [
    ".config/Code/User/mcp.json",
    '{\n\t"servers": {\n\t\t"a": {"type": "stdio", "command": "npx", "args": ["a"]}\n\t},\n\t"inputs": []\n}',
  ],
  windsurf: [
    ".codeium/windsurf/mcp_config.json",
    '{"mcpServers":{"a":{"command":"npx","args":["a"]},"r":{"serverUrl":"https://x/mcp"}}}',
  ],
  codex: [".codex/config.toml", codex],
  gemini: [
    ".gemini/settings.json",
    '{"mcpServers":{"a":{"command":"uvx","args":["a"],"trust":true},"r":{"httpUrl":"https://x/mcp"}}}',
  ],
  opencode: [
    ".config/opencode/opencode.jsonc",
    '{\n  "mcp": {\n    "a": { "type": "local", "command": ["npx", "-y", "a"], "enabled": true }, // one\n  },\n}\n',
  ],
  zed: [
    ".config/zed/settings.json",
    '// Zed settings\n{\n  "context_servers": {\n    "a": { "source": "custom", "command": "npx", "args": ["a"], "env": {} },\n    "old": { "command": { "path": "old-server", "args": ["x"], "env": {} } },\n  },\n}\n',
  ],
};

describe.skipIf(process.platform !== "linux")("on this machine", () => {
  test.each(Object.keys(samples))("%s: servers are listed, wired, and given back byte for byte", (host) => {
    const [file, text] = samples[host]!;
    const me = home({ [file]: text });
    expect(me.run("wire").said).toContain(me.path(file));
    const wired = me.run("wire", host, "--yes");
    expect(wired).toMatchObject({ code: 0 });
    expect(me.text(file)).toContain('"tap"');
    expect(me.run("wire").said).toContain("[recorded]");
    expect(me.run("wire", host, "--yes").said).toContain("nothing to change");
    expect(me.run("unwire", host, "--yes")).toMatchObject({ code: 0 });
    expect(me.text(file)).toBe(text);
    const left = readdirSync(dirname(me.path(file))).filter((name) => name.includes("before-"));
    expect(left).toEqual([]);
  });

  test("a wired server is started by its host through the tap, with its own words unchanged", async () => {
    const me = home({
      [desktop]: JSON.stringify({
        mcpServers: { echo: { command: "printf", args: ["%s|", "a b", "--", "$X"] } },
      }),
    });
    const logDir = me.path("logs");
    me.run("wire", "claude-desktop", "--yes", "--log-dir", logDir);
    const { command, args } = JSON.parse(me.text(desktop)).mcpServers.echo;
    const started = Bun.spawnSync([command, ...args]);
    expect([started.stdout.toString(), started.exitCode]).toEqual(["a b|--|$X|", 0]);
    expect(readdirSync(join(logDir, "mcp_echo"))).toHaveLength(1);
  });

  test("nothing is written without a yes, and the difference is shown", () => {
    const me = home({ [desktop]: commented });
    const { code, said } = me.run("wire", "claude-desktop", "files");
    expect(code).toBe(1);
    expect(said).toContain('-       "command": "npx", /* the launcher */');
    expect(said).toContain("nothing was written");
    expect(me.text(desktop)).toBe(commented);
  });

  test("neither the list nor the difference shows a key or obeys an escape", () => {
    const { run } = home({
      [desktop]: JSON.stringify(
        {
          mcpServers: {
            "a\x1b]0;t\x07": {
              command: "npx",
              args: ["-y", "thing", "--api-key", "opaque-word-1", "--header", "X-Api-Key: opaque-word-2"],
              env: { MY_THING_KEY: "0pAque3word4of5mine6", GITHUB_TOKEN: "opaque-word-4" },
            },
            b: { command: "npx", args: ["mcp-remote", "https://a.example/sse?api_key=opaque-word-5"] },
          },
        },
        null,
        2,
      ),
    });
    for (const words of [["wire"], ["wire", "claude-desktop"]]) {
      const { said } = run(...words);
      expect(said).toContain("npx");
      // oxlint-disable-next-line no-control-regex
      expect(said).not.toMatch(/opaque-word|0pAque|[\x1b\x07]/);
    }
  });

  test("servers are wired one by one; unwiring one leaves the other", () => {
    const me = home({ [desktop]: commented });
    me.run("wire", "claude-desktop", "files", "--yes");
    me.run("wire", "claude-desktop", "bare", "--yes");
    me.run("unwire", "claude-desktop", "files", "--yes");
    const said = me.run("wire").said;
    expect(said).toMatch(/bare: bare-server {2}\[recorded\]/);
    expect(said).toMatch(/files: npx \S+ \S+ \/tmp\n/);
    me.run("unwire", "claude-desktop", "--yes");
    expect(me.text(desktop)).toBe(commented);
  });

  test("what the host wrote since stays when the taps go", () => {
    const [file, text] = samples["claude-code"]!;
    const me = home({ [file]: text });
    me.run("wire", "claude-code", "--yes");
    writeFileSync(me.path(file), me.text(file).replace('"numStartups": 3', '"numStartups": 4'));
    me.run("unwire", "claude-code", "--yes");
    expect(me.text(file)).toBe(text.replace('"numStartups": 3', '"numStartups": 4'));
  });

  /** How editors and systems write the same file. */
  const hands: Record<string, (text: string) => string> = {
    "with CR LF": (text) => text.replaceAll("\n", "\r\n"),
    "with a byte order mark": (text) => `\ufeff${text}`,
    "with tabs": (text) => text.replaceAll("  ", "\t"),
    "without a line end": (text) => text.trimEnd(),
    "on one line after another, with empty ones": (text) => `\n\n${text}\n\n`,
  };
  const all = Object.keys(samples).flatMap((host) => Object.keys(hands).map((hand) => [host, hand] as const));
  test.each(all)("%s %s: wired and given back byte for byte, or left alone", (id, hand) => {
    const [name, plain] = samples[id]!;
    const text = hands[hand]!(plain);
    const me = home({ [name]: text });
    const host = hosts.find((each) => each.id === id)!;
    const read = () => readFile(me.path(name), host);
    const file = read();
    // TOML has no byte order mark; nothing else is a reason.
    if (typeof file === "string") return expect([id, hand]).toEqual(["codex", "with a byte order mark"]);
    const tap = { runtime: "/bun", cli: "/x/cli.ts", logDir: null };
    expect(write(wired(file!, () => true, tap) as Change)).toMatchObject({ backup: expect.any(String) });
    expect(me.text(name)).toContain('"tap"');
    expect(write(unwired(read() as ConfigFile, () => true) as Change)).toEqual({ backup: null });
    expect(me.text(name)).toBe(text);
  });

  test.each(Object.keys(samples))(
    "%s: what the user edits while it is wired stays, all else is as it was",
    (host) => {
      const [file, plain] = samples[host]!;
      const edit = (text: string) =>
        text.endsWith("}") || text.endsWith("}\n")
          ? text.replace("{", '{"mine": [1, 2], ')
          : `# mine\n${text}\n[mine]\nx = 1\n`;
      const me = home({ [file]: plain });
      me.run("wire", host, "--yes");
      writeFileSync(me.path(file), edit(me.text(file)));
      expect(me.run("unwire", host, "--yes").code).toBe(0);
      expect(me.text(file)).toBe(edit(plain));
    },
  );

  test("a server that was added, changed or taken away while others were wired is as the user wants it", () => {
    const server = (name: string) => ({ command: "npx", args: ["-y", name] });
    const before = { mcpServers: { a: server("a"), b: server("b") } };
    const me = home({ [desktop]: JSON.stringify(before, null, 2) });
    me.run("wire", "claude-desktop", "--yes");
    const { a } = JSON.parse(me.text(desktop)).mcpServers;
    const edited = { mcpServers: { a: { ...a, args: [...a.args, "--more"] }, c: server("c") } };
    writeFileSync(me.path(desktop), JSON.stringify(edited, null, 2));
    me.run("unwire", "claude-desktop", "--yes");
    const after = { mcpServers: { a: { command: "npx", args: ["-y", "a", "--more"] }, c: server("c") } };
    expect(me.text(desktop)).toBe(JSON.stringify(after, null, 2));
  });

  test("servers that are switched off stay so; every project of Claude Code's has its own", () => {
    const text = JSON.stringify({
      mcpServers: { off: { command: "x", disabled: true } },
      projects: Object.fromEntries(
        ["/p", "/q"].map((path) => [path, { mcpServers: { same: { command: path } } }]),
      ),
    });
    const me = home({ ".claude.json": text });
    const listed = me.run("wire").said;
    expect(listed).toContain("same (in /p): /p");
    expect(listed).toContain("same (in /q): /q");
    me.run("wire", "claude-code", "--yes");
    const { mcpServers, projects } = JSON.parse(me.text(".claude.json"));
    expect(mcpServers.off).toMatchObject({ disabled: true, args: expect.arrayContaining(["tap", "x"]) });
    for (const path of ["/p", "/q"])
      expect(projects[path].mcpServers.same.args.slice(-2)).toEqual(["--", path]);
    me.run("unwire", "claude-code", "--yes");
    expect(me.text(".claude.json")).toBe(text);
  });

  test("a file that may not be written is left alone, with the reason and nothing beside it", () => {
    const me = home({ [desktop]: commented });
    chmodSync(me.path(desktop), 0o444);
    const { code, said } = me.run("wire", "claude-desktop", "--yes");
    expect([code, said]).toEqual([1, expect.stringContaining("is read-only; left alone")]);
    expect(me.text(desktop)).toBe(commented);
    expect(readdirSync(dirname(me.path(desktop)))).toEqual(["claude_desktop_config.json"]);
  });

  test("a file that was changed while a person thought about it is left alone", () => {
    const me = home({ [desktop]: commented });
    const host = hosts.find(({ id }) => id === "claude-desktop")!;
    const file = readFile(me.path(desktop), host) as ConfigFile;
    const change = wired(file, () => true, { runtime: "/bun", cli: "/cli.ts", logDir: null }) as Change;
    writeFileSync(me.path(desktop), commented.replace("dark", "light"));
    expect(write(change)).toContain("was changed just now; left alone");
    expect(me.text(desktop)).toBe(commented.replace("dark", "light"));
  });

  test("a link stays a link, and a file keeps its mode", () => {
    const me = home({ "dotfiles/mcp.json": samples["cursor"]![1], ".cursor/x": "" });
    symlinkSync(me.path("dotfiles/mcp.json"), me.path(".cursor/mcp.json"));
    chmodSync(me.path("dotfiles/mcp.json"), 0o600);
    me.run("wire", "cursor", "--yes");
    expect(lstatSync(me.path(".cursor/mcp.json")).isSymbolicLink()).toBe(true);
    expect(statSync(me.path("dotfiles/mcp.json")).mode & 0o777).toBe(0o600);
    expect(me.text("dotfiles/mcp.json")).toContain("tap");
  });

  test.each([
    ["claude-desktop", desktop, '{"mcpServers": {"a": {"command": "x" "args": []}}}'],
    ["codex", ".codex/config.toml", "[mcp_servers.a\ncommand = 1"],
    ["codex", ".codex/config.toml", 'mcp_servers.a = { command = "x", args = [] }\n'],
    [
      "codex",
      ".codex/config.toml",
      '[mcp_servers.a]\ncommand = """x"""\nargs = []\n[other]\ny = """\n[mcp_servers.a]\n"""\n',
    ],
  ])("%s: what cannot be changed safely is left alone, with a reason (%#)", (host, file, text) => {
    const me = home({ [file]: text });
    const { code, said } = me.run("wire", host, "--yes");
    const after = me.text(file);
    if (after === text) expect([code, said]).toEqual([1, expect.stringContaining("left alone")]);
    else expect(Bun.TOML.parse(after)).toMatchObject({ other: { y: "[mcp_servers.a]\n" } });
  });

  test("files of the folder we stand in are changed only when asked for", () => {
    const me = home({ "work/.cursor/mcp.json": samples["cursor"]![1] });
    expect(me.run("wire", "cursor", "--yes").said).not.toContain("recorded;");
    expect(me.text("work/.cursor/mcp.json")).toBe(samples["cursor"]![1]);
    expect(me.run("wire", "cursor", "--project", "--yes")).toMatchObject({ code: 0 });
    expect(me.text("work/.cursor/mcp.json")).toContain("tap");
  });

  test("a host or a server that is not there is an error that says so", () => {
    const me = home({ [desktop]: commented });
    expect(me.run("wire", "nohost").said).toContain("there is no host nohost");
    expect(me.run("wire", "claude-desktop", "nope", "--yes")).toMatchObject({
      code: 1,
      said: expect.stringContaining("no server called nope"),
    });
    expect(me.run("wire", "zed", "--yes")).toMatchObject({ code: 1 });
    expect(existsSync(me.path(".config/zed"))).toBe(false);
  });
});

const word = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom("-y", "--", "[x]", "#", "//", "'", '"', "tap"),
);
const command = fc.tuple(
  word.filter((each) => each !== ""),
  fc.array(word, { maxLength: 4 }),
);
const tap = { runtime: "/usr/bin/bun", cli: "/x/src/cli.ts", logDir: null };

test.each([
  [
    "JSON",
    jsonc,
    (file: string, args: string[]) =>
      JSON.stringify({ m: { s: { command: file, args, z: 1 } }, y: [{}] }, null, 1),
  ],
  [
    "TOML",
    toml,
    (file: string, args: string[]) =>
      `[m.s]\ncommand = ${JSON.stringify(file)}\nargs = ${JSON.stringify(args)}\nz = 1\n[y]\n`,
  ],
] as [string, Format, (file: string, args: string[]) => string][])(
  "%s: in and out again is the same text",
  (_, format, print) => {
    fc.assert(
      fc.property(command, ([file, args]) => {
        const text = print(file, args);
        const [entry] = format.read(text, [["m", "*"]]) as Exclude<ReturnType<Format["read"]>, string>;
        const put = format.change(text, [{ entry: entry!, command: withTap(entry!, tap) }]);
        const [now] = format.read(put.text, [["m", "*"]]) as Exclude<ReturnType<Format["read"]>, string>;
        expect(withoutTap(now!.command)).toEqual([file, ...args]);
        const back = [{ entry: now!, command: withoutTap(now!.command) }];
        expect(format.change(put.text, back)).toEqual({ text, left: [] });
      }),
    );
  },
);

test("a difference shows what goes and what comes, and where", () => {
  const lines = Array.from({ length: 20 }, (_, n) => `line ${n}`);
  const after = lines.toSpliced(10, 1, "new a", "new b");
  expect(difference(lines.join("\n"), after.join("\n"))).toBe(
    ["  line 8", "  line 9", "- line 10", "+ new a", "+ new b", "  line 11", "  line 12", "  …"].join("\n"),
  );
});

describe("what cannot be recorded is told, and stops nothing else", () => {
  const cursor = ".cursor/mcp.json";
  const servers = (text: string) => JSON.parse(text).mcpServers;

  test("a command in one text is left alone; a path with a space is none", () => {
    const me = home({ "my tool/run me": "" });
    const path = me.path("my tool/run me");
    writeFileSync(
      me.path("mcp.json"),
      JSON.stringify({ mcpServers: { one: { command: "uvx some-server --x" }, two: { command: path } } }),
    );
    const { code, said } = me.run("wire", "--file", me.path("mcp.json"), "--yes");
    expect([code, said]).toEqual([1, expect.stringContaining("one is left alone: its command is one text")]);
    const { one, two } = servers(me.text("mcp.json"));
    expect([one, two.args.at(-1)]).toEqual([{ command: "uvx some-server --x" }, path]);
  });

  test("numbers among the arguments stay numbers; other things are told", () => {
    const text = `{"mcpServers":{"n":{"command":"node","args":["s.js","--port",8080,true]},"o":{"command":"x","args":"-y"},"p":{"command":"x","args":[{}]},"q":{"note":1}}}`;
    const me = home({ [cursor]: text });
    const list = me.run("wire").said;
    expect(["n", "o", "p", "q"].filter((name) => !list.includes(`  ${name}: `))).toEqual([]);
    const { code, said } = me.run("wire", "cursor", "--yes");
    expect(code).toBe(1);
    for (const name of ["o", "p", "q"]) expect(said).toContain(`${name} is left alone: it`);
    expect(servers(me.text(cursor)).n.args.slice(-5)).toEqual(["node", "s.js", "--port", 8080, true]);
    me.run("unwire", "cursor", "--yes");
    expect(me.text(cursor)).toBe(text);
  });

  test("a file that cannot be read says so, and the others are listed", () => {
    const me = home({ ".gemini/settings.json/x": "", [cursor]: '{"mcpServers":{"a":{"command":"x"}}}' });
    const { said } = me.run("wire");
    expect(said).toContain("(it is a folder); left alone");
    expect(said).toContain("  a: x\n");
  });

  test("a server over HTTP that is named says what to do instead", () => {
    const me = home({ [cursor]: '{"mcpServers":{"h":{"url":"https://example.com/mcp"}}}' });
    expect(me.run("wire", "cursor", "h", "--yes")).toEqual({
      code: 1,
      said: expect.stringContaining("--mcp h=URL"),
    });
  });
});

test("a tap whose project or runtime is gone is no record, and is written anew", () => {
  const text = '{"mcpServers":{"a":{"command":"npx","args":["-y","a"]}}}';
  const me = home({ ".qwen/settings.json": text });
  me.run("wire", "qwen", "--yes");
  const wiredText = me.text(".qwen/settings.json");
  for (const [here, gone] of [
    [cli, "/gone/src/cli.ts"],
    [process.execPath, "/gone/bin/bun"],
  ] as const) {
    writeFileSync(me.path(".qwen/settings.json"), wiredText.replace(here, gone));
    expect(me.run("wire").said).toContain(`[its recorder is gone: ${gone};`);
    expect(me.run("wire", "qwen", "--yes").code).toBe(0);
    expect(JSON.parse(me.text(".qwen/settings.json"))).toEqual(JSON.parse(wiredText));
  }
  me.run("unwire", "qwen", "--yes");
  expect(JSON.parse(me.text(".qwen/settings.json"))).toEqual(JSON.parse(text));
});

test("what a host has printed anew gives back what it was, arguments that were not there included", () => {
  const me = home({ ".copilot/mcp-config.json": '{"mcpServers": {"a": {"command": "x", "env": {}}}}' });
  me.run("wire", "copilot", "--yes");
  const file = me.path(".copilot/mcp-config.json");
  writeFileSync(file, `${JSON.stringify(JSON.parse(readFileSync(file, "utf8")), null, 4)}\n`);
  expect(me.run("unwire", "copilot", "--yes").code).toBe(0);
  const plain = { mcpServers: { a: { command: "x", env: {} } } };
  expect(readFileSync(file, "utf8")).toBe(`${JSON.stringify(plain, null, 4)}\n`);
});

test("Goose's servers are recorded, in lists of lines and in brackets, and given back as they were", () => {
  const text = `GOOSE_MODEL: some # model
extensions:
  developer:
    type: builtin
    enabled: true
  files:
    type: stdio
    cmd: npx # the launcher
    args:
      - -y
      - "server files"
    enabled: true
  'in brackets':
    args: [-y, x]
    cmd: "uvx"
  bare:
    cmd: bare
  far:
    type: streamable_http
    uri: https://example.com/mcp
`;
  const me = home({ ".config/goose/config.yaml": text });
  expect(me.run("wire").said).not.toContain("developer:");
  expect(me.run("wire", "goose", "--yes").code).toBe(0);
  type Extensions = Record<string, { cmd: string; args: string[] }>;
  const { extensions } = Bun.YAML.parse(me.text(".config/goose/config.yaml")) as { extensions: Extensions };
  const own = ["files", "in brackets", "bare"].map((name) => {
    const { cmd = "", args = [] } = extensions[name] ?? {};
    return [cmd === process.execPath, ...args.slice(args.indexOf("--") + 1)];
  });
  expect(own).toEqual([
    [true, "npx", "-y", "server files"],
    [true, "uvx", "-y", "x"],
    [true, "bare"],
  ]);
  writeFileSync(me.path(".config/goose/config.yaml"), `${me.text(".config/goose/config.yaml")}MORE: 1\n`);
  expect(me.run("unwire", "goose", "--yes").code).toBe(0);
  const now = Bun.YAML.parse(me.text(".config/goose/config.yaml")) as { extensions: Extensions };
  expect(now.extensions["files"]).toEqual(
    (Bun.YAML.parse(text) as { extensions: Extensions }).extensions["files"]!,
  );
  expect([now.extensions["in brackets"]?.cmd, now.extensions["bare"]?.cmd]).toEqual(["uvx", "bare"]);
});

test("Codex's servers that are written as values are recorded too, and what cannot be stops no other", () => {
  const text = `[mcp_servers]
b = { command = "npx", args = ["b", "x = {"], env = { A = "}" } } # one line
c = { command = "only" }
d.command = "dotted"

[mcp_servers.a]
command = "npx"
args = ["a", 3]
`;
  const me = home({ ".codex/config.toml": text });
  const { code, said } = me.run("wire", "codex", "--yes");
  expect([code, said]).toEqual([1, expect.stringContaining("d is left alone")]);
  const now = Bun.TOML.parse(me.text(".codex/config.toml")) as {
    mcp_servers: Record<string, { args?: unknown[] }>;
  };
  const { a, b, c, d } = now.mcp_servers;
  expect([a, b, c].map((it) => it?.args?.slice(it.args.indexOf("--") + 1))).toEqual([
    ["npx", "a", 3],
    ["npx", "b", "x = {"],
    ["only"],
  ]);
  expect(d?.args).toBeUndefined();
  me.run("unwire", "codex", "--yes");
  expect(me.text(".codex/config.toml")).toBe(text);
});

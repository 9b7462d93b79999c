/** Configuration files as people and hosts write them: what can be recorded is, all else is left and told, and the way back is exact. */
import { afterAll, expect, test } from "bun:test";
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withoutTap } from "./entry.ts";
import { readFile, unwired, wired, write } from "./file.ts";
import { hostOfFile } from "./hosts.ts";

const scratch = mkdtempSync(join(tmpdir(), "odd-files-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const TAP = { runtime: "/bun", cli: "/src/cli.ts", logDir: null };

type Odd = [what: string, name: string, text: string, recorded: Record<string, string[]>];

const json = (value: unknown) => JSON.stringify(value, null, 2);
const one = { mcpServers: { a: { command: "npx", args: ["-y", "a"] } } };
const a = { a: ["npx", "-y", "a"] };

const files: Odd[] = [
  [
    "comments and trailing commas",
    "a.json",
    '// top\n{ "mcpServers": { "a": { "command": "npx", // x\n "args": ["-y", "a", ], }, }, }',
    a,
  ],
  ["a byte order mark", "a.json", `\ufeff${json(one)}`, a],
  ["CR LF", "a.json", json(one).replaceAll("\n", "\r\n"), a],
  ["tabs", "a.json", JSON.stringify(one, null, "\t"), a],
  ["nothing in it", "a.json", "", {}],
  ["only spaces", "a.json", " \n\n", {}],
  ["a list", "a.json", "[]", {}],
  ["no value for the servers", "a.json", '{"mcpServers":null}', {}],
  [
    "two lists of servers",
    "a.json",
    '{"mcpServers":{"b":{"command":"x"}},"mcpServers":{"a":{"command":"y"}}}',
    { a: ["y"] },
  ],
  [
    "a server twice",
    "a.json",
    '{"mcpServers":{"a":{"command":"x"},"a":{"command":"y","args":["1"]}}}',
    { a: ["y", "1"] },
  ],
  [
    "a command twice",
    "a.json",
    '{"mcpServers":{"a":{"command":"x","command":"y","args":["1"],"args":["2"]}}}',
    { a: ["y", "2"] },
  ],
  [
    "a list in the arguments",
    "a.json",
    '{"mcpServers":{"z":{"command":"x","args":["1",["2"]]},"a":{"command":"y"}}}',
    { a: ["y"] },
  ],
  [
    "arguments that are an object",
    "a.json",
    '{"mcpServers":{"z":{"command":"x","args":{}},"a":{"command":"y"}}}',
    { a: ["y"] },
  ],
  [
    "null among the arguments",
    "a.json",
    '{"mcpServers":{"z":{"command":"x","args":[null]},"a":{"command":"y"}}}',
    { a: ["y"] },
  ],
  [
    "a comment for arguments",
    "a.json",
    '{"mcpServers":{"a":{"command":"y","args":[/* none */]}}}',
    { a: ["y"] },
  ],
  [
    "numbers and words of JSON",
    "a.json",
    '{"mcpServers":{"a":{"command":"y","args":["-p",8080,true]}}}',
    { a: ["y", "-p", "8080", "true"] },
  ],
  [
    "names in all alphabets",
    "a.json",
    '{"mcpServers":{"w\\u00e9ther 天气 \\"q\\"":{"command":"\\u006epx","args":["\\ud83d\\ude00"]}}}',
    { 'wéther 天气 "q"': ["npx", "😀"] },
  ],
  [
    "names of an object's own",
    "a.json",
    '{"mcpServers":{"__proto__":{"command":"x"},"constructor":{"command":"y"}}}',
    { ["__proto__"]: ["x"], constructor: ["y"] },
  ],
  ["names like options", "a.json", '{"mcpServers":{"--name":{"command":"x"}}}', { "--name": ["x"] }],
  [
    "a server that is switched off, with a key",
    "a.json",
    json({ mcpServers: { a: { command: "x", env: { K: "secret" }, disabled: true } } }),
    { a: ["x"] },
  ],
  [
    "a path of Windows",
    "a.json",
    json({ mcpServers: { a: { command: "C:\\node\\npx.cmd", args: ["C:\\x y"] } } }),
    { a: ["C:\\node\\npx.cmd", "C:\\x y"] },
  ],
  [
    "a command that is not one program",
    "a.json",
    '{"mcpServers":{"z":{"command":"npx -y z"},"a":{"command":"./y"}}}',
    { a: ["./y"] },
  ],
  [
    "no program",
    "a.json",
    '{"mcpServers":{"z":{"command":""},"y":{"command":7},"a":{"command":"x"}}}',
    { a: ["x"] },
  ],
  [
    "a program in a list",
    "a.json",
    '{"mcp":{"a":{"command":["npx","-y"]},"z":{"command":[]}}}',
    { a: ["npx", "-y"] },
  ],
  ["a server called servers", "a.json", '{"mcp":{"servers":{"command":["x"]}}}', { servers: ["x"] }],
  [
    "a deep value beside it",
    "a.json",
    `{"x":${"[".repeat(5000)}${"]".repeat(5000)},"mcpServers":{"a":{"command":"x"}}}`,
    { a: ["x"] },
  ],
  ["Amp's key", "a.json", '{"amp.mcpServers":{"a":{"command":"x"}}}', { a: ["x"] }],
  [
    "lists of tables",
    "a.toml",
    '[[t]]\nname = "x"\n[mcp_servers.a]\ncommand = "npx"\n\n[[hooks]]\ncommand = "no"\nargs = ["z"]\n',
    { a: ["npx"] },
  ],
  [
    "keys with dots",
    "a.toml",
    'mcp_servers.z.command = "npx"\n\n[mcp_servers.a]\ncommand = "y"\n',
    { a: ["y"] },
  ],
  [
    "texts of many lines",
    "a.toml",
    'note = """\n[mcp_servers.fake]\ncommand = "x"\n"""\n[mcp_servers.a]\ncommand = \'\'\'npx\'\'\'\nargs = ["""-y""",\n  \'a\', # ]\n]\n',
    a,
  ],
  ["names in quotes", "a.toml", '[ mcp_servers . "a b.c" ] # hi\ncommand="x"\nargs=[]\n', { "a b.c": ["x"] }],
  [
    "tables between braces",
    "a.toml",
    '[mcp_servers]\na = { command = "npx", args = ["x, }", "]"], env = { "A" = "1,2" } }\n',
    { a: ["npx", "x, }", "]"] },
  ],
  ["TOML with CR LF and no last line end", "a.toml", '[mcp_servers.a]\r\ncommand = "npx"', { a: ["npx"] }],
  [
    "a list with its dashes at the left",
    "a.yaml",
    'mcpServers:\n- name: a\n  args: ["1", 2]\n  command: uvx # why uvx\n\n- name: z\n  url: https://h/sse\nrules:\n- one\n',
    { a: ["uvx", "1", "2"] },
  ],
  [
    "a list that is indented",
    "a.yaml",
    "name: x\nmcpServers:\n  - name: a\n    command: npx\n    args:\n      - -y\n      - a\n  - command: uvx\n    name: b\n",
    { ...a, b: ["uvx"] },
  ],
  [
    "YAML with CR LF",
    "a.yaml",
    "extensions:\r\n  a:\r\n    cmd: npx\r\n    args:\r\n    - -y\r\n    - a\r\n",
    a,
  ],
  [
    "a word that is key, command and comment",
    "a.yaml",
    "extensions:\n  cmd:\n    cmd: cmd # cmd\n    args: [cmd]\n",
    { cmd: ["cmd", "cmd"] },
  ],
  ["aliases", "a.yaml", "base: &b\n  cmd: npx\nextensions:\n  z: *b\n  a:\n    cmd: y\n", { a: ["y"] }],
  ["everything in braces", "a.yaml", "extensions: {z: {cmd: npx, args: [x]}}\n", {}],
];

test.each(files)("%s (%s)", (_, name, text, recorded) => {
  const path = join(mkdtempSync(join(scratch, "f-")), name);
  writeFileSync(path, text);
  const host = hostOfFile(path);
  const read = () => {
    const file = readFile(path, host);
    if (file === null || typeof file === "string") throw new Error(String(file));
    return file;
  };
  const change = wired(read(), () => true, TAP);
  if (change !== null && typeof change !== "string") expect(write(change)).toMatchObject({});
  const taps = read().entries.filter(({ command }) => command.includes("tap"));
  expect(taps.map(({ name: called, command }) => [called, withoutTap(command)])).toEqual(
    Object.entries(recorded),
  );
  const back = unwired(read(), () => true);
  if (back !== null && typeof back !== "string") write(back);
  expect(readFileSync(path, "utf8")).toBe(text);
  expect(readdirSync(join(path, ".."))).toEqual([name]);
});

test.each([
  ["single quotes", "a.json", "{'mcpServers':{}}"],
  ["an end that is missing", "a.json", '{"mcpServers":{"a":{"command":"x"'],
  ["something behind the end", "a.json", "{} }"],
  ["UTF-16", "a.json", Buffer.from('\ufeff{"mcpServers":{}}', "utf16le")],
  ["bytes that are no text", "a.json", Buffer.from([123, 34, 255, 34, 125])],
  ["broken TOML", "a.toml", "[mcp_servers.a\n"],
  ["broken YAML", "a.yaml", "extensions:\n  a: [\n"],
])("%s (%s) is told, and left alone", (_, name, text) => {
  const path = join(mkdtempSync(join(scratch, "f-")), name);
  writeFileSync(path, text);
  expect(readFile(path, hostOfFile(path))).toMatch(/left alone$/);
});

test("servers in a list are told, and left alone", () => {
  const path = join(mkdtempSync(join(scratch, "f-")), "a.json");
  writeFileSync(path, '{"mcpServers":[{"name":"a","command":"x"},{"url":"http://h"},"b",{"title":"c"}]}');
  const file = readFile(path, hostOfFile(path));
  if (file === null || typeof file === "string") throw new Error(String(file));
  expect(file.entries.map(({ name, stuck }) => [name, stuck])).toEqual([
    ["a", "it stands in a list"],
    ["1", "it stands in a list"],
  ]);
  expect(wired(file, () => true, TAP)).toBeNull();
});

test("a link stays one, and a file that may not be written is left alone", () => {
  const folder = mkdtempSync(join(scratch, "f-"));
  const [real, link] = [join(folder, "real.json"), join(folder, "link.json")];
  writeFileSync(real, json(one));
  symlinkSync(real, link);
  const change = wired(readFile(link, hostOfFile(link)) as never, () => true, TAP);
  if (change === null || typeof change === "string") throw new Error("not changed");
  chmodSync(real, 0o444);
  expect(write(change)).toMatch(/is read-only; left alone$/);
  chmodSync(real, 0o644);
  expect(write(change)).toMatchObject({ backup: expect.any(String) });
  expect([lstatSync(link).isSymbolicLink(), readFileSync(real, "utf8").includes('"tap"')]).toEqual([
    true,
    true,
  ]);
});

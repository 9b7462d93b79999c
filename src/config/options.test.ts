import { readConfig } from "../config.ts";
import { expect, test } from "bun:test";
import { UsageError, readOptions, valueOf } from "./options.ts";

const known = [
  { flag: "--name", value: "NAME" },
  { flag: "--yes", short: "-y", value: "" },
];

test("options stand before, between and behind names, with = or a space", () => {
  const said = readOptions(["one", "--name=a=b", "-y", "two", "--name", "c"], known);
  expect(said).toEqual({
    options: [
      ["--name", "a=b"],
      ["--yes", "1"],
      ["--name", "c"],
    ],
    names: ["one", "two"],
    command: [],
  });
  expect([valueOf(said, "--name"), valueOf(said, "--yes"), valueOf(said, "--no")]).toEqual([
    "c",
    "1",
    undefined,
  ]);
});

test("what follows -- or the first other word is another program's own", () => {
  expect(readOptions(["-y", "--", "npx", "-y"], known, "follows").command).toEqual(["npx", "-y"]);
  expect(readOptions(["--name", "x", "npx", "--name"], known, "follows").command).toEqual(["npx", "--name"]);
});

test("a mistake says what and what to do", () => {
  const sayings: [string[], string][] = [
    [["--nmae", "x"], "unknown option --nmae; `bun run help` lists them"],
    [["--name"], "--name needs a value: --name NAME"],
    [["--name="], "--name needs a value: --name NAME"],
  ];
  for (const [words, sentence] of sayings)
    expect(() => readOptions(words, known)).toThrow(new UsageError(sentence));
});

test("an address keeps its commas; one that separates stands before the next name and its address", () => {
  const settings = (value: string) => readConfig(["--mcp", value], {}).mcpServers;
  expect(settings("a=https://h/mcp?tools=x,y&u=1,b,c")).toEqual({ a: "https://h/mcp?tools=x,y&u=1,b,c" });
  expect(settings("a=https://h/?x=1,2, b=http://g/,")).toEqual({ a: "https://h/?x=1,2", b: "http://g/" });
  const both = readConfig([], { MCP_SERVERS: "a=http://h/?f=x,y,b=http://g/" }).mcpServers;
  expect(both).toEqual({ a: "http://h/?f=x,y", b: "http://g/" });
});

test("spaces and lines separate named addresses too", () => {
  const wanted = { one: "https://h/?tools=x,y", two: "http://u:p@g/", three: "http://i/" };
  for (const between of [" ", "\n", ", ", " ,\n  "]) {
    const said = Object.entries(wanted).map(([name, url]) => `${name}=${url}`);
    expect(readConfig([], { MCP_SERVERS: said.join(between) }).mcpServers).toEqual(wanted);
  }
  const { upstreams } = readConfig([], { UPSTREAMS: "one=http://h/a\ttwo=http://g/b" });
  expect(upstreams).toEqual({ one: "http://h/a", two: "http://g/b" });
});

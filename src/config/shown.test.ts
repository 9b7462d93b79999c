import { expect, test } from "bun:test";
import { readConfig } from "../config.ts";
import { ConfigError } from "./options.ts";

const PASSWORD = "pa55-w0rd";

test.each([
  ["--upstream", `x=ftp://me:${PASSWORD}@h/p`],
  ["--upstream", `x=//me:${PASSWORD}@h`],
  ["--upstream", `x=me:${PASSWORD}@h`],
  ["--upstream", `x=https:/me:${PASSWORD}@h`],
  ["--upstream", `x=ftp://me:a@${PASSWORD}@h`],
  ["--upstream", `x=https://h/?key=${PASSWORD}`],
  ["--upstream", `ftp://me:${PASSWORD}@h`],
  ["--upstream", `=https://me:${PASSWORD}@h`],
  ["--upstream", `X Y=https://me:${PASSWORD}@h`],
  ["--mcp", `x=ws://me:${PASSWORD}@h`],
  ["--mcp", `x=h/mcp?api_key=${PASSWORD}`],
  ["--mcp", `../x=https://me:${PASSWORD}@h`],
  ["--target-url", `ftp://me:${PASSWORD}@h`],
  ["--target-url", `//me:${PASSWORD}@h`],
  ["--target-url", `me:${PASSWORD}@h`],
  ["--allow-origin", `me:${PASSWORD}@h`],
  ["--token", PASSWORD.slice(0, 7)],
  [`https://me:${PASSWORD}@h`, ""],
])("a wrong setting is told without the password in it: %s %s", (flag, value) => {
  const args = value === "" ? [flag] : [flag, value];
  try {
    readConfig(args, {});
    throw new Error("it was taken");
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).not.toContain(PASSWORD.slice(0, 7));
  }
});

test("what is wrong in an address without a password is seen", () => {
  expect(() => readConfig(["--upstream", "x=ftp://h/path"], {})).toThrow('not "ftp://h/path"');
  expect(() => readConfig(["--target-url", "ftp://me:pw@h/path"], {})).toThrow('not "ftp://…@h/path"');
});

/** What a host starts in a folder of a stranger's runs none of that folder's code and obeys none of its settings. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { withTap } from "../src/commands/wire/entry.ts";
import { cli, newFolder, root } from "./program.ts";

let folder = "";
let logDir = "";
beforeAll(async () => {
  [folder, logDir] = [await newFolder(), await newFolder()];
  fs.writeFileSync(
    join(folder, "first.ts"),
    `require("fs").appendFileSync("${folder}/ran", "x");console.log("ran")`,
  );
  fs.writeFileSync(join(folder, "bunfig.toml"), 'preload = ["./first.ts", "./not-there.ts"]\n');
  const settings = { LOG_DIR: join(folder, "elsewhere"), LOG_SECRETS: "1", WEATHER_PROVIDER: "nobody" };
  const lines = Object.entries({
    ...settings,
    OPENAI_BASE_URL: "http://evil",
    UPSTREAMS: "openai=http://evil",
  });
  fs.writeFileSync(join(folder, ".env"), lines.map(([name, value]) => `${name}=${value}\n`).join(""));
});
afterAll(() => {
  for (const one of [folder, logDir]) fs.rmSync(one, { recursive: true });
});

const LINE = '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"password":"not-to-be-seen-1234"}}\n';

/** What it says for one line, in that folder. */
async function say(command: readonly string[], env: Record<string, string> = {}) {
  const child = Bun.spawn([...command], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", HOME: folder, ...env },
    stdin: Buffer.from(LINE),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { stdout, stderr, code: await child.exited };
}

const records = (name: string) =>
  fs.readdirSync(join(logDir, name)).map((file) => fs.readFileSync(join(logDir, name, file), "utf8"));

test("a tap as `wire` and `run` write it", async () => {
  const entry = { name: "a", path: [], command: ["cat"], url: null };
  const words = withTap(entry, { runtime: process.execPath, cli, logDir });
  expect(await say(words)).toEqual({ stdout: LINE, stderr: "", code: 0 });
  expect(fs.existsSync(join(folder, "ran"))).toBe(false);
  expect(records("mcp_a").join("")).not.toContain("not-to-be-seen");
});

test("the weather server as the README writes it", async () => {
  const alone = [`--config=${join(root, "src/bunfig.toml")}`, "--no-env-file"];
  const words = [process.execPath, ...alone, join(root, "src/mcp/weather.ts")];
  const { stdout } = await say(words, { LOG_DIR: logDir, WEATHER_PROVIDER: "sample" });
  expect(stdout).toStartWith("{");
  expect(fs.existsSync(join(folder, "ran"))).toBe(false);
  expect(records("mcp_weather").join("")).not.toContain("not-to-be-seen");
});

test.skipIf(process.platform !== "linux")(
  "a `.env` there moves and unmasks no record, however we are started",
  async () => {
    fs.renameSync(join(folder, "bunfig.toml"), join(folder, "bunfig.aside"));
    const env = { LOG_DIR: logDir };
    await say([process.execPath, cli, "tap", "--name", "b", "--", "cat"], env);
    await say([process.execPath, join(root, "src/mcp/weather.ts"), "--provider", "sample"], env);
    expect(fs.existsSync(join(folder, "elsewhere"))).toBe(false);
    expect([...records("mcp_b"), ...records("mcp_weather")].join("")).not.toContain("not-to-be-seen");
    const script = "console.log(process.env.OPENAI_BASE_URL)";
    const agent = [
      "run",
      "--port",
      "0",
      "--web-port",
      "0",
      "--log-dir",
      logDir,
      "--",
      process.execPath,
      "--no-env-file",
      "-e",
      script,
    ];
    const { stdout } = await say([process.execPath, cli, ...agent]);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/(?:@run:[\w-]+\/)?@openai\/v1\n$/);
  },
);

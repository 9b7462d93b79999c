/** Which word counts where a setting is said more than once. */
import { expect, test } from "bun:test";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig, type Config } from "../config.ts";
import { projectRoot } from "./environment.ts";
import { SETTINGS } from "./settings.ts";

/** Two values of each setting that are not its default. */
const VALUES: Partial<Record<keyof Config, [string, string]>> = {
  targetUrl: ["https://one.example/v1", "https://two.example/v1"],
  port: ["18001", "18002"],
  webPort: ["18001", "18002"],
  host: ["127.0.0.2", "127.0.0.3"],
  logDir: ["/one", "/two"],
  bodyLimit: ["1MB", "2MB"],
  maxAgeMs: ["1d", "2d"],
  maxBytes: ["1GB", "2GB"],
  maxCount: ["1", "2"],
  packAfterMs: ["1h", "2h"],
  token: ["one-token-of-mine", "two-token-of-mine"],
  otlpUrl: ["http://127.0.0.1:1", "http://127.0.0.1:2"],
  otlpProtocol: ["http/json", "http/protobuf"],
  pageUrl: ["http://one.example", "http://two.example"],
  semconv: ["1.41", "0.1"],
  project: ["one", "two"],
  user: ["one", "two"],
  recorderName: ["one", "two"],
  afterShipping: ["drop", "keep"],
};

const single = SETTINGS.filter(({ key }) => VALUES[key]);

test.each(single.map((setting) => [setting.flag, setting] as const))(
  "%s is stronger than its variable, and its variable than the default",
  (flag, { key, variables }) => {
    const [one, two] = VALUES[key]!;
    const usual = readConfig([], {})[key];
    const said = readConfig([], { [variables[0]!]: one })[key];
    const flagged = readConfig([flag, two], { [variables[0]!]: one })[key];
    expect(said).not.toEqual(usual);
    expect(flagged).toEqual(readConfig([flag, two], {})[key]);
    expect(flagged).not.toEqual(said);
  },
);

test("a variable of the shell is stronger than its line in the project's .env, a flag than both", async () => {
  const project = await mkdtemp(join(tmpdir(), "mcp-proxy-logger-"));
  try {
    for (const part of ["src/config.ts", "src/config", "src/fact", "package.json"])
      await cp(join(projectRoot, part), join(project, part), { recursive: true });
    await symlink(join(projectRoot, "node_modules"), join(project, "node_modules"));
    await writeFile(join(project, ".env"), "PROXY_PORT=18001\nWEB_PORT=18002\n");
    const script = `const { readConfig } = await import("${project}/src/config.ts");
      const of = ({ port, webPort }) => [port, webPort];
      console.log(JSON.stringify([of(readConfig()), of(readConfig(["--port", "18004"]))]));`;
    const asked = Bun.spawn([process.execPath, "--no-env-file", "-e", script], {
      cwd: tmpdir(),
      env: { PATH: process.env["PATH"] ?? "", WEB_PORT: "18003" },
    });
    expect(await new Response(asked.stdout).json()).toEqual([
      [18001, 18003],
      [18004, 18003],
    ]);
  } finally {
    await rm(project, { recursive: true, force: true });
  }
});

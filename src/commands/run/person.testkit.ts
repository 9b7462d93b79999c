/** Somebody with a home, settings and agents of their own, who runs `run`. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const cli = join(import.meta.dir, "..", "..", "cli.ts");
const scratch = mkdtempSync(join(tmpdir(), "run-"));
// Several files of tests have homes here: what one of them has finished with, another may be about to use.
process.on("exit", () => rmSync(scratch, { recursive: true, force: true, maxRetries: 10 }));

/** An agent that tells what it was given, and then does what the test wants. */
const AGENT = `#!/bin/sh
{ echo "pid=$$"; for word in "$@"; do echo "arg=$word"; done; env; } > "$REPORT.part" && mv "$REPORT.part" "$REPORT"
[ "$1" = --mcp-config ] && cp "$2" "$REPORT.mcp"
eval "$THEN"
`;

/** `programs`: what an agent of this name does, in JavaScript; the others tell what they were given. */
export function person(files: Record<string, string> = {}, programs: Record<string, string> = {}) {
  const home = mkdtempSync(join(scratch, "home-"));
  const cwd = join(home, "work");
  const bin = join(home, "bin");
  mkdirSync(bin);
  mkdirSync(cwd);
  mkdirSync(join(home, "tmp"));
  for (const name of ["claude", "codex", "gemini", "opencode", "agent"]) {
    writeFileSync(join(bin, name), AGENT);
    chmodSync(join(bin, name), 0o755);
  }
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!${process.execPath}\n${text}`);
    chmodSync(join(bin, name), 0o755);
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text.replaceAll("CWD", cwd));
  }
  const report = join(home, "report");
  const logDir = join(home, "logs");
  return {
    home,
    logDir,
    run(words: string[], env: Record<string, string> = {}, options: string[] = []) {
      const settings = ["--port", "0", "--web-port", "0", "--log-dir", logDir];
      return Bun.spawn([process.execPath, cli, "run", ...settings, ...options, "--", ...words], {
        cwd,
        env: {
          PATH: `${bin}:${process.env["PATH"]}`,
          HOME: home,
          TMPDIR: join(home, "tmp"),
          REPORT: report,
          ...env,
        },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      });
    },
    async report() {
      while (!existsSync(report)) await Bun.sleep(10);
      const lines = readFileSync(report, "utf8").trim().split("\n");
      const values = (key: string) =>
        lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
      return { args: values("arg"), value: (key: string) => values(key)[0] };
    },
    servers: () =>
      JSON.parse(readFileSync(`${report}.mcp`, "utf8")).mcpServers as Record<
        string,
        { command: string; args: string[] }
      >,
    left: () => readdirSync(join(home, "tmp")),
  };
}

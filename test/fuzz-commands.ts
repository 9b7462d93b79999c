/** Doors of the commands: what a host and a server say through a tap, and the configuration files that `wire` changes. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { altered, odd } from "./altered.ts";
import type { Door } from "./fuzzing.ts";
import { cli, newFolder } from "./program.ts";

const bytes = fc.uint8Array({ maxLength: 4_000 });
const changes = fc.array(fc.tuple(fc.nat(), odd), { maxLength: 4 });

const CALL = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "x", arguments: {} },
});

/** A line of a pipe, or many. */
const lines = fc.oneof(
  changes.map((change) => `${altered(CALL, change)}\n`),
  fc.nat(200_000).map((deep) => `${"[".repeat(deep)}\n`),
  fc.nat(20_000).map((times) => "\n".repeat(times)),
  fc.nat(20_000).map((times) => "{}\n".repeat(times)),
  fc.constantFrom("sk- a.a.", "eyJ.eyJ.", '"api_key":"a",', "&key=a").map((unit) => unit.repeat(20_000)),
  fc.string().map((text) => `${text}\r\n`),
);
const said = fc
  .array(
    fc.oneof(
      lines.map((text) => Buffer.from(text)),
      bytes.map((some) => Buffer.from(some)),
    ),
    { maxLength: 5 },
  )
  .map((parts) => Buffer.concat(parts));

/** Where hosts keep theirs, and what such a file looks like. */
const FILES: readonly (readonly [name: string, text: string])[] = [
  [".config/Claude/claude_desktop_config.json", '{"mcpServers":{"a":{"command":"npx","args":["-y","x"]}}}'],
  [
    ".claude.json",
    '{"projects":{"/p":{"mcpServers":{"a":{"command":"x","env":{"K":"v"}}}}},"mcpServers":{}}',
  ],
  [".cursor/mcp.json", '{"mcpServers":{"a":{"url":"https://x/mcp"},"b":{"command":"b c"}}}'],
  [
    ".codex/config.toml",
    '[mcp_servers.a]\ncommand = "npx"\nargs = ["-y", "x"]\n[mcp_servers."b c"]\ncommand = \'x\'\n',
  ],
  [".config/goose/config.yaml", "extensions:\n  a:\n    type: stdio\n    cmd: npx\n    args:\n      - -y\n"],
];

export const commandDoors: readonly Door[] = [
  {
    name: "a tap's pipe",
    async send({ program }, seed) {
      const [whole = Buffer.alloc(0)] = fc.sample(said, { seed, numRuns: 1 });
      const words = ["tap", "--name", "fuzz", "--log-dir", program.logDir, "--", "cat"];
      const tap = Bun.spawn([process.execPath, cli, ...words], {
        env: { PATH: process.env["PATH"] ?? "", HOME: program.logDir },
        stdin: whole,
        stdout: "pipe",
        stderr: "pipe",
      });
      const [came, error] = await Promise.all([tap.stdout.bytes(), tap.stderr.text(), tap.exited]);
      if (Buffer.compare(came, whole) !== 0 || tap.exitCode !== 0)
        throw new Error(
          `${whole.byteLength} bytes became ${came.byteLength}, code ${tap.exitCode}: ${error}`,
        );
    },
  },
  {
    name: "config files of hosts",
    async send(_, seed) {
      const home = await newFolder();
      try {
        const files = fc.sample(fc.tuple(changes, fc.array(fc.nat(), { maxLength: 6 }), bytes), {
          seed,
          numRuns: FILES.length,
        });
        for (const [n, [name, text]] of FILES.entries()) {
          const [change, at, noise] = files[n]!;
          const own = name.endsWith(".json") && seed % 2 === 0 ? altered(text, change) : text;
          const whole = Buffer.from(own);
          if (seed % 3 === 1) for (const place of at) whole[place % whole.length] = (place * 7) % 256;
          mkdirSync(dirname(join(home, name)), { recursive: true });
          writeFileSync(join(home, name), seed % 5 === 4 ? noise : whole);
        }
        const before = textsIn(home);
        for (const words of [
          ["wire"],
          ["wire", "claude-code", "--yes"],
          ["wire", "codex", "--yes"],
          ["wire", "goose", "--yes"],
          ["unwire", "--yes"],
        ]) {
          const done = Bun.spawnSync([process.execPath, cli, ...words], {
            cwd: home,
            env: { PATH: process.env["PATH"] ?? "", HOME: home },
          });
          const told = `${done.stdout}${done.stderr}`;
          // A stack is what nobody has caught; an escape is a name that was printed as it stood.
          if (done.exitCode > 2 || /^ +at .*\.ts:\d/m.test(told) || told.includes("\u001b]"))
            throw new Error(`${words.join(" ")} ended with ${done.exitCode}: ${told.slice(-500)}`);
        }
        if (textsIn(home) !== before) throw new Error("a file is not what it was before wire and unwire");
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    },
  },
];

function textsIn(home: string): string {
  return FILES.map(([name]) => readFileSync(join(home, name), "base64")).join("\n");
}

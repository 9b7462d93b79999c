import { afterAll, describe, expect, test } from "bun:test";
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const cli = join(import.meta.dir, "..", "..", "cli.ts");
const scratch = mkdtempSync(join(tmpdir(), "tap-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 10 }));

let runs = 0;
type Options = {
  stdin?: Uint8Array | "pipe";
  env?: Record<string, string>;
  cwd?: string;
  logDir?: string;
  words?: string[];
};

/** Runs a command through the tap as a host would, with few variables. */
function tapped(
  command: string[],
  { stdin = "pipe", env = {}, cwd = scratch, words = [], ...rest }: Options = {},
) {
  const logDir = rest.logDir ?? join(scratch, `logs-${runs++}`);
  const child = Bun.spawn([process.execPath, cli, "tap", "--log-dir", logDir, ...words, "--", ...command], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdin,
    stdout: "pipe",
    stderr: "pipe",
  });
  return { child, stdin: child.stdin as Bun.FileSink, stdout: child.stdout.getReader(), logDir };
}

/** `stdout` is what was not read before, a character for a byte. */
async function outcome({ child, stdout }: ReturnType<typeof tapped>) {
  const [out, err] = await Promise.all([rest(stdout), child.stderr.text()]);
  await child.exited;
  return { stdout: out.toString("latin1"), stderr: err, code: child.exitCode, signal: child.signalCode };
}

async function rest(reader: { read(): Promise<{ done: boolean; value?: Uint8Array }> }): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let piece = await reader.read(); !piece.done; piece = await reader.read())
    pieces.push(piece.value ?? new Uint8Array());
  return Buffer.concat(pieces);
}

async function first({ stdout }: ReturnType<typeof tapped>): Promise<string> {
  return Buffer.from((await stdout.read()).value ?? []).toString("latin1");
}

type Line = Record<string, unknown>;
function recorded(logDir: string): Line[] {
  return readdirSync(logDir)
    .filter((name) => name.startsWith("mcp_"))
    .flatMap((folder) => readdirSync(join(logDir, folder)).map((name) => join(logDir, folder, name)))
    .flatMap((path) =>
      readFileSync(path, "utf8")
        .split("\n")
        .slice(0, -1) // after the last line end: nothing, or half a line that is being written
        .map((line) => JSON.parse(line) as Line),
    );
}

/** A server in a file of its own, so that no shell stands between. */
function script(source: string): string[] {
  const path = join(scratch, `server-${runs++}.ts`);
  writeFileSync(path, source);
  return [process.execPath, path];
}

const sha256 = (bytes: Uint8Array) => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    // A zombie is not alive: nobody has collected it yet.
    return process.platform !== "linux" || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};
const gone = async (pid: number) => {
  while (isAlive(pid)) await Bun.sleep(10);
};
describe("bytes", () => {
  test("a flood of tiny lines passes and is recorded to its last line", async () => {
    const flood = `for (let n = 0; n < 30; n++) await new Promise((next) => process.stdout.write("{}\\n".repeat(10_000), next));`;
    const run = tapped(script(flood));
    const { stdout, code } = await outcome(run);
    expect([stdout.length, code]).toEqual([900_000, 0]);
    const lines = recorded(run.logDir);
    expect(lines.filter(({ raw }) => raw === "{}")).toHaveLength(300_000);
    expect(lines.filter(({ event }) => event === "gap")).toEqual([]);
  }, 120_000);

  test("pass unchanged both ways: invalid UTF-8, NUL, CRLF, no final line end", async () => {
    const stdin = Buffer.from("a\0b\r\n\xff\xfe\n{}\n\n no end", "latin1");
    const run = tapped(["cat"], { stdin });
    const stdout = stdin.toString("latin1");
    expect(await outcome(run)).toEqual({ stdout, stderr: "", code: 0, signal: null });
    const lines = recorded(run.logDir).filter((line) => line["from"] === "server");
    expect(lines.map((line) => [line["raw"], line["eol"]])).toEqual([
      ["a\0b", "crlf"],
      ["//4=", undefined],
      ["{}", undefined],
      ["", undefined],
      [" no end", "none"],
    ]);
  });

  test("of one line of 100 MB all pass; the record keeps its beginning, length and hash", async () => {
    const line = Buffer.alloc(100 * 1024 * 1024, "x");
    line[line.length - 1] = 10;
    const run = tapped(["cat"], { stdin: line });
    const passed = await rest(run.stdout);
    expect([passed.byteLength, sha256(passed), await run.child.exited]).toEqual([
      line.byteLength,
      sha256(line),
      0,
    ]);
    const truncated = { bytes: line.byteLength - 1, sha256: sha256(line.subarray(0, -1)) };
    const kept = recorded(run.logDir).filter((each) => each["from"] === "server");
    expect(kept.map((each) => each["truncated"])).toEqual([truncated]);
  }, 30_000);

  test("of stderr pass and are recorded, apart from stdout", async () => {
    const run = tapped(["sh", "-c", "echo out; echo err >&2; printf 'half' >&2"]);
    expect(await outcome(run)).toMatchObject({ stdout: "out\n", stderr: "err\nhalf" });
    expect(recorded(run.logDir).flatMap((line) => line["text"] ?? [])).toEqual(["err", "half"]);
  });

  test("a message passes while its line is not finished", async () => {
    const run = tapped(["cat"]);
    run.stdin.write("half a li");
    await run.stdin.flush();
    expect(await first(run)).toBe("half a li");
    run.stdin.end();
    await run.child.exited;
  });
});

describe("back-pressure", () => {
  test("a host that does not read stops the server, and nothing is lost", async () => {
    const counter = join(scratch, `written-${runs++}`);
    const server = script(`
      import { writeFileSync } from "node:fs";
      const piece = Buffer.alloc(1 << 20, "y");
      let sent = 0;
      const more = () => {
        while (sent < 64) {
          sent++;
          writeFileSync(${JSON.stringify(counter)}, String(sent));
          if (!process.stdout.write(piece)) return void process.stdout.once("drain", more);
        }
      };
      more();
    `);
    const run = tapped(server);
    const begun = (await first(run)).length;
    // When it stands still, the tap and all pipes are full: far below what it has to say.
    let before = -1;
    for (let now = 0; now !== before;) {
      before = now;
      await Bun.sleep(150);
      now = Number(readFileSync(counter, "utf8"));
    }
    expect(before).toBeLessThan(48);
    expect(begun + (await rest(run.stdout)).byteLength).toBe(64 * (1 << 20));
    expect(await run.child.exited).toBe(0);
  });
  test("a server that does not read stops the host, and nothing is lost", async () => {
    const go = join(scratch, `go-${runs++}`);
    // Reads nothing until it is told to.
    const run = tapped(["sh", "-c", `echo up; while [ ! -e ${go} ]; do sleep 0.02; done; exec wc -c`]);
    await first(run);
    let sent = 0;
    let pending = Promise.resolve();
    const isStuck = async () => {
      const before = sent;
      await Bun.sleep(150);
      return sent === before;
    };
    const all = (async () => {
      for (let n = 0; n < 64; n++) {
        run.stdin.write(new Uint8Array(1 << 20));
        await (pending = Promise.resolve(run.stdin.flush()).then(() => undefined));
        sent++;
      }
      await run.stdin.end();
    })();
    while (!(await isStuck()));
    expect(sent).toBeLessThan(48);
    writeFileSync(go, "");
    await Promise.all([all, pending]);
    expect((await rest(run.stdout)).toString().trim()).toBe(String(64 * (1 << 20)));
  });
});

describe("ends", () => {
  test("stdin's end is passed on, and what the server says afterwards arrives", async () => {
    const server = script(`
      process.stdin.resume().on("end", () => setTimeout(() => process.stdout.write("late answer\\n"), 100));
    `);
    expect(await outcome(tapped(server, { stdin: new Uint8Array() }))).toMatchObject({
      stdout: "late answer\n",
      code: 0,
    });
  });

  test("all of a large last word arrives before the exit code", async () => {
    const size = 5_000_000;
    const run = tapped(["sh", "-c", `head -c ${size} /dev/zero; exit 9`]);
    const { stdout, code } = await outcome(run);
    expect([stdout.length, code]).toEqual([size, 9]);
  });

  test("a host that closes its end stops the server as it would without us", async () => {
    const run = tapped(["sh", "-c", "while echo line; do :; done; echo stopped >&2"]);
    await first(run);
    await run.stdout.cancel();
    await run.child.exited;
    expect(recorded(run.logDir).at(-1)).toMatchObject({ event: "exit" });
  });

  test("a server that closes its stdin gives the host a broken pipe, and lives on", async () => {
    const run = tapped(["sh", "-c", "exec <&-; echo closed; sleep 0.2; echo alive"]);
    expect(await first(run)).toBe("closed\n");
    const written = async () => {
      for (;;) {
        run.stdin.write("x".repeat(65536));
        await run.stdin.flush();
      }
    };
    expect(written()).rejects.toThrow(/EPIPE|broken pipe/i);
    expect((await rest(run.stdout)).toString()).toBe("alive\n");
  });

  test("a grandchild that keeps the pipe open does not keep us", async () => {
    const run = tapped(["sh", "-c", "sleep 1000 & echo $!; exit 4"]);
    const grandchild = Number(await first(run));
    expect(await run.child.exited).toBe(4);
    process.kill(grandchild, "SIGKILL");
  });

  test.each([0, 1, 42, 255])("exit code %d is passed on", async (code) => {
    expect(await outcome(tapped(["sh", "-c", `exit ${code}`]))).toMatchObject({ code, signal: null });
  });

  test.each(["SIGTERM", "SIGKILL", "SIGSEGV", "SIGABRT", "SIGHUP"] as const)(
    "death by %s looks like death by that signal",
    async (signal) => {
      const run = tapped(["sh", "-c", `kill -${signal.slice(3)} $$`]);
      expect(await outcome(run)).toMatchObject({ signal, stderr: "" });
      expect(recorded(run.logDir).at(-1)).toMatchObject({ event: "exit", code: null, signal });
    },
  );
});

describe("signals", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const)(
    "%s reaches the server, which decides; the record is complete",
    async (signal) => {
      const name = signal.slice(3);
      const run = tapped([
        "sh",
        "-c",
        `trap 'echo got ${name}; exit 3' ${name}; echo ready; while :; do sleep 0.05; done`,
      ]);
      expect(await first(run)).toBe("ready\n");
      run.child.kill(signal);
      expect(await outcome(run)).toMatchObject({ stdout: `got ${name}\n`, code: 3 });
      expect(recorded(run.logDir).at(-1)).toMatchObject({ event: "exit", code: 3 });
    },
  );

  test("a signal that comes as soon as there is a server reaches it", async () => {
    const run = tapped([
      "sh",
      "-c",
      `trap 'echo got; exit 3' TERM; kill -TERM $PPID; while :; do sleep 0.05; done`,
    ]);
    expect(await outcome(run)).toMatchObject({ stdout: "got\n", code: 3, signal: null });
  });

  test("a signal that the server does not handle ends both by it", async () => {
    const run = tapped(["sh", "-c", "echo ready; exec sleep 1000"]);
    await first(run);
    run.child.kill("SIGTERM");
    expect(await outcome(run)).toMatchObject({ signal: "SIGTERM" });
  });
});

describe("as without us", () => {
  test("a server that closes its stdout and lives on: the host sees the end, and the record tells of it", async () => {
    const source = `console.log("hi"); process.stdout.write("", () => require("fs").closeSync(1));
process.stdin.on("end", () => process.exit(3)); process.stdin.resume();`;
    const run = tapped(["node", "-e", source]);
    expect((await rest(run.stdout)).toString()).toBe("hi\n");
    expect(isAlive(run.child.pid)).toBe(true);
    const told = () => recorded(run.logDir).some((line) => line["event"] === "end");
    while (!told()) await Bun.sleep(5);
    await run.stdin.end();
    expect(await run.child.exited).toBe(3);
    expect(recorded(run.logDir).at(-1)).toMatchObject({
      event: "exit",
      code: 3,
      host: { stdin_ended_ms: expect.any(Number) },
    });
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "a %s to the whole group reaches the server once, and one to us is passed on",
    async (signal) => {
      const source = `let n = 0; process.on("${signal}", () => console.log(++n)); console.log("ready");
process.stdin.on("end", () => process.exit(0)); process.stdin.resume();`;
      const logDir = join(scratch, `logs-${runs++}`);
      const words = [cli, "tap", "--log-dir", logDir, "--", "node", "-e", source];
      // A group of its own, as a terminal gives one to a command.
      const child = spawn(process.execPath, words, { detached: true, stdio: ["pipe", "pipe", "ignore"] });
      let said = "";
      child.stdout.on("data", (bytes: Buffer) => (said += bytes.toString()));
      const until = async (text: string) => {
        while (!said.includes(text)) await Bun.sleep(5);
      };
      await until("ready\n");
      // The witness is a shell that starts beside the server: it is there when it has said so.
      while (!isWitnessed(child.pid!)) await Bun.sleep(5);
      process.kill(-child.pid!, signal);
      await until("1\n");
      process.kill(child.pid!, signal);
      await until("2\n");
      process.kill(-child.pid!, signal);
      await until("3\n");
      child.stdin.end();
      await new Promise((resolve) => child.once("close", resolve));
      expect(said).toBe("ready\n1\n2\n3\n");
    },
  );
});

/** The shell stands with its traps when it waits for a line: on Linux it sleeps in a read of its pipe. */
function isWitnessed(tap: number): boolean {
  if (process.platform !== "linux") return true;
  const children = readFileSync(`/proc/${tap}/task/${tap}/children`, "utf8").trim().split(" ");
  return children.some((pid) => {
    const caught = /^SigCgt:\s+([0-9a-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return command.includes("trap") && (BigInt(`0x${caught}`) & 0b11n) === 0b11n;
  });
}

describe("a command that cannot start", () => {
  test("is not there: 127 and one line", async () => {
    const run = tapped(["no-such-program"]);
    const stderr = expect.stringMatching(
      /^cannot start no-such-program: there is no such program in PATH \(\/.*\).*\n$/,
    );
    expect(await outcome(run)).toMatchObject({ code: 127, stdout: "", stderr });
    expect(recorded(run.logDir).at(-1)).toMatchObject({ event: "exit", ending: "refused", code: 127 });
  });

  test("may not be executed: 126 and one line", async () => {
    const file = join(scratch, "not-executable");
    writeFileSync(file, "#!/bin/sh\n");
    chmodSync(file, 0o644);
    expect(await outcome(tapped([file]))).toMatchObject({
      code: 126,
      stderr: `cannot start ${file}: it may not be executed; chmod +x makes a script a program\n`,
    });
  });

  test("says which of the things that can be missing it is", async () => {
    const folder = mkdtempSync(join(scratch, "path-"));
    const script = join(folder, "script");
    writeFileSync(script, "#!/no/such/interpreter -u\n", { mode: 0o755 });
    writeFileSync(join(folder, "passed-over"), "#!/bin/sh\n", { mode: 0o644 });
    const PATH = `${folder}:${process.env["PATH"]}`;
    const said = async (command: string, cwd = scratch) =>
      (await outcome(tapped([command], { env: { PATH }, cwd }))).stderr.trimEnd();
    expect(await said(script)).toBe(
      `cannot start ${script}: it is a script for /no/such/interpreter, which is not there`,
    );
    expect(await said("passed-over")).toBe(
      `cannot start passed-over: ${join(folder, "passed-over")} may not be executed; chmod +x makes it a program`,
    );
    expect(await said(folder)).toBe(`cannot start ${folder}: it is a folder`);
    expect(await said("./nothing")).toBe("cannot start ./nothing: there is no such program");
  });

  test("but a script that names no interpreter is the shell's, as it is without us", async () => {
    const path = join(scratch, "plain-script");
    writeFileSync(path, 'echo "plain $1"\n', { mode: 0o755 });
    expect(await outcome(tapped([path, "word"]))).toMatchObject({ code: 0, stdout: "plain word\n" });
    const env = { PATH: `${scratch}:${process.env["PATH"]}` };
    expect(await outcome(tapped(["plain-script", "x"], { env }))).toMatchObject({ stdout: "plain x\n" });
  });

  test("is a tap itself: refused, by whatever path", async () => {
    const link = join(scratch, "cli.ts");
    symlinkSync(cli, link);
    for (const path of [cli, link]) {
      const { code, stderr } = await outcome(tapped([process.execPath, path, "tap", "--", "cat"]));
      expect([code, stderr.split("\n")[0]]).toEqual([
        2,
        "this command is a tap already: wrapped twice, it would be recorded twice",
      ]);
    }
  });
});

describe("how it is called", () => {
  test.each([
    ["with what Bun leaves of `bun run tap -- …`", ["--name", "called"]],
    ["with the name beside its option", ["--name=called"]],
  ])("%s", async (_, options) => {
    const logDir = join(scratch, `logs-${runs++}`);
    const words = [cli, "tap", `--log-dir=${logDir}`, ...options, "printf", "%s|", "--name", "--"];
    const run = Bun.spawn([process.execPath, ...words], { stdin: "ignore" });
    expect([await run.stdout.text(), await run.exited]).toEqual(["--name|--|", 0]);
    expect(readdirSync(join(logDir, "mcp_called"))).toHaveLength(1);
  });

  test("by the name under which it is installed", async () => {
    const bin = join(scratch, "mcp-proxy-logger");
    symlinkSync(cli, bin);
    const logDir = join(scratch, `logs-${runs++}`);
    const run = Bun.spawn([bin, "tap", "--log-dir", logDir, "--", "echo", "hi"], { stdin: "ignore" });
    expect([await run.stdout.text(), await run.exited]).toEqual(["hi\n", 0]);
    expect(recorded(logDir)).toHaveLength(3);
  });
});

describe("what the server sees", () => {
  test("environment, arguments and working directory are those that the host gave", async () => {
    const cwd = mkdtempSync(join(scratch, "cwd-"));
    // The runtime reads this file into its own environment: the server must not get it.
    writeFileSync(join(cwd, ".env"), "FROM_DOT_ENV=1\n");
    const server = script("console.log(JSON.stringify([process.argv.slice(2), process.cwd()]))");
    const args = ["a b", "*", "$HOME", "--", "--name", ""];
    const { stdout } = await outcome(tapped([...server, ...args], { cwd }));
    expect(JSON.parse(stdout)).toEqual([args, cwd]);
    const seen = await outcome(tapped(["env"], { cwd, env: { A: "1", EMPTY: "" } }));
    const variables = seen.stdout.trim().split("\n").toSorted();
    expect(variables).toEqual(["A=1", "EMPTY=", `PATH=${process.env["PATH"]}`]);
  });
});

describe("no orphan", () => {
  test("a tap killed with -9 takes the server with it, even one that ignores its stdin and SIGTERM", async () => {
    const run = tapped(["sh", "-c", "trap '' TERM HUP; echo $$; while :; do sleep 0.05; done"]);
    const server = Number(await first(run));
    run.child.kill("SIGKILL");
    await gone(server);
  });

  test("nor does what stands behind a launcher stay", async () => {
    const server = `trap '' TERM HUP; echo $$; while :; do sleep 0.05; done`;
    const run = tapped(["sh", "-c", `sh -c "$0"; true`, server]);
    const grandchild = Number(await first(run));
    run.child.kill("SIGKILL");
    await gone(grandchild);
  });

  test("nothing of ours is left when the server ends by itself", async () => {
    const run = tapped(["sh", "-c", "echo $$"]);
    const { stdout } = await outcome(run);
    const server = stdout.trim();
    const watching = () =>
      Bun.spawnSync(["ps", "-eo", "args"])
        .stdout.toString()
        .split("\n")
        .some((args) => args.includes(`kill -$signal`) && args.trim().endsWith(` ${server}`));
    while (watching()) await Bun.sleep(10);
  });
});

describe("the record", () => {
  test("a log folder that cannot be written disturbs nothing", async () => {
    const logDir = join(scratch, `a-file-${runs++}`);
    writeFileSync(logDir, "");
    const run = tapped(["sh", "-c", "cat; exit 5"], { stdin: Buffer.from("x\n"), logDir });
    expect(await outcome(run)).toEqual({ stdout: "x\n", stderr: "", code: 5, signal: null });
  });

  test("two taps of one server write two files; --name names the folder", async () => {
    const logDir = join(scratch, `logs-${runs++}`);
    const both = [1, 2].map(() =>
      tapped(["cat"], { stdin: Buffer.from("x\n"), logDir, words: ["--name", "twin"] }),
    );
    await Promise.all(both.map((run) => run.child.exited));
    expect(readdirSync(join(logDir, "mcp_twin"))).toHaveLength(2);
  });

  test("it stands on disk while the session runs", async () => {
    const run = tapped(["cat"]);
    run.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    await run.stdin.flush();
    const folder = join(run.logDir, "mcp_cat");
    const there = () => existsSync(folder) && recorded(run.logDir).length >= 3;
    while (!there()) await Bun.sleep(5);
    run.stdin.end();
    await run.child.exited;
  });
});

/** Starting, stopping, dying: one clear sentence when it cannot start, nothing lost when it ends. */
import { cp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import {
  delta,
  exchangeFiles,
  getJson,
  type Json,
  newFolder,
  pushed,
  root,
  run,
  startProgram,
  until,
  upstream,
} from "./program.ts";

const ask = (url: string) =>
  fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "Go on" }] }),
  });

test("killed in the middle of a stream, the next start has every chunk in an interrupted file", async () => {
  const stream = pushed();
  await using mock = upstream(() => stream.response());
  const logDir = await newFolder();
  const first = await startProgram(["--target-url", mock.url], logDir);
  const pieces = Array.from({ length: 20 }, (_, n) => delta(`piece ${n} `));
  const reader = (await (stream.push(pieces[0]!), ask(first.proxyUrl))).body!.getReader();
  let got = "";
  for (const piece of pieces.slice(1)) {
    got += new TextDecoder().decode((await reader.read()).value);
    stream.push(piece);
  }
  while (!got.includes("piece 19")) got += new TextDecoder().decode((await reader.read()).value);
  // What is promised is what was on disk, at most 50 ms behind.
  await until(() => spooled(logDir, "piece 19"));
  first.process.kill("SIGKILL");
  await first.process.exited;
  await reader.cancel().catch(() => {});
  await using second = await startProgram(["--target-url", mock.url], logDir);
  const [file] = await exchangeFiles(second.logDir);
  expect(file).toMatchObject({ ending: "interrupted", response_status: 200 });
  expect(file!["response_chunks"].map(({ data }: { data: string }) => data).join("")).toBe(pieces.join(""));
  const row = await until(async () => {
    const { items } = await getJson(`${second.pageUrl}/api/exchanges`);
    return items[0];
  });
  expect(row).toMatchObject({ id: file!["id"], ending: "interrupted" });
});

test("two programs on one folder: the one that is killed is recovered by the other, which leaves the living alone", async () => {
  const streams = [pushed(), pushed()];
  let asked = 0;
  await using mock = upstream(() => streams[asked++]!.response());
  const logDir = await newFolder();
  await using staying = await startProgram(["--target-url", mock.url], logDir);
  const dying = await startProgram(["--target-url", mock.url], logDir);
  const answers = [
    await startAsking(dying.proxyUrl, streams[0]!),
    await startAsking(staying.proxyUrl, streams[1]!),
  ];
  await until(() => spooled(logDir, "of 0"));
  await until(() => spooled(logDir, "of 1"));
  dying.process.kill("SIGKILL");
  await dying.process.exited;
  await answers[0]!.cancel().catch(() => {});
  const [file] = await exchangeFiles(logDir);
  expect(file).toMatchObject({ ending: "interrupted" });
  expect(JSON.stringify(file)).toContain("of 0");
  streams[1]!.push(delta("end", "stop"));
  streams[1]!.end();
  await answers[1]!.cancel().catch(() => {});
  const files = await exchangeFiles(logDir, 2);
  expect(JSON.stringify(files[1])).toContain("of 1");
  expect(files[1]!["ending"]).not.toBe("interrupted");

  async function startAsking(url: string, stream: ReturnType<typeof pushed>) {
    const n = streams.indexOf(stream);
    stream.push(delta(`words of ${n} `));
    const reader = (await ask(url)).body!.getReader();
    await reader.read();
    return reader;
  }
});

test("told to stop while a stream is in flight, it finishes the stream, writes it, and leaves with 0", async () => {
  const stream = pushed();
  await using mock = upstream(() => stream.response());
  await using program = await startProgram(["--target-url", mock.url]);
  stream.push(delta("before "));
  const answer = await ask(program.proxyUrl);
  program.process.kill("SIGTERM");
  await until(() => refused(program.proxyUrl));
  stream.push(delta("after", "stop"));
  stream.push("data: [DONE]\n\n");
  stream.end();
  expect(await answer.text()).toBe(`${delta("before ")}${delta("after", "stop")}data: [DONE]\n\n`);
  expect(await program.process.exited).toBe(0);
  const [file] = await exchangeFiles(program.logDir);
  expect(file).toMatchObject({ ending: "complete" });
  expect(file!["response_body"].choices[0].message.content).toBe("before after");
});

test("one signal that comes twice, as through `bun run` or npx, is one: it still stops cleanly", async () => {
  await using program = await startProgram();
  program.process.kill("SIGTERM");
  program.process.kill("SIGTERM");
  expect(await program.process.exited).toBe(0);
});

test("a second Ctrl-C leaves at once", async () => {
  const stream = pushed();
  await using mock = upstream(() => stream.response());
  await using program = await startProgram(["--target-url", mock.url]);
  stream.push(delta("before "));
  const answer = await ask(program.proxyUrl);
  program.process.kill("SIGINT");
  await until(() => refused(program.proxyUrl));
  // The same press may arrive twice, so it takes a moment until it counts as another.
  await until(() => {
    program.process.kill("SIGINT");
    return program.process.exitCode !== null;
  });
  expect(program.process.exitCode).toBe(130);
  await answer.body?.cancel().catch(() => {});
});

test("an upstream that is not there: 502 with JSON that says who, what and what to do; and a file", async () => {
  await using program = await startProgram(["--target-url", "http://127.0.0.1:9"]);
  const answer = await ask(program.proxyUrl);
  expect(answer.status).toBe(502);
  const { error } = (await answer.json()) as Json;
  expect(error.message).toContain("MCP Proxy Logger");
  expect(error.message).toContain("http://127.0.0.1:9/");
  expect(error.message).toContain("TARGET_BASE_URL");
  const [file] = await exchangeFiles(program.logDir);
  expect(file).toMatchObject({ ending: "upstream-error" });
});

test("listening beyond this machine, the page asks for the token that the terminal printed; `off` asks for none", async () => {
  await using beyond = await startProgram(["--host", "0.0.0.0"]);
  const { origin, searchParams } = new URL(beyond.pageUrl);
  const status = async (query = "") => (await fetch(`${origin}/api/exchanges${query}`)).status;
  expect([await status(), await status(`?token=${searchParams.get("token")}`)]).toEqual([401, 200]);
  expect(beyond.stdout()).toMatch(/^open +other machines reach 0\.0\.0\.0 too: .* ask for the token$/m);
  await using open = await startProgram(["--host", "0.0.0.0", "--token", "off"]);
  expect(open.stdout()).toMatch(/^open +.* are refused$/m);
  expect((await fetch(`${open.pageUrl}/api/exchanges`)).status).toBe(200);
});

describe("one sentence and a code other than 0", () => {
  test("for a busy port", async () => {
    using busy = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
    const logDir = await newFolder();
    for (const flag of ["--port", "--web-port"]) {
      const other = flag === "--port" ? "--web-port" : "--port";
      const ended = await run(["start", flag, String(busy.port), other, "0", "--log-dir", logDir]);
      expect(oneSentence(ended)).toContain(String(busy.port));
    }
  });

  test.each([
    [["start", "--colour", "red"], {}, "--colour"],
    [["start", "--port", "many"], {}, "--port"],
    [["start", "--target-url", "not a url"], {}, "--target-url"],
    [["start"], { PROXY_PORT: "70000" }, "PROXY_PORT"],
    [["begin"], {}, "begin"],
  ])("for %j %j", async (args, env, named) => {
    expect(oneSentence(await run(args, env as Record<string, string>))).toContain(named);
  });
});

test("a clean clone installs what it needs and goes on, with our output alone on stdout", async () => {
  const clone = await newFolder();
  for (const name of ["package.json", "bun.lock", "bunfig.toml", "src"]) {
    await cp(join(root, name), join(clone, name), { recursive: true });
  }
  const help = Bun.spawn([process.execPath, "src/cli.ts", "help"], {
    cwd: clone,
    stdin: "ignore",
    stderr: "pipe",
  });
  expect(await new Response(help.stdout).text()).toStartWith("MCP Proxy Logger");
  expect(await new Response(help.stderr).text()).toContain("installing");
  expect(await help.exited).toBe(0);
  await rm(clone, { recursive: true });
});

test("--help and --version answer and leave with 0", async () => {
  const help = await run(["--help"]);
  expect([help.code, help.stdout.includes("--target-url")]).toEqual([0, true]);
  const version = await run(["--version"]);
  expect([version.code, version.stdout.trim()]).toEqual([0, "0.1.0"]);
});

function oneSentence({ code, stderr }: { code: number; stderr: string }): string {
  expect(code).not.toBe(0);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
  return stderr;
}

/** Whether the spool holds this text. */
async function spooled(logDir: string, text: string): Promise<boolean> {
  const folder = join(logDir, "spool");
  const files = await Promise.all(
    (await readdir(folder).catch(() => [])).map((name) => readFile(join(folder, name))),
  );
  return files.some((bytes) => bytes.includes(text));
}

async function refused(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(1000) }).then(
    () => false,
    (error) => error.name !== "TimeoutError",
  );
}

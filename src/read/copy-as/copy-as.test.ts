/** What is copied is run: with the libraries themselves where they are here, with stand-ins that note their arguments where not. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exchangeOf, type Spec } from "../../../test/believable.ts";
import { copyAs, TARGETS, targetsFor } from "./targets.ts";

const KEY = "sk-test-from-the-environment";
const MASKED = "Bearer sk-***4f2a";
const NASTY = `it's "quoted" \`run\` $(touch /tmp/x) $HOME \\ !! \n\t中文 😀 \u2028 </script> EOF BODY`;

let seen: { path: string; headers: Headers; body: Uint8Array }[] = [];
const server = Bun.serve({
  port: 0,
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    seen.push({ path: pathname + search, headers: request.headers, body: await request.bytes() });
    const events = `data: ${JSON.stringify({ id: "x", type: "message_stop", choices: [], candidates: [] })}\n\n`;
    return new Response(`event: message_stop\n${events}`, {
      headers: { "content-type": "text/event-stream" },
    });
  },
});
const origin = `http://127.0.0.1:${server.port}`;
/** Beside the packages, so that programs find them. */
const folder = join(import.meta.dir, "../../../node_modules/.cache");
let place = "";

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  place = mkdtempSync(join(folder, "copy-as-"));
});
afterAll(async () => {
  await server.stop(true);
  rmSync(place, { recursive: true, force: true });
});

const env = { ...process.env, PATH: process.env["PATH"], MOCK_API_KEY: KEY, GEMINI_API_KEY: KEY };

/** A script is read from a file, as a terminal reads what is pasted: no argument holds a long one. */
async function shell(script: string | null, more: Record<string, string> = {}): Promise<string> {
  const file = join(place, "script.sh");
  writeFileSync(file, script ?? "false");
  return await run(["bash", file], more);
}

async function run(command: string[], more: Record<string, string> = {}): Promise<string> {
  const child = Bun.spawn(command, {
    env: { ...env, ...more },
    cwd: place,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code !== 0)
    throw new Error(`${command.join(" ").slice(0, 80)} left with ${code}: ${err.slice(0, 2000)}`);
  return out;
}

const chat = {
  model: "gpt-4o",
  messages: [{ role: "user", content: NASTY }],
  stream: true,
  temperature: 0.25,
  made_up: { a: [null, true, false, 1.5, {}, []], "b-c": "x" },
};

function recorded(path: string, body: unknown, more: Spec = {}) {
  const headers: Spec["headers"] = [
    ["Host", "127.0.0.1:8000"],
    ["User-Agent", "x/1"],
    ["Content-Type", "application/json"],
    ["Authorization", MASKED],
    ["Connection", "keep-alive"],
  ];
  return exchangeOf({
    path,
    target: origin + path,
    upstream: "mock",
    body,
    headers,
    pieces: [[5, "{}"]],
    ...more,
  });
}

/** The body that arrived, as the value that it is. */
async function sent(
  program: string,
  name: string,
): Promise<{ body: unknown; headers: Headers; path: string }> {
  seen = [];
  const file = join(place, `${name}.ts`);
  writeFileSync(file, program);
  await run([process.execPath, file]);
  const [first] = seen;
  if (!first) throw new Error("nothing was sent");
  return { ...first, body: JSON.parse(new TextDecoder().decode(first.body)) };
}

test("cURL sends the same bytes, long ones and binary ones too, with the key of the environment", async () => {
  const long = { ...chat, messages: [{ role: "user", content: NASTY.repeat(4_000) }] };
  for (const body of [chat, long]) {
    seen = [];
    await shell(copyAs(recorded("/v1/chat/completions?a=1&b=%27", body), "curl"));
    expect(new TextDecoder().decode(seen[0]?.body)).toBe(JSON.stringify(body));
    expect([seen[0]?.path, seen[0]?.headers.get("authorization")]).toEqual([
      "/v1/chat/completions?a=1&b=%27",
      `Bearer ${KEY}`,
    ]);
  }
  const binary = recorded("/v1/audio", undefined);
  const bytes = Uint8Array.from({ length: 3_000 }, (_, n) => n % 256);
  binary.request.pieces.push({ t: 1, bytes });
  seen = [];
  await shell(copyAs(binary, "curl"));
  expect(seen[0]?.body).toEqual(bytes);
});

test("HTTPie gets the same body as one argument, or on its standard input", async () => {
  const bin = join(place, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "http"), `#!/bin/sh\nfor it in "$@"; do printf '%s\\0' "$it"; done\ncat\n`, {
    mode: 0o755,
  });
  const given = async (body: unknown) => {
    const path = `${bin}:${env.PATH}`;
    return (await shell(copyAs(recorded("/v1/chat/completions", body), "httpie"), { PATH: path })).split(
      "\0",
    );
  };
  const short = await given(chat);
  expect(short).toContain(JSON.stringify(chat));
  expect(short).toContain(`Authorization:Bearer ${KEY}`);
  const long = { ...chat, messages: [{ role: "user", content: "a".repeat(200_000) }] };
  expect((await given(long)).at(-1)).toBe(JSON.stringify(long));
});

test("the libraries in TypeScript send the body that was recorded", async () => {
  const openai = await sent(
    copyAs(recorded("/v1/chat/completions", chat), "openai-typescript") ?? "",
    "openai",
  );
  expect([openai.body, openai.path, openai.headers.get("authorization")]).toEqual([
    chat,
    "/v1/chat/completions",
    `Bearer ${KEY}`,
  ]);
  const responses = { model: "gpt-5", input: NASTY, stream: true, reasoning: { effort: "low" } };
  expect(
    (await sent(copyAs(recorded("/v1/responses", responses), "openai-typescript") ?? "", "responses")).body,
  ).toEqual(responses);

  const message = {
    model: "claude-sonnet-4-5",
    max_tokens: 64,
    stream: true,
    system: NASTY,
    messages: chat.messages,
  };
  const headers: Spec["headers"] = [
    ["x-api-key", "sk-ant-***12ab"],
    ["anthropic-beta", "context-1m-2025-08-07"],
  ];
  const anthropic = await sent(
    copyAs(recorded("/v1/messages", message, { headers }), "anthropic-typescript") ?? "",
    "anthropic",
  );
  expect([
    anthropic.body,
    // Which of the two headers carries it is the library's own affair.
    anthropic.headers.get("x-api-key") ?? anthropic.headers.get("authorization"),
    anthropic.headers.get("anthropic-beta"),
  ]).toEqual([message, `Bearer ${KEY}`, "context-1m-2025-08-07"]);

  const ask = {
    contents: [{ role: "user", parts: [{ text: NASTY }] }],
    systemInstruction: { role: "user", parts: [{ text: "be brief" }] },
    generationConfig: { temperature: 0.5, maxOutputTokens: 20 },
  };
  const path = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse&key=AIza***9";
  const gemini = await sent(copyAs(recorded(path, ask), "gemini-typescript") ?? "", "gemini");
  expect([gemini.body, gemini.path]).toEqual([ask, path.replace("&key=AIza***9", "")]);
});

test("the libraries in Python get the body that was recorded as their arguments", async () => {
  if (!Bun.which("python3")) return;
  const standIn = `import json
class Note:
    def __init__(self, **given): self.client = given
    def __getattr__(self, name): return self
    def __call__(self, **given):
        print(json.dumps({"client": self.client, "given": given})); return []
OpenAI = Anthropic = Note
`;
  for (const name of ["openai", "anthropic"]) writeFileSync(join(place, `${name}.py`), standIn);
  const given = async (path: string, body: unknown, target: string) => {
    writeFileSync(join(place, "program.py"), copyAs(recorded(path, body), target) ?? "");
    const { client, given: all } = JSON.parse(
      await run(["python3", join(place, "program.py")], { PYTHONPATH: place }),
    );
    const { extra_body = {}, ...named } = all;
    return { body: { ...named, ...extra_body }, client };
  };
  const openai = await given("/v1/chat/completions", chat, "openai-python");
  expect(openai).toEqual({ body: chat, client: { api_key: KEY, base_url: `${origin}/v1` } });
  const message = { model: "claude", max_tokens: 64, stream: true, messages: chat.messages, made_up: 1 };
  const anthropic = await given("/v1/messages", message, "anthropic-python");
  expect(anthropic).toEqual({ body: message, client: { auth_token: KEY, base_url: origin } });
});

test("no key is in what is copied, not even its mask, and what a library cannot say is not offered", () => {
  const exchange = recorded("/v1/chat/completions", chat);
  const names = targetsFor(exchange, chat).map(({ name }) => name);
  expect(names).toEqual(["curl", "httpie", "openai-python", "openai-typescript"]);
  for (const name of names) expect(copyAs(exchange, name)).not.toContain("***");
  expect(targetsFor(recorded("/v1/files", undefined), null).map(({ name }) => name)).toEqual([
    "curl",
    "httpie",
  ]);
});

test("what is offered is decided by names, and is what can be written", () => {
  const bodies = [
    { model: "m", messages: [], made_up: { a: 1 } },
    { contents: [{ parts: [{ text: "x" }] }], generationConfig: { topK: 1 }, tools: [] },
    { contents: [], unheard_of: 1 },
    { model: "m", stream: true, input: "x" },
  ];
  const paths = [
    "/v1/chat/completions?a=%zz",
    "/v1/messages",
    "/v1/responses",
    "/v1beta/models/g:generateContent",
    "/other",
  ];
  for (const path of paths) {
    for (const body of bodies) {
      const exchange = recorded(path, body);
      const can = TARGETS.filter(({ name }) => copyAs(exchange, name) !== null);
      expect(targetsFor(exchange, body)).toEqual(can);
    }
  }
});

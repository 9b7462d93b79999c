/** `status` and the page list every upstream, with no key and no password among them. */
import { expect, test } from "bun:test";
import { run, startProgram, upstream, exchangeFiles } from "./program.ts";

const NAMES = [
  "openai",
  "openrouter",
  "anthropic",
  "gemini",
  "azure",
  "ollama",
  "lmstudio",
  "deepseek",
  "groq",
  "mistral",
  "xai",
  "demo",
  "mine",
];

test("status and the page list them all", async () => {
  const own = ["--upstream", "mine=http://me:hunter2hunter2@10.1.2.3:9/v1"];
  await using program = await startProgram(own, undefined, { OPENAI_API_KEY: "sk-0123456789abcdef0123" });
  const { code, stdout } = await run(["status", "--log-dir", program.logDir, ...own], {
    OPENAI_API_KEY: "sk-0123456789abcdef0123",
  });
  const page = await (await fetch(program.pageUrl)).text();
  expect(code).toBe(0);
  expect(NAMES.filter((name) => !stdout.includes(`/@${name}`))).toEqual([]);
  expect(NAMES.filter((name) => !page.includes(`/@${name}`))).toEqual([]);
  expect(stdout).toMatch(/\/@openai .*\(key set\)/);
  for (const text of [stdout, page]) {
    expect(text).toContain("http://10.1.2.3:9/v1");
    expect(text).not.toMatch(/hunter2|sk-0123/);
  }
});

test("a key from the environment is spent for programs on this machine, not for a web page, but one that is named", async () => {
  await using mock = upstream(() => new Response("ok"));
  const keyed = ["--target-url", mock.url.replace("http://", "http://me:word@")];
  await using program = await startProgram([...keyed, "--allow-origin", "http://localhost:3000/"]);
  const ask = async (headers: Record<string, string>) => {
    await fetch(`${program.proxyUrl}/v1/x`, { headers });
    return mock.requests.at(-1)!.headers.get("authorization");
  };
  const ours = `Basic ${btoa("me:word")}`;
  expect([
    await ask({}),
    await ask({ Origin: "http://localhost:3000" }),
    await ask({ Origin: "http://localhost:3001" }),
    await ask({ Authorization: "Bearer mine" }),
    await ask({ Origin: "https://evil.example" }),
    await ask({ "Sec-Fetch-Site": "cross-site" }),
    await ask({ Host: "evil.example:8000" }),
  ]).toEqual([ours, ours, null, "Bearer mine", null, null, null]);
  expect(mock.requests.length).toBe(6);
  const files = await exchangeFiles(program.logDir, 7);
  expect(JSON.stringify(files)).not.toContain(btoa("me:word"));
});

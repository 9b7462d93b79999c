import { expect, test } from "bun:test";
import { clientOf } from "./client.ts";

test("who asked is told from what it says of itself, the agent before its SDK", () => {
  const said: [Record<string, string>, string | null][] = [
    [{ "User-Agent": "claude-cli/2.1.332 (external, cli)", "x-app": "cli" }, "claude-code 2.1.332"],
    [
      { "User-Agent": "codex_cli_rs/0.171.0 (Debian 12; x86_64) xterm", originator: "codex_cli_rs" },
      "codex 0.171.0",
    ],
    [{ "User-Agent": "GeminiCLI/0.61.0/gemini-2.5-pro (linux; x64)" }, "gemini-cli 0.61.0"],
    [{ "User-Agent": "QwenCode/0.15.10 (linux; x64)" }, "qwen-code 0.15.10"],
    [{ "User-Agent": "ai-sdk/openai-compatible/1.0 opencode/1.18.33" }, "opencode 1.18.33"],
    [{ "User-Agent": "OpenAI/Python 2.3.0", "x-stainless-lang": "python" }, "openai-python 2.3.0"],
    [{ "User-Agent": "AsyncOpenAI/Python 1.82.0" }, "asyncopenai-python 1.82.0"],
    [{ "User-Agent": "Anthropic/JS 1.12.0" }, "anthropic-js 1.12.0"],
    [
      { "User-Agent": "google-genai-sdk/1.36.0 gl-python/3.12.11 google-adk/1.0.0" },
      "google-genai-sdk 1.36.0",
    ],
    [{ "User-Agent": "Faraday v2.14.3" }, "faraday"],
    [{ "User-Agent": "curl/8.5.0" }, "curl 8.5.0"],
    [{ "User-Agent": "Cline/3.2", "X-Title": "Cline" }, "cline"],
    [{ "x-stainless-lang": "js", "x-stainless-package-version": "7.57.0" }, "sdk-js 7.57.0"],
    [{ "User-Agent": "" }, null],
    [{}, null],
  ];
  expect(said.map(([headers]) => clientOf(Object.entries(headers)))).toEqual(said.map(([, name]) => name));
});

test("a hostile name is short and has no odd characters", () => {
  const name = clientOf([["User-Agent", `\x1b]0;x\x07<img src=x>${"a".repeat(100_000)}/1`]]);
  expect(name).toMatch(/^[\w.@-]{1,80}$/);
});

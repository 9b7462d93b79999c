/** Every upstream there is: where it is, in which header its key goes, and from which variable the key comes. */
import { expect, test } from "bun:test";
import { routeTo, splitPath, type Upstream } from "./capture/upstreams.ts";
import { readConfig } from "./config.ts";
import { upstreamsOf } from "./upstreams.ts";

const of = (args: string[] = [], env: Record<string, string> = {}) => upstreamsOf(readConfig(args, env));

/** What is asked when a client asks this path. */
async function asked(path: string, args: string[] = [], env: Record<string, string> = {}) {
  const all = of(args, env);
  const split = splitPath(path);
  const upstream = split.name === null ? all.default : await all.find(split.name);
  const route = upstream ? routeTo(upstream, split) : "nobody";
  return typeof route === "string" ? route : route.target;
}

test.each([
  ["/v1/chat/completions", "https://openrouter.ai/api/v1/chat/completions"],
  ["/@openai/v1/responses", "https://api.openai.com/v1/responses"],
  ["/@OpenAI/responses", "https://api.openai.com/v1/responses"],
  ["/@openrouter/v1/models", "https://openrouter.ai/api/v1/models"],
  ["/@anthropic/v1/messages", "https://api.anthropic.com/v1/messages"],
  [
    "/@gemini/v1beta/models/m:streamGenerateContent?alt=sse",
    "https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse",
  ],
  [
    "/@azure:my-res/openai/deployments/d/chat/completions?api-version=x",
    "https://my-res.openai.azure.com/openai/deployments/d/chat/completions?api-version=x",
  ],
  ["/@ollama/api/chat", "http://127.0.0.1:11434/api/chat"],
  ["/@lmstudio/v1/models", "http://127.0.0.1:1234/v1/models"],
  ["/@deepseek/v1/chat/completions", "https://api.deepseek.com/v1/chat/completions"],
  ["/@groq/v1/chat/completions", "https://api.groq.com/openai/v1/chat/completions"],
  // Groq's client puts all of the path behind its address, the Vercel AI SDK expects the version in its address.
  ["/@groq/openai/v1/chat/completions", "https://api.groq.com/openai/v1/chat/completions"],
  ["/@anthropic/messages", "https://api.anthropic.com/v1/messages"],
  ["/@anthropic/messages/count_tokens?beta=1", "https://api.anthropic.com/v1/messages/count_tokens?beta=1"],
  ["/@anthropic/api/claude_cli/bootstrap", "https://api.anthropic.com/api/claude_cli/bootstrap"],
  [
    "/@gemini/models/m:generateContent",
    "https://generativelanguage.googleapis.com/v1beta/models/m:generateContent",
  ],
  ["/@mistral/v1/models", "https://api.mistral.ai/v1/models"],
  ["/@xai/v1/models", "https://api.x.ai/v1/models"],
])("%s asks %s", async (path, target) => {
  expect(await asked(path)).toBe(target);
});

test("Azure's resource comes from the path or from the environment, and is asked for where there is none", async () => {
  expect(await asked("/@azure/openai/v1/x")).toMatch(/needs a resource.*AZURE_OPENAI_ENDPOINT/);
  expect(await asked("/@azure/openai/v1/x", [], { AZURE_OPENAI_RESOURCE: "res" })).toBe(
    "https://res.openai.azure.com/openai/v1/x",
  );
  expect(await asked("/@azure/x", [], { AZURE_OPENAI_ENDPOINT: "https://own.example" })).toBe(
    "https://own.example/x",
  );
});

test("the user's own upstreams and default are asked, and one that nobody knows is not", async () => {
  const args = ["--upstream", "mine=http://10.0.0.1:9/base/v1", "--target-url", "http://127.0.0.1:1234/v1/"];
  expect(await asked("/@mine/v1/x", args)).toBe("http://10.0.0.1:9/base/v1/x");
  expect(await asked("/v1/x", args)).toBe("http://127.0.0.1:1234/v1/x");
  expect(await asked("/@nobody/x", args)).toBe("nobody");
});

const KEYS: [variable: string, name: string, header: Upstream["keyHeader"]][] = [
  ["OPENROUTER_API_KEY", "openrouter", "bearer"],
  ["OPENAI_API_KEY", "openai", "bearer"],
  ["ANTHROPIC_API_KEY", "anthropic", "x-api-key"],
  ["GEMINI_API_KEY", "gemini", "x-goog-api-key"],
  ["GOOGLE_API_KEY", "gemini", "x-goog-api-key"],
  ["AZURE_OPENAI_API_KEY", "azure", "api-key"],
  ["OLLAMA_API_KEY", "ollama", "bearer"],
  ["LMSTUDIO_API_KEY", "lmstudio", "bearer"],
  ["DEEPSEEK_API_KEY", "deepseek", "bearer"],
  ["GROQ_API_KEY", "groq", "bearer"],
  ["MISTRAL_API_KEY", "mistral", "bearer"],
  ["XAI_API_KEY", "xai", "bearer"],
];

test.each(KEYS)("%s is for %s alone, in %s", (variable, name, header) => {
  const withKey = of([], { [variable]: "secret" }).all.filter(({ key }) => key !== null);
  expect(withKey.map((one) => [one.name, one.keyHeader, one.key])).toEqual([[name, header, "secret"]]);
});

test("an address of the user's own takes a known provider's key only where it is that provider's", () => {
  const { all, default: usual } = of(
    [
      "--upstream",
      "eu=https://api.openai.com/v2",
      "--upstream",
      "evil=https://api.openai.com.evil/v1",
      "--target-url",
      "https://api.anthropic.com/x",
    ],
    { OPENAI_API_KEY: "o", ANTHROPIC_API_KEY: "a" },
  );
  const key = (name: string) => all.find((one) => one.name === name)!.key;
  expect([key("eu"), key("evil"), usual.key, usual.keyHeader]).toEqual(["o", null, "a", "x-api-key"]);
});

test("a user and a password in an address are how to sign in, and no part of the address", () => {
  const { default: usual } = of(["--target-url", "http://me:p%40ss:word@10.0.0.1:9/v1"]);
  expect(usual).toMatchObject({ url: "http://10.0.0.1:9/v1", keyHeader: "basic", key: btoa("me:p@ss:word") });
});

test("an address of the user's own is not completed: only known APIs have a known version", async () => {
  const own = ["--upstream", "gate=http://gate/x"];
  expect(await asked("/@gate/messages", own)).toBe("http://gate/x/messages");
});

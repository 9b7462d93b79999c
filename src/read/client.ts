/** Who asked: the agent, the SDK or the program, by name and version, from what it says of itself in its headers. */
import type { Header } from "../fact/fact.ts";
import { header } from "../fact/exchange.ts";

/**
 * `claude-code 2.1.197`, `openai-python 2.3.0`, `curl 8.5.0`; null where a client says nothing. An agent is named before
 * the SDK that it was built with. At most 80 characters, no control characters.
 */
export function clientOf(headers: readonly Header[]): string | null {
  const agent = header(headers, "user-agent") ?? "";
  // Codex says who embeds it (its CLI, an editor's extension) in a header of its own.
  const originator = header(headers, "originator");
  if (originator !== undefined) return named(originator, versionOf(agent, originator));
  // OpenRouter asks applications for their title.
  const title = header(headers, "x-title");
  if (title !== undefined && title.trim() !== "") return named(title, null);
  if (agent === "") return sdkOf(headers);
  const products = productsOf(agent);
  const known = products.find(({ name }) => Object.hasOwn(AGENTS, name.toLowerCase()));
  if (known) return named(known.name, known.version);
  const [first, second] = products;
  if (!first) return sdkOf(headers);
  // `OpenAI/Python 1.68.2`, `Anthropic/JS 0.57.1`: the language where a version is usual.
  if (first.version !== null && /^[A-Za-z]+$/.test(first.version) && second?.name.match(/^\d/))
    return named(`${first.name}-${first.version}`, second.name);
  return named(first.name, first.version);
}

/** Names of agents as they stand in User-Agent, with what people call them. */
const AGENTS: Record<string, string> = {
  "claude-cli": "claude-code",
  "claude-code": "claude-code",
  codex_cli_rs: "codex",
  codex_exec: "codex",
  codex_vscode: "codex-vscode",
  codex: "codex",
  geminicli: "gemini-cli",
  "gemini-cli": "gemini-cli",
  qwencode: "qwen-code",
  "qwen-code": "qwen-code",
  opencode: "opencode",
  crush: "crush",
  "charm-crush": "crush",
  "charm-fantasy": "crush",
  goose: "goose",
  cline: "cline",
  "roo-code": "roo-code",
  aider: "aider",
  "github-copilot-cli": "copilot-cli",
  copilot: "copilot-cli",
};

type Product = { name: string; version: string | null };

/** RFC 9110 10.1.5: products with versions, comments in brackets. At most eight. */
function productsOf(agent: string): Product[] {
  const products = agent
    .slice(0, 400)
    .replace(/\([^)]*\)?/g, " ")
    .split(/[\s;,]+/)
    .filter((word) => word !== "")
    .slice(0, 8);
  return products.map((word) => {
    const slash = word.indexOf("/");
    return slash < 0
      ? { name: word, version: null }
      : { name: word.slice(0, slash), version: word.slice(slash + 1).split("/", 1)[0] || null };
  });
}

function versionOf(agent: string, name: string): string | null {
  const product = productsOf(agent).find((each) => each.name.toLowerCase() === name.toLowerCase());
  return product?.version ?? productsOf(agent)[0]?.version ?? null;
}

/** Stainless' SDKs say language and version in headers even where the program has a User-Agent of its own or none. */
function sdkOf(headers: readonly Header[]): string | null {
  const language = header(headers, "x-stainless-lang");
  return language === undefined
    ? null
    : named(`sdk-${language}`, header(headers, "x-stainless-package-version") ?? null);
}

function named(name: string, version: string | null): string {
  const known = Object.hasOwn(AGENTS, name.trim().toLowerCase()) ? AGENTS[name.trim().toLowerCase()]! : name;
  const slug = known
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}._@-]+/gu, "-");
  const number = version === null ? "" : version.replace(/^v(?=\d)/, "").replace(/[^\w.+-]+/g, "");
  return (number === "" ? slug : `${slug} ${number}`).slice(0, 80);
}

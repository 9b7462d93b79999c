/** The agents that are played: how each is asked one thing, and where its settings stand. No key is a real one. */

export type Agent = {
  /** Its words, without a terminal. */
  readonly words: (asked: string) => readonly string[];
  /** Files of its home, by path; `server` is the command of the weather server. */
  readonly files: (server: readonly [string, ...string[]]) => Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** The host whose file `wire` changes, where `run` cannot give the servers for one run. */
  readonly wired: string | null;
  /** How its weather call is joined. */
  readonly tie: string;
  /** Servers of its maker that it asks beside its model, whatever it is told: refused here. */
  readonly beside: RegExp;
};

const DEMO = "http://localhost:8000/@demo";
const NOBODY = /^$/;

const servers = ([command, ...args]: readonly [string, ...string[]]) => ({ weather: { command, args } });

export const agents: Readonly<Record<string, Agent>> = {
  claude: {
    words: (asked) => ["-p", asked, "--allowedTools", "mcp__weather__get_forecast"],
    files: (server) => ({ ".claude.json": JSON.stringify({ mcpServers: servers(server) }) }),
    environment: {
      ANTHROPIC_API_KEY: "none",
      ANTHROPIC_BASE_URL: DEMO,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
    },
    wired: null,
    tie: "exact meta-tool-use-id",
    beside: NOBODY,
  },
  codex: {
    words: (asked) => ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", asked],
    // A provider of one's own is asked over HTTP; the usual one over a WebSocket.
    files: ([command, ...args]) => ({
      ".codex/config.toml": [
        'model_provider = "demo"',
        "check_for_update_on_startup = false",
        "[analytics]",
        "enabled = false",
        "[model_providers.demo]",
        'name = "demo"',
        `base_url = "${DEMO}/v1"`,
        'wire_api = "responses"',
        "[mcp_servers.weather]",
        `command = ${JSON.stringify(command)}`,
        `args = ${JSON.stringify(args)}`,
        "",
      ].join("\n"),
    }),
    environment: { OPENAI_API_KEY: "none" },
    wired: null,
    tie: "exact codex-item-id",
    beside: /^(ab\.chatgpt\.com|chatgpt\.com|api\.github\.com|github\.com)$/,
  },
  opencode: {
    words: (asked) => ["run", "-m", "openai/gpt-4.1", asked],
    files: (server) => ({
      ".config/opencode/opencode.json": JSON.stringify({
        autoupdate: false,
        mcp: { weather: { type: "local", command: server } },
      }),
    }),
    environment: {
      OPENAI_API_KEY: "none",
      OPENAI_BASE_URL: `${DEMO}/v1`,
      OPENCODE_DISABLE_MODELS_FETCH: "1",
    },
    wired: null,
    tie: "inferred run-id",
    beside: /^registry\.npmjs\.org$/,
  },
  gemini: {
    words: (asked) => ["-y", "-p", asked],
    files: (server) => ({
      ".gemini/settings.json": JSON.stringify({
        mcpServers: servers(server),
        security: { auth: { selectedType: "gemini-api-key" } },
        privacy: { usageStatisticsEnabled: false },
      }),
    }),
    environment: {
      GEMINI_API_KEY: "none",
      GOOGLE_GEMINI_BASE_URL: DEMO,
      GEMINI_CLI_TRUST_WORKSPACE: "true",
    },
    wired: "gemini",
    tie: "inferred run-id",
    beside: NOBODY,
  },
  qwen: {
    words: (asked) => ["-y", "-p", asked],
    files: (server) => ({
      ".qwen/settings.json": JSON.stringify({
        mcpServers: servers(server),
        security: { auth: { selectedType: "openai" } },
        privacy: { usageStatisticsEnabled: false },
      }),
    }),
    environment: {
      OPENAI_API_KEY: "none",
      OPENAI_MODEL: "qwen3-coder-plus",
      OPENAI_BASE_URL: `${DEMO}/v1`,
    },
    wired: null,
    tie: "inferred run-id",
    beside: NOBODY,
  },
};

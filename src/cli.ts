#!/usr/bin/env bun
/** The command line. Each command is loaded when it is called, so that a recorder between two programs starts light. */
import type { Commands } from "./commands/command.ts";
import { ConfigError, UsageError } from "./config/options.ts";
import { ensureInstalled } from "./install.ts";

const COMMANDS: Commands = {
  start: { help: "the proxy and the page", options: "settings", run: (args) => serve(args, "all") },
  proxy: {
    help: "the proxy alone; records, shows nothing",
    options: "settings",
    run: (args) => serve(args, "proxy"),
  },
  web: {
    help: "the page alone; shows what is in the log folder and what appears there",
    options: "settings",
    run: (args) => serve(args, "web"),
  },
  demo: {
    help: "a small agent against the built-in model, no key and no network needed: demo [en|zh]",
    options: "settings",
    run: async (args) => (await import("./commands/demo.ts")).demo(args),
  },
  status: {
    help: "what runs, where, and to which upstreams",
    run: async (args) => (await import("./commands/status.ts")).status(args),
  },
  tap: {
    help: "records an MCP server on stdio: tap [--name NAME] -- COMMAND …",
    run: async (args) => (await import("./commands/tap.ts")).tap(args),
  },
  run: {
    help: "starts an agent with its API calls recorded: run -- claude (or codex, gemini, opencode, any command)",
    run: async (args) => (await import("./commands/run.ts")).run(args),
  },
  wire: {
    help: "puts the recorder before the MCP servers of a host: wire [HOST [SERVER …]] [--yes]",
    run: async (args) => (await import("./commands/wire.ts")).wire(args),
  },
  unwire: {
    help: "gives a host's configuration back as it was: unwire [HOST [SERVER …]] [--yes]",
    run: async (args) => (await import("./commands/unwire.ts")).unwire(args),
  },
  pack: {
    help: "compresses old exchanges (--older-than 1d); they stay listed, searchable and openable",
    run: async (args) => (await import("./commands/pack.ts")).pack(args),
  },
  clean: {
    help: "deletes the logs, after asking (--yes: without)",
    run: async (args) => (await import("./commands/clean.ts")).clean(args),
  },
  team: {
    help: "a team's store: team init, token, tokens, revoke, audit, prune, held (docs/team.md)",
    run: async (args) => (await import("./commands/team.ts")).team(args),
  },
  forget: {
    help: "deletes from a team's store: forget --user NAME [--before 2026-11-01], after asking",
    run: async (args) => (await import("./commands/forget.ts")).forget(args),
  },
  help: { help: "this", run: async (args) => (await import("./commands/help.ts")).help(args, COMMANDS) },
};

async function serve(args: string[], parts: "all" | "proxy" | "web"): Promise<number> {
  (await import("./observer/thread.ts")).loadAhead();
  return (await import("./commands/start.ts")).serve(args, parts);
}

async function main([word = "start", ...rest]: string[]): Promise<number> {
  if (word === "--version" || word === "-v" || word === "version") {
    process.stdout.write(`${(await import("../package.json")).default.version}\n`);
    return 0;
  }
  await ensureInstalled();
  const isOption = word.startsWith("-");
  const name = isOption ? "start" : word;
  const args = isOption ? [word, ...rest] : rest;
  const wantsHelp =
    word === "--help" || word === "-h" || (args.length === 1 && /^(?:--help|-h)$/.test(args[0]!));
  if (wantsHelp) return COMMANDS["help"]!.run([isOption ? "" : name]);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command.run(args);
  process.stderr.write(`there is no command ${JSON.stringify(name)}; \`bun run help\` lists them\n`);
  return 2;
}

/** A mistake of the person at the keyboard is one sentence; anything else is ours and says where it happened. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

if (import.meta.main) {
  try {
    process.exitCode = await main(Bun.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

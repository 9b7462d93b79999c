/** The reference servers under both official clients: tapped as direct, and no problem is found that is not there. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as ModernTransport } from "@modelcontextprotocol/client/stdio";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { readSession } from "../src/read/mcp/session.ts";
import { cli, type Json, root } from "./program.ts";

const scratch = realpathSync(mkdtempSync(join(tmpdir(), "servers-")));
afterAll(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 10 }));
const files = join(scratch, "files");
beforeAll(() => mkdirSync(files));

const program = (name: string) =>
  join(root, `node_modules/@modelcontextprotocol/server-${name}/dist/index.js`);
const servers: Record<string, { command: string[]; calls: [string, Json][] }> = {
  everything: {
    command: [process.execPath, program("everything")],
    calls: [
      ["echo", { message: "hé 🌦" }],
      ["get-sum", { a: 1, b: 2 }],
      ["get-sum", { a: "one" }],
      ["get-tiny-image", {}],
      ["get-structured-content", { location: "New York" }],
      ["get-annotated-message", { messageType: "error", includeImage: true }],
      ["get-resource-links", { count: 3 }],
      ["trigger-long-running-operation", { duration: 0.2, steps: 2 }],
      ["trigger-sampling-request", { prompt: "hi", maxTokens: 10 }],
      ["trigger-elicitation-request", {}],
      ["get-roots-list", {}],
    ],
  },
  filesystem: {
    command: [process.execPath, program("filesystem"), files],
    calls: [
      ["write_file", { path: join(files, "a.txt"), content: "one\ntwo\n" }],
      ["read_text_file", { path: join(files, "a.txt") }],
      ["edit_file", { path: join(files, "a.txt"), edits: [{ oldText: "one", newText: "1" }], dryRun: true }],
      ["read_multiple_files", { paths: [join(files, "a.txt"), join(files, "none")] }],
      ["directory_tree", { path: files }],
      ["search_files", { path: files, pattern: "*.txt" }],
      ["list_allowed_directories", {}],
      ["read_text_file", { path: "/etc/passwd" }],
    ],
  },
};

const info = { name: "a host", version: "1" };
const capabilities = { sampling: {}, elicitation: { form: {} }, roots: { listChanged: true } };
const answers = {
  "sampling/createMessage": { role: "assistant", model: "m", content: { type: "text", text: "x" } },
  "elicitation/create": { action: "decline" },
  "roots/list": { roots: [{ uri: `file://${files}`, name: "f" }] },
} as const;

const clients: Record<string, (command: string, args: string[]) => Promise<Json>> = {
  async v1(command, args) {
    const client = new Client(info, { capabilities });
    client.setRequestHandler(CreateMessageRequestSchema, () => answers["sampling/createMessage"]);
    client.setRequestHandler(ElicitRequestSchema, () => answers["elicitation/create"]);
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [...answers["roots/list"].roots] }));
    await client.connect(new StdioClientTransport({ command, args, stderr: "ignore" }));
    return client;
  },
  async v2(command, args) {
    const client: Json = new ModernClient(info, { capabilities });
    for (const [method, answer] of Object.entries(answers)) client.setRequestHandler(method, () => answer);
    await client.connect(new ModernTransport({ command, args, stderr: "ignore" }));
    return client;
  },
};

/** Everything that a client can see of a server: what it offers, and what comes of each call. */
async function seen(client: Json, calls: [string, Json][], era: string): Promise<Json[]> {
  const found: Json[] = [client.getServerVersion(), client.getServerCapabilities(), client.getInstructions()];
  const { resources, prompts } = client.getServerCapabilities();
  const lists = [
    "listTools",
    ...(resources ? ["listResources", "listResourceTemplates"] : []),
    ...(prompts ? ["listPrompts"] : []),
  ];
  for (const list of lists) found.push(await outcome(() => client[list]()));
  for (const [name, args] of calls) {
    // A client forgets whom to tell of progress when the answer comes in the same read: the wire is looked at instead.
    const options = { onprogress: () => {} };
    const call = { name, arguments: args };
    found.push(
      await outcome(() =>
        era === "v1" ? client.callTool(call, undefined, options) : client.callTool(call, options),
      ),
    );
  }
  await client.close();
  return JSON.parse(
    JSON.stringify(found).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z|\d+:\d\d:\d\d [AP]M/g, "TIME"),
  );
}

async function outcome(ask: () => Promise<Json>): Promise<Json> {
  try {
    return await ask();
  } catch (error) {
    return { refused: String(error) };
  }
}

function sessions(logDir: string): Json[][] {
  return readdirSync(logDir)
    .filter((name) => name.startsWith("mcp_"))
    .flatMap((folder) => readdirSync(join(logDir, folder)).map((name) => join(logDir, folder, name)))
    .map((path) =>
      readFileSync(path, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    );
}

describe.each(Object.keys(servers))("server-%s", (name) => {
  test.each(Object.keys(clients))(
    "under the client %s cannot tell the tap, and breaks no rule",
    async (era) => {
      const { command, calls } = servers[name]!;
      const [file = "", ...args] = command;
      const logDir = join(scratch, `logs-${name}-${era}`);
      const tap = ["--no-env-file", cli, "tap", "--name", name, "--log-dir", logDir, "--", ...command];
      const direct = await seen(await clients[era]!(file, args), calls, era);
      expect(await seen(await clients[era]!(process.execPath, tap), calls, era)).toEqual(direct);
      const [lines, ...more] = sessions(logDir);
      expect(more).toEqual([]);
      const { calls: read, problems, pollution, session } = readSession(lines!);
      expect([pollution, session.state]).toEqual([[], "closed"]);
      // One call has a word where a number belongs.
      const wrong = name === "everything" ? ["mcp/input-schema"] : [];
      expect([...new Set(problems.map(({ rule }) => rule))]).toEqual(wrong);
      const slow = read.find((call) => call.name === "trigger-long-running-operation");
      expect(slow?.progress.map((step) => step.progress)).toEqual(slow && [1, 2]);
      expect(read.filter(({ state }) => state === "pending")).toEqual([]);
      expect(read.filter(({ method }) => method === "tools/call")).toHaveLength(calls.length);
    },
  );
});

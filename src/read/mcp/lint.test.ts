/** Every rule has a session that breaks it and one that does not. */
import { expect, test } from "bun:test";
import { recordedLines } from "./recording.testkit.ts";
import type { SessionProblem } from "./reading.ts";
import { RULES, type RuleName } from "./rules.ts";
import {
  handshakeCases,
  httpCases,
  lineCases,
  listCases,
  type Case,
  type Session,
} from "./lint-cases.testkit.ts";
import { readSession } from "./session.ts";
import { ask, error, handshake, lines, modern, result, tell } from "./written.testkit.ts";

const call = (id: number, name: string, args: unknown = {}) =>
  ask(id, "tools/call", { name, arguments: args });
const said = (words: string) => ({ content: [{ type: "text", text: words }] });
const done = (value: object) => ({ resultType: "complete", ...value });
const tool = {
  name: "add",
  inputSchema: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
  outputSchema: { type: "object", properties: { sum: { type: "number" } }, required: ["sum"] },
};
const dated = {
  name: "plan",
  inputSchema: { type: "object", properties: { due: { type: "string", format: "date-time" } } },
};
const listed = (...tools: object[]): Session => [
  ...handshake,
  ["client", ask(1, "tools/list")],
  ["server", result(1, { tools })],
];
const http = (headers: Record<string, string>) => ({ method: "POST", path: "/mcp", headers });
const posted = (message: object, headers: Record<string, string>): Record<string, unknown> => ({
  from: "client",
  message,
  exchange_id: "x",
  http: http(headers),
});
const exit = { event: "exit", ending: "complete", code: 0, signal: null };
const big = "x".repeat(10 * 1024 * 1024);
const sampling = (more: object = {}) => ({
  method: "sampling/createMessage",
  params: { messages: [], maxTokens: 1, ...more },
});
const able = (capabilities: object): Session => [
  [
    "client",
    ask(0, "initialize", {
      protocolVersion: "2025-11-25",
      capabilities,
      clientInfo: { name: "host", version: "1" },
    }),
  ],
  [
    "server",
    result(0, { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "s", version: "1" } }),
  ],
  ...handshake.slice(2),
];
const modernCall = (id: number, params: object = { name: "t" }) => ask(id, "tools/call", modern(params));
const modernHello: Session = [
  ["client", ask("d", "server/discover", modern())],
  [
    "server",
    result(
      "d",
      done({
        supportedVersions: ["2026-07-28"],
        capabilities: { tools: {} },
        ttlMs: 0,
        cacheScope: "public",
      }),
    ),
  ],
];

const cases: Record<RuleName, Case> = {
  ...httpCases,
  ...lineCases,
  ...handshakeCases,
  ...listCases,
  "mcp/invalid-message": {
    breaks: [["client", { jsonrpc: "2.0", id: null, method: "ping" }]],
    at: "1 $",
    keeps: [["client", ask(1, "ping")]],
  },
  "mcp/schema": {
    breaks: [...handshake, ["client", call(1, "t")], ["server", result(1, { content: [{ type: "text" }] })]],
    at: "5 $.result.content[0]",
    keeps: [...handshake, ["client", call(1, "t")], ["server", result(1, said("hi"))]],
  },
  "mcp/not-json": {
    breaks: [{ from: "server", raw: "hello" }],
    at: "1 stdout",
    keeps: [
      { from: "stderr", text: "hello" },
      { from: "server", raw: "Accepted", exchange_id: "x", http: { status: 202, headers: {} } },
    ],
  },
  "mcp/too-deep": {
    breaks: [
      { from: "server", raw: `{"jsonrpc":"2.0","id":1,"result":${"[".repeat(600)}${"]".repeat(600)}}` },
    ],
    at: "1 stdout",
    keeps: [{ from: "stderr", text: "[".repeat(600) }],
  },
  "mcp/unknown-answer": {
    breaks: [...handshake, ["server", result(9, {})]],
    at: "4 $.id",
    keeps: [...handshake, { event: "gap", lost: 10, why: "disk full" }, ["server", result(9, {})]],
  },
  "mcp/second-answer": {
    breaks: [...handshake, ["client", ask(1, "ping")], ["server", result(1, {})], ["server", result(1, {})]],
    at: "6 $.id",
    keeps: [...handshake, ["client", ask(1, "ping")], ["server", ask(1, "ping")], ["server", result(1, {})]],
  },
  "mcp/unanswered": {
    breaks: [...handshake, ["client", call(1, "t")], exit],
    at: "4 $.id",
    keeps: [
      ...handshake,
      ["client", call(1, "t")],
      ["client", tell("notifications/cancelled", { requestId: 1 })],
      exit,
    ],
  },
  "mcp/duplicate-id": {
    breaks: [...handshake, ["client", ask(1, "ping")], ["server", result(1, {})], ["client", ask(1, "ping")]],
    at: "6 $.id",
    keeps: [
      ...modernHello,
      ["client", modernCall(1)],
      ["server", result(1, done(said("a")))],
      ["client", modernCall(1)],
    ],
  },
  "mcp/answer-after-cancel": {
    breaks: [
      ...handshake,
      ["client", call(1, "t")],
      ["client", tell("notifications/cancelled", { requestId: 1 })],
      ["server", result(1, said("late"))],
    ],
    at: "6 $.id",
    keeps: [...handshake, ["client", call(1, "t")], ["server", result(1, said("in time"))]],
  },
  "mcp/input-schema": {
    breaks: [...listed(tool), ["client", call(2, "add", { n: "three" })]],
    at: "6 $.params.arguments.n",
    keeps: [...listed(tool), ["client", call(2, "add", { n: 3 })]],
  },
  "mcp/format": {
    breaks: [...listed(dated), ["client", call(2, "plan", { due: "tomorrow" })]],
    at: "6 $.params.arguments.due",
    keeps: [...listed(dated), ["client", call(2, "plan", { due: "2026-11-28T18:00:00Z" })]],
  },
  "mcp/output-schema": {
    breaks: [
      ...listed(tool),
      ["client", call(2, "add", { n: 3 })],
      ["server", result(2, { ...said("6"), structuredContent: { sum: "6" } })],
    ],
    at: "7 $.result.structuredContent.sum",
    keeps: [
      ...listed(tool),
      ["client", call(2, "add", { n: 3 })],
      ["server", result(2, { ...said("6"), structuredContent: { sum: 6 } })],
      ["client", call(3, "add", { n: 3 })],
      ["server", result(3, { ...said("no"), isError: true })],
    ],
  },
  "mcp/tool-schema": {
    breaks: [
      ...listed({
        name: "t",
        inputSchema: { type: "object", properties: { a: { $ref: "https://example.com/a" } } },
      }),
      ["client", call(2, "t", { a: 1 })],
    ],
    at: "6 $",
    keeps: [
      ...listed({
        name: "t",
        inputSchema: {
          type: "object",
          properties: { a: { $ref: "#/$defs/a" } },
          $defs: { a: { type: "number" } },
        },
      }),
      ["client", call(2, "t", { a: 1 })],
    ],
  },
  "mcp/unknown-tool": {
    breaks: [...listed(tool), ["client", call(2, "subtract")]],
    at: "6 $.params.name",
    keeps: [
      ...listed(tool),
      ["server", tell("notifications/tools/list_changed")],
      ["client", call(2, "subtract")],
    ],
  },
  "mcp/capability": {
    breaks: [...handshake, ["client", ask(1, "prompts/list")]],
    at: "4 $.method",
    keeps: [
      ...handshake,
      ["client", ask(1, "tools/list")],
      ["server", ask(1, "sampling/createMessage", sampling().params)],
    ],
  },
  "mcp/missing-meta": {
    breaks: [...modernHello, ["client", ask(1, "tools/list", {})]],
    at: "3 $.params._meta",
    keeps: [...modernHello, ["client", ask(1, "tools/list", modern())]],
  },
  "mcp/result-type": {
    breaks: [
      ...modernHello,
      ["client", modernCall(1)],
      ["server", result(1, { resultType: "maybe", ...said("x") })],
    ],
    at: "4 $.result.resultType",
    keeps: [...modernHello, ["client", modernCall(1)], ["server", result(1, done(said("x")))]],
  },
  "mcp/input-required": {
    breaks: [
      ...modernHello,
      ["client", modernCall(1)],
      ["server", result(1, { resultType: "input_required" })],
    ],
    at: "4 $.result",
    keeps: [
      ...modernHello,
      ["client", modernCall(1)],
      ["server", result(1, { resultType: "input_required", requestState: "s" })],
    ],
  },
  "mcp/header-mismatch": {
    breaks: [
      ...modernHello,
      posted(modernCall(1), {
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": "u",
      }),
    ],
    at: "3 header Mcp-Name",
    keeps: [
      ...modernHello,
      posted(modernCall(1, { name: "wörld" }), {
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": "=?base64?d8O2cmxk?=",
      }),
    ],
  },
  "mcp/missing-header": {
    breaks: [
      ...modernHello,
      posted(modernCall(1), { "mcp-protocol-version": "2026-07-28", "mcp-name": "t" }),
    ],
    at: "3 header Mcp-Method",
    keeps: [...handshake, posted(call(1, "t"), { "mcp-protocol-version": "2025-11-25" })],
  },
  "mcp/batch": {
    breaks: [...handshake, { from: "client", message: ask(1, "ping"), batch: { index: 0, size: 2 } }],
    at: "4 $",
    keeps: [
      [
        "client",
        ask(0, "initialize", {
          protocolVersion: "2025-03-26",
          capabilities: {},
          clientInfo: { name: "h", version: "1" },
        }),
      ],
      [
        "server",
        result(0, {
          protocolVersion: "2025-03-26",
          capabilities: {},
          serverInfo: { name: "s", version: "1" },
        }),
      ],
      { from: "client", message: ask(1, "ping"), batch: { index: 0, size: 2 } },
    ],
  },
  "mcp/too-big": {
    breaks: [...handshake, ["client", call(1, "t", { big })]],
    at: "4 $",
    keeps: [...handshake, ["client", call(1, "t", { big: big.slice(100_000) })]],
  },
  "mcp/wrong-revision": {
    breaks: [...modernHello, ["client", ask(1, "ping", modern())]],
    at: "3 $.method",
    keeps: [...handshake, ["client", ask(1, "ping")]],
  },
  "mcp/wrong-direction": {
    breaks: [...modernHello, ["client", modernCall(1)], ["server", ask(1, "roots/list")]],
    at: "4 $.method",
    keeps: [...able({ roots: {} }), ["server", ask(1, "roots/list")]],
  },
  "mcp/before-initialized": {
    breaks: [...handshake.slice(0, 1), ["client", ask(1, "tools/list")], ...handshake.slice(1)],
    at: "2 $.method",
    keeps: [...handshake.slice(0, 1), ["client", ask(1, "ping")], ...handshake.slice(1)],
  },
  "mcp/error-code": {
    breaks: [...modernHello, ["client", modernCall(1)], ["server", error(1, -32002)]],
    at: "4 $.error.code",
    keeps: [...handshake, ["client", call(1, "t")], ["server", error(1, -32002)]],
  },
  "mcp/progress": {
    breaks: [
      ...handshake,
      ["client", ask(1, "tools/call", { name: "t", _meta: { progressToken: 1 } })],
      ["server", tell("notifications/progress", { progressToken: 1, progress: 2 })],
      ["server", tell("notifications/progress", { progressToken: 1, progress: 2 })],
    ],
    at: "6 $.params.progress",
    keeps: [
      ...handshake,
      ["client", ask(1, "tools/call", { name: "t", _meta: { progressToken: 1 } })],
      ["server", tell("notifications/progress", { progressToken: 1, progress: 2 })],
      ["server", tell("notifications/progress", { progressToken: 1, progress: 3 })],
    ],
  },
  "mcp/oauth-resource": {
    breaks: [
      {
        event: "close",
        exchange_id: "x",
        method: "POST",
        path: "/@mcp/a",
        status: 401,
        ending: "complete",
        error: null,
        challenge: 'Bearer resource_metadata="https://far.example/.well-known/oauth-protected-resource"',
      },
    ],
    at: "1 challenge",
    keeps: [
      {
        event: "close",
        exchange_id: "x",
        method: "POST",
        path: "/@mcp/a",
        status: 403,
        ending: "complete",
        error: null,
        challenge: 'Bearer error="insufficient_scope", scope="write"',
      },
      {
        from: "server",
        raw: '{"issuer":"https://far.example"}',
        exchange_id: "y",
        http: {
          status: 200,
          headers: { "content-type": "application/json" },
          path: "/@mcp/a/.well-known/oauth-authorization-server",
        },
      },
    ],
  },
  "mcp/deprecated": {
    breaks: [
      ...able({ sampling: {} }),
      ["server", ask(1, "sampling/createMessage", sampling({ includeContext: "allServers" }).params)],
    ],
    at: "4 $",
    keeps: [...able({ sampling: {} }), ["server", ask(1, "sampling/createMessage", sampling().params)]],
  },
};

const found = (session: Session, rule: string): SessionProblem[] =>
  readSession(lines(...session)).problems.filter((it) => it.rule === rule);

for (const [rule, { breaks, at, keeps }] of Object.entries(cases)) {
  test(`${rule} is found where it is broken`, () => {
    expect(found(breaks, rule).map((it) => `${it.seq} ${it.where}`)).toEqual([at]);
  });
  test(`${rule} is not found where it is kept`, () => {
    expect(found(keeps, rule)).toEqual([]);
  });
}

test("every rule has its words in both languages and a document", () => {
  for (const [name, { en, zh, severity, legacy, modern: now }] of Object.entries(RULES)) {
    expect([name, severity]).toEqual([name, expect.stringMatching(/^(error|warning|note)$/)]);
    expect(en.length).toBeGreaterThan(20);
    expect(zh).toMatch(/[\u4e00-\u9fff]{6}/);
    expect([legacy, now].every((it) => /^20\d\d-\d\d-\d\d\//.test(it))).toBe(true);
  }
  const [problem] = found(cases["mcp/unknown-answer"].breaks, "mcp/unknown-answer");
  expect(problem).toEqual({
    seq: 4,
    call: null,
    rule: "mcp/unknown-answer",
    where: "$.id",
    what: "nobody asked under id 9",
    severity: "error",
    source: "https://modelcontextprotocol.io/specification/2025-11-25/basic",
  });
});

/** What the recorded clients do wrong on purpose, and what is on its way out. */
const onPurpose: Record<string, string[]> = {
  "stdio-legacy-sdk1.jsonl": ["mcp/input-schema", "mcp/unknown-tool"],
  "stdio-legacy-sdk2.jsonl": ["mcp/input-schema", "mcp/unknown-tool"],
  "stdio-modern-sdk2.jsonl": ["mcp/input-schema", "mcp/unknown-tool", "mcp/deprecated", "mcp/deprecated"],
  "stdio-probe-refused.jsonl": [],
  "stdio-probe-then-legacy.jsonl": ["mcp/input-schema", "mcp/unknown-tool", "mcp/unknown-tool"],
  "stdio-legacy-pollution.jsonl": ["mcp/not-json", "mcp/not-json"],
  "http-modern.json": ["mcp/input-schema", "mcp/unknown-tool", "mcp/deprecated", "mcp/deprecated"],
  "http-legacy-stateless.json": ["mcp/input-schema", "mcp/unknown-tool"],
  "http-sessions.json": ["mcp/input-schema", "mcp/unknown-tool"],
  "http-sse.json": ["mcp/deprecated"],
};

for (const [name, rules] of Object.entries(onPurpose))
  test(`${name}: nothing is reported but what is there`, async () => {
    const text = await Bun.file(new URL(`../fixtures/mcp/${name}`, import.meta.url)).text();
    const { problems } = readSession(recordedLines(name, text));
    expect(problems.map((it) => it.rule)).toEqual(rules);
  });

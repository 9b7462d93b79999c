/** The linter of a session: told of each thing as the reader understands it, it collects what is against the rules. */
import { DEEPEST, isTooMuch, MOST_VALUES } from "../../fact/nesting.ts";
import { parseJson } from "../json.ts";
import { checkerOf, type Checker } from "../json-schema.ts";
import { declaresTasks, lintAnswered, lintAsked } from "./lint-message.ts";
import { lintCarrier, lintHeaders, type Finding } from "./lint-http.ts";
import type { Identity } from "./identity.ts";
import type { Shelves } from "./inventory.ts";
import { record, text, type MessageLine, type RawLine, type Side } from "./line.ts";
import { idAt, type RpcError, type RpcNotification, type RpcRequest, type RpcResult } from "./message.ts";
import { methodOf } from "./methods.ts";
import { isOpen, other, type CallBook } from "./calls.ts";
import type { Ended } from "./exchanges.ts";
import type { Call, SessionProblem } from "./reading.ts";
import { handshakeRules } from "./lint-handshake.ts";
import { listRules } from "./lint-lists.ts";
import { lineNamer, type NotAMessage } from "./not-a-message.ts";
import { RULES, sourceOf } from "./rules.ts";
import { isRevision, schemaUrl } from "./schemas.ts";

/** Where the official SDKs stop reading a message (STDIO_DEFAULT_MAX_BUFFER_SIZE). */
const TOO_BIG = 10 * 1024 * 1024;

export type Linter = ReturnType<typeof linter>;

export function linter(who: Identity, offers: Shelves, book: CallBook) {
  const problems: SessionProblem[] = [];
  const namer = lineNamer();
  const hands = handshakeRules(who);
  const lists = listRules();
  /** Ids that notifications carried, by the side that sent them. */
  const strays = new Set<string>();
  const tokens = new Map<string, Call>();
  const checkers = new WeakMap<object, Checker>();
  /** Said once in a session: a session that uses sampling a hundred times has one thing to learn. */
  const once = new Set<string>();
  let greeted: "no" | "asked" | "yes" = "no";
  let holes = false;

  const modern = (): boolean => who.era() === "modern";

  return {
    problems: (): readonly SessionProblem[] => problems,

    tools: (): string[] => lists.tools(),

    failed(seq: number, error: unknown): void {
      const why = error instanceof Error ? error.message : "unknown reason";
      const what = `our rules failed here: ${why}; the message itself is complete`;
      problems.push({
        seq,
        call: null,
        rule: "reader/failed",
        where: "$",
        what,
        severity: "note",
        source: null,
      });
    },

    /** Something was lost: answers without requests and requests without answers prove nothing any more. */
    hole(): void {
      holes = true;
    },

    line(line: MessageLine): void {
      for (const found of namer.cut(line.from)) named(found, line.from);
      if (line.eol === "none" && line.exchange === null) {
        const what = "the last message has no line end; a reader waits for one";
        add(line, null, [{ rule: "mcp/framing", where: line.from === "server" ? "stdout" : "stdin", what }]);
      }
      if (line.batch?.index === 0 && who.revision() !== "2025-03-26" && isRevision(who.revision()))
        add(line, null, [
          { rule: "mcp/batch", where: "$", what: `${line.batch.size} messages in one array` },
        ]);
      if (isLongerThan(line.message, TOO_BIG))
        add(line, null, [{ rule: "mcp/too-big", where: "$", what: "the message is over 10 MiB" }]);
    },

    invalid(line: MessageLine, why: string): void {
      add(line, null, [{ rule: "mcp/invalid-message", where: "$", what: why }]);
    },

    raw(line: RawLine, ours: boolean): void {
      const { seq, cut, from, text: words, http } = line;
      if (cut !== null && cut > TOO_BIG) {
        const what = `a line of ${Math.round(cut / 1024 / 1024)} MiB; the record keeps its beginning`;
        add({ seq }, null, [{ rule: "mcp/too-big", where: "$", what }]);
      }
      if (http?.path?.includes("/oauth-protected-resource")) {
        const resource = text(record(parseJson(words))?.["resource"]);
        if (resource !== null) elsewhere(seq, "$.resource", resource);
      }
      if (!ours) return;
      if (isTooMuch(words)) {
        const what = `a message nested deeper than ${DEEPEST} levels, or of more than ${MOST_VALUES} values, is kept as text`;
        const where = from === "server" ? "stdout" : "stdin";
        return add({ seq }, null, [{ rule: "mcp/too-deep", where, what }]);
      }
      for (const found of namer.name(line)) named(found, from);
    },

    /** What a 401 or 403 asks for. */
    challenge(words: string | null, seq: number): void {
      const metadata = /resource_metadata="?(https?:\/\/[^",\s]+)/i.exec(words ?? "")?.[1];
      if (metadata !== undefined) elsewhere(seq, "challenge", metadata);
    },

    /** `before`: the call that the same side made under this id earlier. */
    request(rpc: RpcRequest, line: MessageLine, call: Call, before: Call | null): void {
      const spoken = { wire: line.message, from: line.from, revision: revisionOf(rpc), modern: modern() };
      add(line, call, lintAsked(rpc, spoken));
      add(line, call, repeated(rpc, line, call, before));
      const greeted = hands.request(rpc, line);
      add(line, call, holes ? greeted.filter((it) => it.rule !== "mcp/no-handshake") : greeted);
      add(line, call, tokenOf(rpc, line, call));
      lists.asked(call, rpc);
      if (!modern()) add(line, call, greeting(rpc, line));
      const named = methodOf(rpc.method);
      if (named?.needs)
        add(line, call, capable(named.needs.by, named.needs.capability, rpc.method, line.from));
      if (modern() && line.http && line.from === "client" && line.exchange !== null)
        add(line, call, lintHeaders(rpc, line.http, toolOf(call)));
      if (rpc.method === "tools/call" && call.rounds.length === 1) add(line, call, argumentsOf(rpc, call));
      if (rpc.method === "sampling/createMessage") oldContext(rpc.params, line, call);
    },

    notification(rpc: RpcNotification, line: MessageLine, call: Call | null): void {
      add(
        line,
        call,
        lintAsked(rpc, { wire: line.message, from: line.from, revision: who.revision(), modern: modern() }),
      );
      if (rpc.stray) {
        strays.add(`${line.from} ${rpc.stray.key}`);
        const what = `${rpc.method} carries the id ${JSON.stringify(rpc.stray.id)}: it is a notification, and nobody answers one`;
        add(line, call, [{ rule: "mcp/notification-id", where: "$.id", what }]);
      }
      add(line, call, hands.notification(rpc, call));
      lists.changed(rpc.method);
      const named = methodOf(rpc.method);
      if (named?.needs && !(named.deprecated && modern()))
        add(line, call, capable(named.needs.by, named.needs.capability, rpc.method, line.from));
      if (rpc.method === "notifications/initialized") greeted = "yes";
      if (rpc.method === "notifications/progress") add(line, call, progressing(rpc, call));
      if (named?.deprecated && modern()) deprecated(line, call, named.method);
    },

    answer(rpc: RpcResult | RpcError, line: MessageLine, call: Call | null, late: string): void {
      if (late === "after-cancel")
        return add(line, call, [
          { rule: "mcp/answer-after-cancel", where: "$.id", what: `id ${rpc.id} was cancelled` },
        ]);
      if (late === "second")
        return add(line, call, [
          { rule: "mcp/second-answer", where: "$.id", what: `id ${rpc.id} was answered before` },
        ]);
      if ("result" in (record(line.message) ?? {}) && "error" in (record(line.message) ?? {}))
        add(line, call, [
          {
            rule: "mcp/result-and-error",
            where: "$",
            what: "a response has a result or an error, this has both",
          },
        ]);
      if (call === null && rpc.id !== null && !holes) add(line, null, unknown(rpc, line));
      add(line, call, lintCarrier(line));
      const spoken = { wire: line.message, from: line.from, revision: who.revision(), modern: modern() };
      add(line, call, lintAnswered(rpc, call, spoken));
      if (rpc.kind === "error") return add(line, call, errorCode(rpc));
      if (call === null) return;
      if (call.method === "initialize") greeted = "asked";
      add(line, call, hands.answered(call, rpc));
      add(line, call, lists.answered(call, rpc));
      add(line, call, structured(rpc, call));
      add(line, call, inputAsked(rpc));
      for (const request of Object.values(record(rpc.result?.["inputRequests"]) ?? {})) {
        const method = text(record(request)?.["method"]) ?? "";
        if (methodOf(method)?.deprecated) deprecated(line, call, method);
        oldContext(record(record(request)?.["params"]) ?? {}, line, call);
      }
      if (rpc.result?.["resultType"] === "task" && !declaresTasks(who.client.capabilities))
        add(line, call, [
          {
            rule: "mcp/capability",
            where: "$.result.resultType",
            what: "a task, and the client did not declare the tasks extension",
          },
        ]);
    },

    /** HTTP+SSE showed itself. */
    oldTransport(seq: number): void {
      deprecated({ seq }, null, "the HTTP+SSE transport (2024-11-05)");
    },

    /** An exchange is over, and these calls will have no answer. */
    ended({ how, why, status, stale, exchange }: Ended, calls: readonly Call[], seq: number): void {
      if (stale && !once.has("stale")) {
        once.add("stale");
        const what = "HTTP 404: the server does not know the session that the client names";
        add({ seq }, calls[0] ?? null, [{ rule: "mcp/stale-session", where: "header Mcp-Session-Id", what }]);
      }
      // 401 and 403 are how signing in begins; a session that is gone has a rule of its own.
      if (stale || status === 401 || status === 403) return;
      for (const call of calls) {
        const what = `${call.method}${call.name === null ? "" : ` ${call.name}`}: ${why}`;
        const rule = how === "moved" ? "mcp/redirect" : "mcp/no-answer";
        add({ seq: call.exchange === exchange ? (call.rounds.at(-1)?.seq ?? call.seq) : call.seq }, call, [
          { rule, where: "$.id", what },
        ]);
      }
    },

    /** The server ended before it said anything. */
    notStarted(why: string, seq: number): void {
      add({ seq }, null, [{ rule: "mcp/not-started", where: "process", what: why }]);
    },

    /** The session is over, and these calls have no answer. */
    over(calls: readonly Call[], why: string): void {
      for (const side of ["client", "server"] as const)
        for (const found of namer.cut(side)) named(found, side);
      if (holes) return;
      for (const call of calls) {
        const what = `${call.method}${call.name === null ? "" : ` ${call.name}`} has no answer: ${why}`;
        add({ seq: call.seq }, call, [{ rule: "mcp/unanswered", where: "$.id", what }]);
      }
    },
  };

  function add({ seq }: { seq: number }, call: Call | null, found: readonly Finding[]): void {
    for (const { rule, where, what } of found) {
      const revision = who.revision();
      const schema = rule === "mcp/schema" && isRevision(revision) ? schemaUrl(revision) : null;
      const source = schema ?? sourceOf(rule, who.era());
      problems.push({
        seq,
        call: call?.key ?? null,
        rule,
        where,
        what,
        severity: RULES[rule].severity,
        source,
      });
    }
  }

  /** A line that is no message, at the call that its message would have been about. */
  function named({ seq, rule, where, what, meant }: NotAMessage, from: Side): void {
    const answer = meant.find((it) => it.kind === "result" || it.kind === "error");
    const call = answer?.key ? book.earlier(other(from), answer.key) : null;
    add({ seq }, call, [{ rule, where, what }]);
  }

  /** An error that comes with an HTTP status of 400 or more speaks of the exchange, whatever its id. */
  function unknown(rpc: RpcResult | RpcError, { from, http }: MessageLine): Finding[] {
    if (rpc.kind === "error" && (http?.status ?? 0) >= 400) return [];
    // What refuses a notification for its id was caused by that id.
    if (strays.has(`${other(from)} ${rpc.key}`)) return [];
    const alike = book.alike(other(from), rpc.id);
    const kind = (id: unknown) => (typeof id === "string" ? "a text" : "a number");
    const hint =
      alike === null
        ? ""
        : `; ${alike.method} was asked under ${JSON.stringify(alike.id)}, ${kind(alike.id)}, and this is ${kind(rpc.id)}`;
    const what = `nobody asked under id ${JSON.stringify(rpc.id)}${hint}`;
    return [{ rule: "mcp/unknown-answer", where: "$.id", what }];
  }

  function elsewhere(seq: number, where: string, address: string): void {
    if (once.has(address)) return;
    once.add(address);
    const what = `the server calls itself by ${address}, and the client knows it by the proxy's address`;
    add({ seq }, null, [{ rule: "mcp/oauth-resource", where, what }]);
  }

  function deprecated(at: { seq: number }, call: Call | null, what: string): void {
    if (once.has(what)) return;
    once.add(what);
    add(at, call, [{ rule: "mcp/deprecated", where: "$", what: `${what} is deprecated` }]);
  }

  function oldContext(params: Record<string, unknown>, at: { seq: number }, call: Call): void {
    const context = text(params["includeContext"]);
    if ((who.revision() ?? "") < "2025-11-25" || context === null || context === "none") return;
    deprecated(at, call, `includeContext "${context}"`);
  }

  /** `initialize` speaks the revision that it asks for, not yet the agreed one. */
  function revisionOf(rpc: RpcRequest): string | null {
    return rpc.method === "initialize" ? text(rpc.params["protocolVersion"]) : who.revision();
  }

  function repeated(rpc: RpcRequest, line: MessageLine, call: Call, before: Call | null): Finding[] {
    if (before === null || before === call) return [];
    const open = isOpen(before) && before.state === "pending";
    // Over HTTP an id is only unique within a session that the server named.
    const oneSession = line.exchange === null || line.http?.headers["mcp-session-id"] !== undefined;
    if (modern() ? !(open && line.exchange === null) : !oneSession || before.probe) return [];
    return [
      {
        rule: "mcp/duplicate-id",
        where: "$.id",
        what: `id ${JSON.stringify(rpc.id)} was used in line ${before.seq}`,
      },
    ];
  }

  /** A token says whose the progress is: two open requests of one side cannot share it. */
  function tokenOf({ meta }: RpcRequest, { from }: MessageLine, call: Call): Finding[] {
    const token = idAt(meta, "progressToken");
    if (!token) return [];
    const key = `${from} ${token.key}`;
    const before = tokens.get(key);
    tokens.set(key, call);
    if (!before || before === call || !isOpen(before)) return [];
    const what = `the progress token ${JSON.stringify(token.id)} is that of ${before.method} in line ${before.seq}, which is not answered yet`;
    return [{ rule: "mcp/progress-token", where: "$.params._meta.progressToken", what }];
  }

  function greeting({ method }: RpcRequest, line: MessageLine): Finding[] {
    if (greeted === "yes" || line.exchange !== null || who.era() === null) return [];
    if (method === "initialize" || method === "ping" || method === "server/discover") return [];
    // Until the client says "initialized", the server may answer but not ask.
    if (greeted === "asked" && line.from === "client") return [];
    return [
      {
        rule: "mcp/before-initialized",
        where: "$.method",
        what: `${method} came before the handshake was over`,
      },
    ];
  }

  function capable(by: Side, path: string, method: string, from: Side): Finding[] {
    const { capabilities } = by === "client" ? who.client : who.server;
    if (capabilities === null) return [];
    // `completions` became a capability with 2025-03-26; before it, servers had no way to declare it.
    if (path === "completions" && who.revision() === "2024-11-05") return [];
    const declared = path.split(".").reduce<unknown>((it, key) => record(it)?.[key], capabilities);
    if (declared !== undefined && declared !== false) return [];
    const verb = by === from ? "sends" : "is asked for";
    return [
      {
        rule: "mcp/capability",
        where: "$.method",
        what: `the ${by} ${verb} ${method} and did not declare "${path}"`,
      },
    ];
  }

  function toolOf({ method, name }: Call): Record<string, unknown> | null {
    return method === "tools/call" && name !== null ? offers.tool(name) : null;
  }

  function argumentsOf({ params }: RpcRequest, call: Call): Finding[] {
    const tool = toolOf(call);
    if (tool === null) {
      if (!offers.knowsTools() || call.name === null) return [];
      return [
        { rule: "mcp/unknown-tool", where: "$.params.name", what: `the list has no tool "${call.name}"` },
      ];
    }
    const { check, why } = checkerFor(tool["inputSchema"]);
    if (check === null) return unusable("inputSchema", call, why);
    return check(params["arguments"] ?? {}).map(({ where, what, only }) => ({
      rule: only === "format" ? "mcp/format" : "mcp/input-schema",
      where: `$.params.arguments${where.slice(1)}`,
      what,
    }));
  }

  function structured({ result }: RpcResult, call: Call): Finding[] {
    if (call.state !== "ok" || call.method !== "tools/call") return [];
    const schema = toolOf(call)?.["outputSchema"];
    if (schema === undefined || result === null) return [];
    const where = "$.result.structuredContent";
    if (!("structuredContent" in result))
      return [
        {
          rule: "mcp/output-schema",
          where,
          what: "the tool has an outputSchema and the result no structuredContent",
        },
      ];
    const { check, why } = checkerFor(schema);
    if (check === null) return unusable("outputSchema", call, why);
    return check(result["structuredContent"]).map((it) => ({
      rule: it.only === "format" ? "mcp/format" : "mcp/output-schema",
      where: `${where}${it.where.slice(1)}`,
      what: it.what,
    }));
  }

  /** What a result asks of the client, the client must have declared. */
  function inputAsked({ result }: RpcResult): Finding[] {
    if (result?.["resultType"] !== "input_required") return [];
    return Object.entries(record(result["inputRequests"]) ?? {}).flatMap(([key, request]) => {
      const method = text(record(request)?.["method"]) ?? "";
      const needs = methodOf(method)?.needs;
      const found = needs ? capable(needs.by, needs.capability, method, "server") : [];
      return found.map((it) => ({ ...it, where: `$.result.inputRequests.${key}` }));
    });
  }

  function errorCode({ code }: RpcError): Finding[] {
    const where = "$.error.code";
    if (!modern() || code === null) return [];
    if (code === -32002 || code === -32042)
      return [{ rule: "mcp/error-code", where, what: `${code} was removed with 2026-07-28` }];
    const defined = code >= -32022 && code <= -32020;
    if (code > -32020 || code < -32099 || defined) return [];
    return [{ rule: "mcp/error-code", where, what: `${code} is reserved and not defined` }];
  }

  function progressing({ params }: RpcNotification, call: Call | null): Finding[] {
    const token = JSON.stringify(params["progressToken"]);
    if (call === null)
      return holes
        ? []
        : [
            {
              rule: "mcp/progress",
              where: "$.params.progressToken",
              what: `no request gave the token ${token}`,
            },
          ];
    if (call.state === "ok" || call.state === "error" || call.state === "tool-error")
      return [{ rule: "mcp/progress", where: "$.method", what: "progress after the answer" }];
    const [last, before] = [call.progress.at(-1), call.progress.at(-2)];
    if (last?.progress == null || before?.progress == null || last.progress > before.progress) return [];
    return [
      { rule: "mcp/progress", where: "$.params.progress", what: `${last.progress} after ${before.progress}` },
    ];
  }

  function unusable(which: string, { name }: Call, why: string): Finding[] {
    const what = `${which} of ${name}: ${why}`;
    if (once.has(what)) return [];
    once.add(what);
    return [{ rule: "mcp/tool-schema", where: "$", what }];
  }

  function checkerFor(schema: unknown): Checker {
    if (typeof schema !== "object" || schema === null) return { check: () => [], why: null };
    const known = checkers.get(schema);
    if (known) return known;
    const made = checkerOf(schema);
    checkers.set(schema, made);
    return made;
  }
}

/** Without making its text again: counts the characters of strings and keys until there are enough. */
function isLongerThan(value: unknown, limit: number): boolean {
  let left = limit;
  count(value);
  return left < 0;

  function count(it: unknown): void {
    if (left < 0) return;
    if (typeof it === "string") left -= it.length + 2;
    else if (typeof it !== "object" || it === null) left -= 4;
    else if (Array.isArray(it)) for (const one of it) count(one);
    else
      for (const [key, one] of Object.entries(it)) {
        left -= key.length + 4;
        count(one);
      }
  }
}

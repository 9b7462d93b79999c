/** The linter of a session: told of each thing as the reader understands it, it collects what is against the rules. */
import { declaresTasks, errorCode, lintAnswered, lintAsked } from "./lint-message.ts";
import { lintCarrier, lintHeaders, type Finding } from "./lint-http.ts";
import type { Identity } from "./identity.ts";
import type { Shelves } from "./inventory.ts";
import { record, text, type MessageLine } from "./line.ts";
import type { RpcError, RpcNotification, RpcRequest, RpcResult } from "./message.ts";
import { methodOf } from "./methods.ts";
import type { CallBook } from "./calls.ts";
import type { Ended } from "./exchanges.ts";
import type { Call } from "./reading.ts";
import { capable, inputAsked } from "./lint-capabilities.ts";
import { findings } from "./lint-findings.ts";
import { handshakeRules } from "./lint-handshake.ts";
import { idRules } from "./lint-ids.ts";
import { lineRules } from "./lint-lines.ts";
import { listRules } from "./lint-lists.ts";
import { progressing, progressRules } from "./lint-progress.ts";
import { toolRules } from "./lint-tools.ts";

export function linter(who: Identity, offers: Shelves, book: CallBook) {
  const said = findings(who);
  const { add, addOnce, deprecated } = said;
  const lines = lineRules(who, book, said);
  const hands = handshakeRules(who);
  const lists = listRules();
  const ids = idRules(who, book);
  const tokens = progressRules();
  const tools = toolRules(offers);
  let greeted: "no" | "asked" | "yes" = "no";
  let holes = false;

  const modern = (): boolean => who.era() === "modern";

  return {
    problems: said.all,
    failed: said.failed,
    line: lines.message,
    invalid: lines.invalid,
    raw: lines.raw,
    challenge: lines.challenge,

    tools: (): string[] => lists.tools(),

    /** Something was lost: answers without requests and requests without answers prove nothing any more. */
    hole(): void {
      holes = true;
    },

    /** `before`: the call that the same side made under this id earlier. */
    request(rpc: RpcRequest, line: MessageLine, call: Call, before: Call | null): void {
      const spoken = { wire: line.message, from: line.from, revision: revisionOf(rpc), modern: modern() };
      add(line, call, lintAsked(rpc, spoken));
      add(line, call, ids.repeated(rpc, line, call, before));
      const greeted = hands.request(rpc, line);
      add(line, call, holes ? greeted.filter((it) => it.rule !== "mcp/no-handshake") : greeted);
      add(line, call, tokens.tokenOf(rpc, line, call));
      lists.asked(call, rpc);
      if (!modern()) add(line, call, greeting(rpc, line));
      const named = methodOf(rpc.method);
      if (named?.needs)
        add(line, call, capable(who, named.needs.by, named.needs.capability, rpc.method, line.from));
      if (modern() && line.http && line.from === "client" && line.exchange !== null)
        add(line, call, lintHeaders(rpc, line.http, tools.toolOf(call)));
      if (rpc.method === "tools/call" && call.rounds.length === 1)
        add(line, call, tools.argumentsOf(rpc, call));
      if (rpc.method === "sampling/createMessage") oldContext(rpc.params, line, call);
    },

    notification(rpc: RpcNotification, line: MessageLine, call: Call | null): void {
      add(
        line,
        call,
        lintAsked(rpc, { wire: line.message, from: line.from, revision: who.revision(), modern: modern() }),
      );
      add(line, call, ids.stray(rpc, line));
      add(line, call, hands.notification(rpc, call));
      lists.changed(rpc.method);
      const named = methodOf(rpc.method);
      if (named?.needs && !(named.deprecated && modern()))
        add(line, call, capable(who, named.needs.by, named.needs.capability, rpc.method, line.from));
      if (rpc.method === "notifications/initialized") greeted = "yes";
      if (rpc.method === "notifications/progress") add(line, call, progressing(rpc, call, holes));
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
      if (call === null && rpc.id !== null && !holes) add(line, null, ids.unknown(rpc, line));
      add(line, call, lintCarrier(line));
      const spoken = { wire: line.message, from: line.from, revision: who.revision(), modern: modern() };
      add(line, call, lintAnswered(rpc, call, spoken));
      if (rpc.kind === "error") return add(line, call, modern() ? errorCode(rpc) : []);
      if (call === null) return;
      if (call.method === "initialize") greeted = "asked";
      add(line, call, hands.answered(call, rpc));
      add(line, call, lists.answered(call, rpc));
      add(line, call, tools.structured(rpc, call));
      add(line, call, inputAsked(who, rpc));
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
      if (stale) {
        const what = `HTTP ${status}: the server does not know the session that the client names${status === 404 ? "" : "; clients begin again on 404 alone"}`;
        const found: Finding = { rule: "mcp/stale-session", where: "header Mcp-Session-Id", what };
        addOnce("stale", { seq }, calls[0] ?? null, found);
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
      lines.over();
      if (holes) return;
      for (const call of calls) {
        const what = `${call.method}${call.name === null ? "" : ` ${call.name}`} has no answer: ${why}`;
        add({ seq: call.seq }, call, [{ rule: "mcp/unanswered", where: "$.id", what }]);
      }
    },
  };

  function oldContext(params: Record<string, unknown>, at: { seq: number }, call: Call): void {
    const context = text(params["includeContext"]);
    if ((who.revision() ?? "") < "2025-11-25" || context === null || context === "none") return;
    deprecated(at, call, `includeContext "${context}"`);
  }

  /** `initialize` speaks the revision that it asks for, not yet the agreed one. */
  function revisionOf(rpc: RpcRequest): string | null {
    return rpc.method === "initialize" ? text(rpc.params["protocolVersion"]) : who.revision();
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
}

/** From what is over to spans, in the words of the conventions: every name of an attribute comes from their table. */
import type { StepRow } from "../../fact/rows.ts";
import { errorKind, errorType } from "../count.ts";
import { operationOf, OURS, providerNameOf, type Semconv } from "../semconv.ts";
import type { Ready } from "./book.ts";
import { type ContentKey, known, type Span } from "./span.ts";
import { MAIN } from "./stretches.ts";

/** Where the page shows what; null where there is no page. */
export type Pages = {
  exchange(id: string): string | null;
  call(session: string, seq: number): string | null;
  run(id: string, step?: string): string | null;
};

export function pagesAt(base: string | null): Pages {
  const at = (path: string) => (base === null ? null : base + path);
  return {
    exchange: (id) => at(`/llm/${encodeURIComponent(id)}`),
    call: (session, seq) => at(`/mcp/${encodeURIComponent(session)}/${seq}`),
    run: (id, step) =>
      at(`/run/${encodeURIComponent(id)}${step === undefined ? "" : `?step=${encodeURIComponent(step)}`}`),
  };
}

export function spanOf(ready: Ready, convention: Semconv, pages: Pages): Span {
  switch (ready.kind) {
    case "model":
      return modelSpan(ready, convention, pages);
    case "tool":
      return toolSpan(ready, convention, pages);
    case "call":
      return callSpan(ready, convention, pages);
    case "agent":
      return agentSpan(ready, convention, pages);
    default:
      return ready satisfies never;
  }
}

type Of<Kind extends Ready["kind"]> = Extract<Ready, { kind: Kind }>;

function modelSpan({ row, at, run }: Of<"model">, { names }: Semconv, pages: Pages): Span {
  const operation = operationOf(row.dialect);
  const failed = errorKind(row) !== null;
  return {
    ...at,
    name: operation === null ? `${row.method} ${row.upstream}` : `${operation} ${row.model ?? row.upstream}`,
    kind: "client",
    start: row.at,
    end: row.at + (row.duration_ms ?? 0),
    error: failed ? (row.error ?? `HTTP ${row.status}`) : null,
    attributes: known({
      ...(operation !== null && {
        [names.operation]: operation,
        [names.provider]: providerNameOf(row.provider, row.upstream),
        [names.requestModel]: row.model,
        [names.stream]: row.streamed,
        [names.finishReasons]: row.finish === undefined ? null : [row.finish],
        [names.timeToFirstChunk]: row.streamed && row.ttft_ms !== null ? row.ttft_ms / 1000 : null,
        [names.inputTokens]: row.tokens_in,
        [names.outputTokens]: row.tokens_out,
        [names.cacheReadTokens]: row.tokens_cached,
        [names.cacheWriteTokens]: row.tokens_written,
        [names.reasoningTokens]: row.tokens_reasoning,
        [names.conversation]: run ?? row.conversation,
      }),
      ...server(row.target, names),
      [names.httpStatus]: row.status,
      [names.errorType]: failed ? errorType(row) : null,
      [OURS.exchange]: row.id,
      [OURS.exchangeUrl]: pages.exchange(row.id),
      [OURS.run]: run,
      [OURS.upstream]: row.upstream,
      [OURS.dialect]: row.dialect,
      [OURS.client]: row.client,
      [OURS.ending]: row.ending,
      [OURS.cost]: row.cost,
      [OURS.problems]: row.rules,
    }),
    content: operation === null ? null : { of: "model", exchange: row.id },
  };
}

function toolSpan({ step, at, from, to, error }: Of<"tool">, { names }: Semconv, pages: Pages): Span {
  return {
    ...at,
    name: `execute_tool ${step.name}`,
    kind: "internal",
    start: from,
    end: to,
    error:
      error === null ? null : (step.problems.find(({ severity }) => severity === "error")?.what ?? error),
    attributes: known({
      [names.operation]: "execute_tool",
      [names.toolName]: step.name,
      [names.toolCallId]: step.call,
      [names.toolType]: toolType(step),
      [names.conversation]: step.run,
      [names.errorType]: error,
      [OURS.run]: step.run,
      [OURS.runUrl]: pages.run(step.run, step.id),
      [OURS.exchange]: step.exchange,
      [OURS.exchangeUrl]: step.exchange === null ? null : pages.exchange(step.exchange),
      [OURS.toolState]: step.state,
      [OURS.certainty]: step.certainty,
      [OURS.rule]: step.rule,
      [OURS.problems]: step.problems.map(({ rule }) => rule),
    }),
    content: contentOf(step),
  };
}

/** By the conventions an `extension` runs where the model does, a `function` at the client. */
export function toolType({ state }: StepRow): string {
  return state === "provider" ? "extension" : "function";
}

function contentOf({ id, exchange, seen }: StepRow): ContentKey | null {
  const n = /#(\d+)$/.exec(id)?.[1];
  return n === undefined || exchange === null ? null : { of: "tool", exchange, n: Number(n), seen };
}

function callSpan({ call, at, run }: Of<"call">, { names, namesSessions }: Semconv, pages: Pages): Span {
  const { method, subject, session, seq, answer, errorType: error } = call;
  const target = call.tool ?? (method === "prompts/get" ? subject : null);
  return {
    ...at,
    name: target === null ? method : `${method} ${target}`,
    kind: "client",
    start: call.at - (call.ms ?? 0),
    end: call.at,
    error: error === null ? null : (call.message ?? error),
    attributes: known({
      [names.mcpMethod]: method,
      [names.operation]: call.tool === null ? null : "execute_tool",
      [names.toolName]: call.tool,
      [names.promptName]: method === "prompts/get" ? subject : null,
      [names.mcpResource]: method.startsWith("resources/") ? subject : null,
      [names.mcpProtocol]: call.revision,
      [names.mcpSession]: namesSessions(call.revision) ? session : null,
      [names.rpcId]: call.id,
      [names.rpcStatus]: call.code === null ? null : String(call.code),
      [names.transport]: call.transport,
      [names.errorType]: error,
      ...server(call.target, names),
      [OURS.server]: call.server,
      [OURS.session]: session,
      [OURS.sessionUrl]: pages.call(session, seq),
      // What leads from a span to its capture has one name, whatever the span is of.
      [OURS.exchangeUrl]: pages.call(session, seq),
      [OURS.run]: run,
    }),
    content: call.tool === null ? null : { of: "call", session, seq, answer },
  };
}

function agentSpan({ agent, stretch, at }: Of<"agent">, { names }: Semconv, pages: Pages): Span {
  const { row } = stretch;
  const name = agent.lane === MAIN ? (row?.agent ?? null) : agent.lane;
  return {
    ...at,
    name: name === null ? "invoke_agent" : `invoke_agent ${name}`,
    kind: "internal",
    start: agent.begin,
    end: agent.end,
    error: agent.error,
    attributes: known({
      [names.operation]: "invoke_agent",
      [names.agentName]: name,
      [names.provider]: agent.provider === null ? null : providerNameOf(agent.provider, ""),
      [names.conversation]: agent.run,
      [names.inputTokens]: agent.tokensIn,
      [names.outputTokens]: agent.tokensOut,
      [names.errorType]: agent.error === null ? null : "_OTHER",
      [OURS.run]: agent.run,
      [OURS.runUrl]: pages.run(agent.run),
      [OURS.exchangeUrl]: pages.run(agent.run),
      [OURS.lane]: agent.lane,
      [OURS.cost]: agent.cost > 0 ? agent.cost : null,
    }),
    content: null,
  };
}

function server(target: string | null, names: Semconv["names"]): Record<string, string | number> {
  if (target === null || !URL.canParse(target)) return {};
  const { hostname, port, protocol } = new URL(target);
  if (hostname === "") return {};
  const usual = protocol === "https:" || protocol === "wss:" ? 443 : 80;
  return { [names.serverAddress]: hostname, [names.serverPort]: port === "" ? usual : Number(port) };
}

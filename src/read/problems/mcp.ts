/**
 * One exchange of an MCP session for itself: what was asked in it and has no answer, and what came in a way that clients
 * do not take. The session as a whole has its own linter, which knows more.
 */
import { header, type Exchange } from "../../fact/exchange.ts";
import { exchangesInFlight } from "../mcp/exchanges.ts";
import { httpLines } from "../mcp/http-lines.ts";
import { lineOf } from "../mcp/line.ts";
import { lintCarrier, type Finding } from "../mcp/lint-http.ts";
import { rpcOf } from "../mcp/message.ts";
import { subjectOf } from "../mcp/methods.ts";
import { RULES, sourceOf } from "../mcp/rules.ts";
import type { Problem } from "../reading.ts";
import { problem, type Rule } from "./rule.ts";

export const mcp: readonly Rule[] = [exchangeAlone];

/** Taking it apart again costs as much as reading it did; what is larger than this came with an answer. */
const MOST_BYTES = 1024 * 1024;

function exchangeAlone({ exchange, reading }: Parameters<Rule>[0]): Problem[] {
  // A transfer that broke is told for every API alike.
  if (reading.dialect !== "mcp" || exchange.close?.ending !== "complete" || exchange.method !== "POST")
    return [];
  if (sizeOf(exchange) > MOST_BYTES || exchange.gaps.length > 0 || answersElsewhere(exchange)) return [];
  return findings(exchange).map(({ rule, where, what }) =>
    problem(RULES[rule].severity, rule, where, what, sourceOf(rule, null)),
  );
}

function findings(exchange: Exchange): Finding[] {
  const inFlight = exchangesInFlight();
  const open = new Map<string, string>();
  const found: Finding[] = [];
  for (const [n, { body }] of httpLines(exchange).entries()) {
    const line = lineOf(body, n);
    if (line.kind === "event" && line.event === "close") {
      const end = inFlight.ended(line);
      const isRefused = (end?.status ?? 0) >= 400; // told for every API alike
      if (end?.stale) found.push(finding("mcp/stale-session", end.why));
      else if (end && !isRefused)
        for (const title of open.values())
          found.push(finding(end.how === "moved" ? "mcp/redirect" : "mcp/no-answer", `${title}: ${end.why}`));
    }
    if (line.kind === "raw" || line.kind === "message") inFlight.heard(line);
    if (line.kind !== "message") continue;
    const rpc = rpcOf(line.message);
    if (rpc.kind === "request" && line.from === "client") {
      const name = subjectOf(rpc.method, rpc.params);
      open.set(rpc.key, name === null ? rpc.method : `${rpc.method} ${name}`);
    }
    if ((rpc.kind !== "result" && rpc.kind !== "error") || line.from === "client") continue;
    found.push(...lintCarrier(line));
    // An error without the request's id speaks of the only one there is.
    if (!open.delete(rpc.key ?? "") && rpc.kind === "error" && open.size === 1) open.clear();
  }
  return found;
}

function finding(rule: Finding["rule"], what: string): Finding {
  return { rule, where: "response", what };
}

/** HTTP+SSE (2024-11-05): a post is accepted, and its answer comes on another stream. */
function answersElsewhere({ path, request, response }: Exchange): boolean {
  const takesStream = /text\/event-stream/i.test(header(request.headers, "accept") ?? "");
  return response?.status === 202 && (!takesStream || /[?&]session_?id=/i.test(path));
}

function sizeOf({ request, response }: Exchange): number {
  const pieces = [...request.pieces, ...(response?.pieces ?? [])];
  return pieces.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
}

/** What a message of MCP brings about, where it is a step that a newcomer looks for. From the row and what is known of its call. */
import type { ShownLine } from "../../fact/live.ts";
import type { MessageMilestone } from "../../fact/milestones.ts";
import type { Call } from "../mcp/reading.ts";

/** `about`: of a notification the call that it tells of. */
export function milestoneOf(row: ShownLine, call: Call | null, about: Call | null): MessageMilestone | null {
  switch (row.kind) {
    case "request":
      return call && call.rounds.findIndex(({ seq }) => seq === row.seq) > 0
        ? "input-answered"
        : (ASKED[`${row.from} ${row.method}`] ?? null);
    case "result":
      return answered(row, call);
    case "notification":
      return notified(row, about);
    default:
      return null;
  }
}

/** Who asks decides: a server has no tools to call at its client. */
const ASKED: Readonly<Record<string, MessageMilestone>> = {
  "client initialize": "handshake-began",
  "client tools/call": "tool-asked",
  "server elicitation/create": "elicitation-asked",
  "server sampling/createMessage": "sampling-asked",
  "server roots/list": "roots-asked",
};

const ANSWERED: Readonly<Record<string, MessageMilestone>> = {
  "server server/discover": "discovered",
  "server tools/list": "tools-listed",
  "server tools/call": "tool-served",
  "server resources/read": "resource-read",
  "server prompts/get": "prompt-given",
  "client elicitation/create": "elicitation-answered",
  "client sampling/createMessage": "sampling-answered",
  "client roots/list": "roots-answered",
};

/** By its own round: the call goes on, and what this answer was does not change. */
function answered({ from, method, state, seq }: ShownLine, call: Call | null): MessageMilestone | null {
  const n = call?.rounds.findIndex((round) => round.answer_seq === seq) ?? -1;
  const isLast = call !== null && n === call.rounds.length - 1;
  if (n >= 0 && (!isLast || state === "input_required")) return "input-asked";
  if (call?.task?.history[0]?.seq === seq) return "task-made";
  if (state === "tool-error") return "tool-failed";
  return ANSWERED[`${from} ${method}`] ?? null;
}

function notified({ from, method, seq }: ShownLine, about: Call | null): MessageMilestone | null {
  if (method === "notifications/initialized" && from === "client") return "handshake-done";
  if (method === "notifications/cancelled") return "cancelled";
  if (method === "notifications/subscriptions/acknowledged") return "subscribed";
  if (method?.endsWith("/list_changed")) return "list-changed";
  if (method === "notifications/progress") return about?.progress[0]?.seq === seq ? "progress-began" : null;
  const end = about?.task?.history.find((it) => it.seq === seq)?.status;
  return end === "completed" ? "task-done" : null;
}

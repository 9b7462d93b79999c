/** Tools: what the model was offered, what it called, and what came back. */
import { html, type Html } from "../html.ts";
import type { Panel } from "../panels.ts";
import { drawCall, drawPart, json, numbered, type Numbers } from "../parts.ts";
import type { Part, Tool } from "../../read/reading.ts";
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";

/** A place whose value is a JSON Schema: its keywords mean the same in every dialect. */
const SCHEMA = { dialect: "openai-chat", side: "request", path: "tools.function.parameters" } as const;

type Call = Extract<Part, { type: "tool_call" }>;
type Result = Extract<Part, { type: "tool_result" }>;

export const tools: Panel = {
  name: "tools",
  title: "panel.tools",
  count: ({ reading }) => reading.tool_calls.length,
  draw(view, seen) {
    const { t } = view;
    const { reading } = seen;
    const numbers = numbered(reading.tools);
    const { calls, results } = history(seen);
    return html`<div class="tools">
      <h3>${t("tools.now")}</h3>
      ${reading.tool_calls.length === 0 ? html`<p class="empty">${t("tools.no-calls")}</p>` : reading.tool_calls.map((call) => drawCall(view, call, numbers))}
      ${
        calls.length > 0 &&
        html`<h3>${t("tools.before")}</h3>
          ${calls.map((call) => pair(view, call, results, numbers))}`
      }
      <h3>${t("tools.offered", { n: reading.tools.length })}</h3>
      ${reading.tools.length === 0 && html`<p class="empty">${t("tools.none")}</p>`}
      ${reading.tools.map((tool, n) => offer(view, tool, n + 1))}
    </div>`;
  },
};

function history({ reading }: Seen): { calls: Call[]; results: Result[] } {
  const parts = reading.messages.flatMap(({ parts: some }) => some);
  return {
    calls: parts.filter((part) => part.type === "tool_call"),
    results: parts.filter((part) => part.type === "tool_result"),
  };
}

function pair(view: View, call: Call, results: Result[], numbers: Numbers): Html {
  const result = results.find(({ id }) => id !== null && id === call.id);
  return html`<div class="pair">
    ${drawCall(view, call, numbers)}${result && drawPart(view, result, numbers)}
  </div>`;
}

function offer(view: View, { name, description, schema, kind, by }: Tool, n: number): Html {
  const { t } = view;
  return html`<details class="offer">
    <summary>
      <i class="n">${n}</i
      ><code class="name">${name}</code> ${kind !== "function" && html`<small>${kind}</small>`}
      ${by === "server" && html`<small>${t("part.server")}</small>`}<span class="says"
        >${description?.slice(0, 160)}</span
      >
    </summary>
    ${description !== null && html`<div class="prose">${description}</div>`}
    ${schema != null && json(view, schema, SCHEMA)}
  </details>`;
}

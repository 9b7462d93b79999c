/** Tools that the model was offered: by server, with their weight, which were called, and their schemas. */
import { count } from "../../shown/numbers.ts";
import { serverOf, toolChars } from "../../read/run/ledger.ts";
import type { Tool } from "../../read/reading.ts";
import { html, type Html } from "../html.ts";
import { json } from "../parts.ts";
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";

/** A place whose value is a JSON Schema: its keywords mean the same in every dialect. */
const SCHEMA = { dialect: "openai-chat", side: "request", path: "tools.function.parameters" } as const;
const CHARS_PER_TOKEN = 4;

export function offered(view: View, { reading }: Seen): Html | false {
  const { t } = view;
  if (reading.tools.length === 0) return false;
  const before = new Set(
    reading.messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === "tool_call" ? [part.name] : [])),
    ),
  );
  const now = new Set(reading.tool_calls.map(({ name }) => name));
  const called = (name: string) => (now.has(name) ? "now" : before.has(name) ? "before" : "never");
  return html`<section class="tools">
    <h3>${t("tools.offered", { n: reading.tools.length })}</h3>
    ${reading.tools.map((tool, n) => offer(view, tool, n + 1, called(tool.name)))}
  </section>`;
}

function offer(view: View, tool: Tool, n: number, called: "now" | "before" | "never"): Html {
  const { t, lang } = view;
  const { name, description, schema, kind, by } = tool;
  const server = serverOf(tool);
  return html`<details class="offer called-${called}">
    <summary>
      <i class="n">${n}</i
      ><code class="name">${name}</code> ${called !== "never" && html`<b>${t(`tools.called.${called}`)}</b>`}
      ${server !== "" && html`<small>${server}</small>`}
      ${kind !== "function" && html`<small>${kind}</small>`}
      ${by === "server" && html`<small>${t("part.server")}</small>`}<span class="says"
        >${description?.slice(0, 160)}</span
      ><small class="weight"
        >${t("story.weight", { n: count(Math.ceil(toolChars(tool) / CHARS_PER_TOKEN), lang) })}</small
      >
    </summary>
    ${description !== null && html`<div class="prose">${description}</div>`}
    ${schema != null && json(view, schema, SCHEMA)}
  </details>`;
}

/** One session: its head, and its messages, what it offers or its problems. */
import type { Fold } from "../session-views.ts";
import { count } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import { problemList } from "../panels/problems.ts";
import { RULES, sourceOf } from "../../read/mcp/rules.ts";
import { changedSentence, toolChanges } from "../../read/mcp/tools-since.ts";
import { pulledTools } from "../runs/pulled-tools.ts";
import { pulledBanner } from "../runs/tool-changes.ts";
import type { View } from "../view.ts";
import { inventory } from "./inventory.ts";
import { messageList } from "./message-list.ts";
import { sessionHead } from "./session-head.ts";

export type Part = "messages" | "inventory" | "problems";

export async function session(view: View, fold: Fold, part: Part): Promise<Html> {
  const { t } = view;
  const { row, list } = fold;
  const { offers, problems } = list.head();
  const tabs: [Part, string, number][] = [
    ["messages", t("mcp.messages"), row.messages],
    ["inventory", t("mcp.inventory"), offers],
    ["problems", t("panel.problems"), problems],
  ];
  return html`<article class="session" data-id="${row.id}" data-part="${part}">
    ${await sessionHead(view, fold)}
    <div class="panel-tabs" role="tablist" aria-label="${t("mcp.parts")}">
      ${tabs.map(
        ([name, title, n]) =>
          html`<a
            role="tab"
            id="tab-${name}"
            href="/mcp/${row.id}?part=${name}"
            hx-get="/mcp/${row.id}?part=${name}"
            hx-target="#session"
            data-part-tab="${name}"
            aria-selected="${name === part ? "true" : "false"}"
            aria-controls="part"
            tabindex="${name === part ? 0 : -1}"
            >${title}
            <b data-n="${name}" class="${name === "problems" && "warn"}" ${n === 0 && html`hidden`}
              >${count(n, view.lang)}</b
            ></a
          >`,
      )}
    </div>
    <div
      id="part"
      role="tabpanel"
      aria-labelledby="tab-${part}"
      class="part part-${part}"
      ${part !== "messages" && html`tabindex="0"`}
    >
      ${await drawPart(view, fold, part)}
    </div>
  </article>`;
}

async function drawPart(view: View, fold: Fold, part: Part): Promise<Html> {
  switch (part) {
    case "messages":
      return messageList(view, fold.row.id);
    case "inventory":
      return inventory(view, fold);
    case "problems":
      return problemsPart(view, fold);
    default:
      return html`${part satisfies never}`;
  }
}

/** Those of the messages, and what is only seen beside the session before. */
async function problemsPart(view: View, { row, list }: Fold): Promise<Html> {
  const pulled = await pulledTools(view.sources.index, row);
  const before = await view.sources.index.sessions({ limit: 5, before: row.id, name: row.name });
  const changed = toolChanges(row, before.items);
  const what = changed && changedSentence(changed);
  const [severity, source] = [RULES["mcp/changed-tool"].severity, sourceOf("mcp/changed-tool", row.era)];
  const since = what ? [{ rule: "mcp/changed-tool", where: "inventory", what, severity, source }] : [];
  const own = list.reader.problems().map((it) => ({ ...it, where: `#${it.seq} ${it.where}` }));
  return html`${pulled && pulledBanner(view, pulled)}${problemList(view, [...since, ...own])}`;
}

/** What is another in the definitions of tools: each keyword with its texts before and after, differences marked. */
import type { ChangedTool } from "../../read/run/definition-changes.ts";
import type { Change } from "../../read/run/schema-diff.ts";
import { textDiff } from "../../read/run/text-diff.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import type { View } from "../view.ts";
import type { Pulled } from "./pulled-tools.ts";

/** Changes of one tool that are shown, and characters of each. */
const MOST_CHANGES = 30;
const SHOWN_CHARS = 4_000;

/** Loud: who agreed to these tools has not seen what they say now. */
export function pulledBanner(view: View, { server, since, tools }: Pulled): Html {
  const { t } = view;
  return html`<section class="pulled" role="note">
    <h3>
      ${icon("warn")} ${t("pulled.title", { server })}
      <a href="/mcp/${since}?part=inventory">${t("pulled.since")}</a>
    </h3>
    <p>${t("pulled.why")}</p>
    ${tools.map((tool) => toolChange(view, tool))}
  </section>`;
}

export function toolChange(view: View, { tool, changes }: ChangedTool): Html {
  return html`<details class="tool-change" open>
    <summary>
      <code class="name">${tool}</code>
      <small>${[...new Set(changes.map(({ where }) => short(where)))].join(", ")}</small>
    </summary>
    ${changedParts(view, changes)}
  </details>`;
}

export function changedParts({ t }: View, changes: readonly Change[]): Html {
  return html`<dl class="against">
      ${changes.slice(0, MOST_CHANGES).map(
        ({ where, kind, before, after }) =>
          html`<dt><code>${where.replace(/^\$\./, "")}</code> ${t(`pulled.${kind}`)}</dt>
            <dd><pre class="code" tabindex="0">${marked(textOf(before), textOf(after))}</pre></dd>`,
      )}
    </dl>
    ${changes.length > MOST_CHANGES && html`<p class="why">${t("pulled.more", { n: changes.length - MOST_CHANGES })}</p>`}`;
}

/** The keyword that somebody looks for first: `inputSchema.properties.hint.type` is the input's. */
function short(where: string): string {
  return where.replace(/^\$\./, "").split(".")[0] ?? where;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return (typeof value === "string" ? value : JSON.stringify(value, null, 2)).slice(0, SHOWN_CHARS);
}

function marked(before: string, after: string): Html[] {
  return textDiff(before, after).map(({ kind, text }) =>
    kind === "same" ? html`${text}` : kind === "gone" ? html`<del>${text}</del>` : html`<ins>${text}</ins>`,
  );
}

/** Two answers side by side: what only one of them says is marked in it. */
import { html, type Html } from "../html.ts";
import type { Seen } from "../readings.ts";
import type { Part } from "../../read/reading.ts";
import { type Stretch, textDiff } from "../../read/run/text-diff.ts";
import type { View } from "../view.ts";

/** Characters of an answer that stand here; all of it stands in its own page. */
const SHOWN_CHARS = 12_000;

export function answers(view: View, before: Seen, after: Seen): Html {
  const { t } = view;
  const [old, now] = [textOf(before), textOf(after)];
  const diff = textDiff(old, now);
  const side = (name: string, seen: Seen, text: string, without: Stretch["kind"]) =>
    html`<section class="compare-side">
      <h3>${name}</h3>
      ${
        text === ""
          ? html`<p class="empty">${t("compare.silent")}</p>`
          : html`<pre class="code" tabindex="0" aria-label="${name}">${marked(diff, without)}</pre>`
      }
      ${text.length > SHOWN_CHARS && html`<a href="/llm/${seen.exchange.id}/story">${t("compare.whole")}</a>`}
    </section>`;
  if (old === now && old !== "")
    return html`<p>${t("compare.same-answer")}</p>
      ${side(t("compare.after"), after, now, "gone")}`;
  return html`<div class="compare-sides">
    ${side(t("compare.before"), before, old, "new")} ${side(t("compare.after"), after, now, "gone")}
  </div>`;
}

function marked(diff: readonly Stretch[], without: Stretch["kind"]): Html[] {
  let left = SHOWN_CHARS;
  return diff.flatMap(({ kind, text }) => {
    if (kind === without || left <= 0) return [];
    const shown = text.slice(0, left);
    left -= shown.length;
    if (kind === "gone") return html`<del>${shown}</del>`;
    return kind === "new" ? html`<ins>${shown}</ins>` : html`${shown}`;
  });
}

function textOf({ reading }: Seen): string {
  return reading.answer.parts
    .map(lineOf)
    .filter((text) => text !== "")
    .join("\n\n");
}

function lineOf(part: Part): string {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text;
    case "tool_call":
      return `${part.name} ${part.arguments}`;
    default:
      return "";
  }
}

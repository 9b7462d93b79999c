/** What is wrong, where, and by which rule of which document. */
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Lang } from "../language.ts";
import { RULES } from "../../read/mcp/rules.ts";
import { explanations } from "../../read/problems/explain.ts";
import type { Problem } from "../../read/reading.ts";
import { twoSayings } from "../two-sayings.ts";
import type { View } from "../view.ts";

/** What a rule means at all, in the visitor's language; what happened here is said by the problem itself. */
const meanings: Readonly<Record<string, Readonly<Record<Lang, string>>>> = { ...explanations, ...RULES };

export function problemList(view: View, list: readonly Problem[]): Html {
  const { t } = view;
  if (list.length === 0) return html`<p class="empty">${t("problems.none")}</p>`;
  const order = ["error", "warning", "note"] as const;
  const sorted = order.flatMap((severity) => list.filter((it) => it.severity === severity));
  return html`<ul class="problems">
    ${sorted.map(({ severity, what, where, rule, source }) => {
      const { first, second } = twoSayings(view, what, meaningOf(view, rule));
      return html`<li class="${severity}">
        ${icon(severity === "error" ? "err" : severity === "warning" ? "warn" : "note")}
        <div>
          <p><b>${t(`problems.${severity}`)}</b> ${first}</p>
          ${second !== null && html`<p class="means">${second}</p>`}
          <p class="where">
            <code>${where}</code> ·
            <code>${rule}</code
            >${source !== null && isLink(source) && html` · <a href="${source}" rel="noreferrer" target="_blank">${t("problems.source")}</a>`}
          </p>
        </div>
      </li>`;
    })}
  </ul>`;
}

function isLink(source: string): boolean {
  return /^https?:\/\//.test(source);
}

export function meaningOf({ lang }: View, rule: string): string | null {
  return meanings[rule]?.[lang] ?? null;
}

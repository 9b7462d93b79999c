/** All lessons, and the switches that break the demo: each a click from its recorded result. */
import { MODEL_BREAKS, SERVER_BREAKS } from "../../fact/lessons.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { meaningOf } from "../panels/problems.ts";
import type { View } from "../view.ts";
import { prose } from "./card.ts";
import { lessons } from "./lessons.ts";

export function lessonList(view: View): Html {
  const { t, lang, sources } = view;
  const canRun = sources.runLesson !== undefined;
  return html`<main class="view lessons" data-view="lessons">
    <div class="lessons-page" tabindex="0" role="region" aria-labelledby="lesson">
      <h1 id="lesson">${t("lessons.title")}</h1>
      <p class="lead">${t("lessons.about")}</p>
      <ol class="lesson-cards">
        ${lessons.map(
          ({ name, title, about, steps, question }) =>
            html`<li>
              <a href="/learn/${name}"
                ><h2>${title[lang]}</h2>
                <p>${prose(about[lang])}</p>
                <small
                  >${t("lessons.count", { n: steps.length })}${question && html` · ${t("lessons.asks")}`}</small
                ></a
              >
            </li>`,
        )}
      </ol>
      <h2>${t("breaks.title")}</h2>
      <p class="lead">${t("breaks.about")} ${!canRun && t("breaks.no-proxy")}</p>
      ${breakTable(view, t("breaks.model"), MODEL_BREAKS, canRun)}
      ${breakTable(view, t("breaks.server"), SERVER_BREAKS, canRun)}
      <p class="lead">
        ${t("breaks.docs")} <code>bun run demo cut-stream</code> ·
        <code>bun src/mcp/weather.ts --break pollution</code>
      </p>
    </div>
  </main>`;
}

function breakTable(view: View, title: string, all: Readonly<Record<string, string>>, canRun: boolean): Html {
  const { t } = view;
  return html`<h3>${title}</h3>
    <ul class="breaks">
      ${Object.entries(all).map(
        ([name, rule]) =>
          html`<li>
            ${
              canRun
                ? html`<button class="button" data-run="${name}" aria-label="${t("breaks.do")} ${name}">
                    ${icon("play")} <code>${name}</code>
                  </button>`
                : html`<code>${name}</code>`
            }
            <p><code>${rule}</code> ${meaningOf(view, rule)}</p>
          </li>`,
      )}
    </ul>`;
}

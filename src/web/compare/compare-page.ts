/** Two exchanges side by side: a sentence that says what differs, their numbers, their requests, their answers. */
import { cacheSaid } from "../cache-said.ts";
import { cacheMiss } from "../../read/run/cache-miss.ts";
import { requestDiff } from "../../read/run/request-diff.ts";
import { html } from "../html.ts";
import { icon } from "../icons.ts";
import { gone } from "../llm.ts";
import { changes, sideOf } from "../panels/before.ts";
import type { Place } from "../shell.ts";
import type { View } from "../view.ts";
import { answers } from "./answers.ts";
import { comparePath } from "./buttons.ts";
import { numbers } from "./numbers.ts";
import { headline } from "./headline.ts";
import { comparedSide } from "./side.ts";

export async function compare(view: View, ids: readonly [string, string], address: string) {
  const { t } = view;
  const place: Place = { tab: "llm", title: `${t("compare.title")} · MCP Proxy Logger`, address };
  const [before, after] = [await view.see(ids[0]), await view.see(ids[1])];
  if (!before || !after) {
    const main = html`<main class="view compare" data-view="still">${gone(view, ids[before ? 1 : 0])}</main>`;
    return { place, main, status: 404 };
  }
  const diff = requestDiff(before.reading, after.reading);
  // Of two that do not follow each other no cache could know.
  const follows = (await view.sources.index.exchange(ids[1]))?.parent === ids[0];
  const ours = follows ? cacheMiss(sideOf(before), sideOf(after), diff).ours : null;
  const main = html`<main class="view compare" data-view="still">
    <header class="run-head">
      <a class="button quiet" href="/llm/${ids[1]}">${icon("back")} ${t("compare.back")}</a>
      <h1>${t("compare.title")}</h1>
      <span class="grow"></span>
      <a class="button" href="${comparePath(ids[1], ids[0])}">${t("compare.swap")}</a>
      <a class="button quiet" href="/api/exchanges/${ids[1]}/diff?with=${ids[0]}">JSON</a>
    </header>
    <div class="compare-body" id="list" tabindex="-1">
      <p class="compare-says">${headline(view, diff)}</p>
      ${ours && html`<p class="why">${t("cache.ours")} ${t(`cache.why.${ours.reason}`)} <small>${cacheSaid(view, ours.what)}</small></p>`}
      ${numbers(view, [await comparedSide(view, before), await comparedSide(view, after)])}
      <section class="against" aria-labelledby="compare-request">
        <h2 id="compare-request">${t("compare.request")}</h2>
        ${changes(view, diff)}
      </section>
      <section class="against" aria-labelledby="compare-answers">
        <h2 id="compare-answers">${t("compare.answers")}</h2>
        ${answers(view, before, after)}
      </section>
    </div>
  </main>`;
  return { place, main, status: 200 };
}

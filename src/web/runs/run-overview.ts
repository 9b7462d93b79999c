/** A run as a whole: its problems, how its context grew, who was waited for, and what servers offer against what was given. */
import type { RunRow } from "../../fact/rows.ts";
import type { ExposedTool, Exposure } from "../../read/run/exposure.ts";
import type { Growth } from "../../read/run/growth.ts";
import { count, ms } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import { blocks, grew, paidFor } from "./run-context.ts";
import { problemsOf } from "./run-problems.ts";
import { runData } from "./run-data.ts";
import { changedParts, pulledBanner } from "./tool-changes.ts";
import { share } from "./run-step.ts";
import type { View } from "../view.ts";
import type { Key } from "../words.ts";

const MOST_STEPS = 10_000;

export async function overview(view: View, row: RunRow): Promise<Html> {
  const data = runData(view.sources, view.see);
  const { items: steps } = await view.sources.index.steps(row.id, undefined, MOST_STEPS);
  const growth = await data.growth(row.id);
  const exposure = row.servers.length > 0 ? await data.exposure(row) : null;
  const pulled = await data.pulled(row);
  return html`<article class="run-overview">
    ${pulled.map((one) => pulledBanner(view, one))} ${problemsOf(view, row, steps)} ${waits(view, growth)}
    ${paidFor(view, growth)} ${grew(view, growth)} ${blocks(view, growth)}
    ${exposure && exposed(view, exposure)}
  </article>`;
}

function waits({ t }: View, { waited }: Growth): Html {
  const parts = [
    ["model", waited.model],
    ["tools", waited.tools],
    ["host", waited.host],
  ] as const;
  const whole = parts.reduce((sum, [, time]) => sum + time, 0);
  return html`<section>
    <h2>${t("run.waited")}</h2>
    <table class="context">
      ${parts.map(
        ([name, time]) =>
          html`<tr>
            <th>${t(`run.waited.${name}` as Key)}</th>
            <td class="num">${ms(time)}</td>
            <td>${share(time, whole)}</td>
          </tr>`,
      )}
    </table>
  </section>`;
}

function exposed(view: View, { servers }: Exposure): Html {
  const { t, lang } = view;
  return html`<section>
    <h2>${t("run.exposure")}</h2>
    <p class="why">${t("run.exposure.why")}</p>
    ${servers.map(({ server, tokens: sum, tools }) => {
      const idle = tools.filter(({ as, calls }) => as !== null && calls === 0);
      const wasted = idle.reduce((all, tool) => all + tool.tokens, 0);
      return html`<details ${tools.some((tool) => tool.state !== "given") && html`open`}>
        <summary>
          <b>${server || t("run.exposure.host")}</b>
          ${t("run.exposure.sum", { n: tools.length, tokens: count(sum, lang) })}
          ${idle.length > 0 && html`<small>${t("run.exposure.idle", { n: idle.length, tokens: count(wasted, lang) })}</small>`}
        </summary>
        <table class="exposure">
          <thead>
            <tr>
              <th>${t("run.exposure.tool")}</th>
              <th>${t("run.exposure.as")}</th>
              <th>${t("run.exposure.state")}</th>
              <th class="num">${t("run.tokens")}</th>
              <th class="num">${t("run.exposure.calls")}</th>
            </tr>
          </thead>
          ${tools.map((tool) => exposedTool(view, tool))}
        </table>
      </details>`;
    })}
  </section>`;
}

function exposedTool(view: View, { tool, as, state, changes, tokens: weight, calls }: ExposedTool): Html {
  const { t, lang } = view;
  const said = html`<b class="exposed-${state}" title="${t(`run.exposed.${state}.why` as Key)}"
    >${t(`run.exposed.${state}` as Key)}</b
  >`;
  return html`<tr>
    <td><code>${tool}</code></td>
    <td>${as && html`<code>${as}</code>`}</td>
    <td>
      ${
        changes.length === 0
          ? said
          : html`<details class="tool-change">
              <summary>${said} <small>${changes.map(({ where }) => where).join(", ")}</small></summary>
              ${changedParts(view, changes)}
            </details>`
      }
    </td>
    <td class="num">${count(weight, lang)}</td>
    <td class="num">
      ${calls > 0 ? count(calls, lang) : as !== null && html`<small>${t("run.exposure.never")}</small>`}
    </td>
  </tr>`;
}

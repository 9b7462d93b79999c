/** What filled the context of a run: how it grew, what each block has cost in all the requests that brought it again, the bill. */
import type { Growth, GrownBlock, PaidModel } from "../../read/run/growth.ts";
import { count, dollars, tokens } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import { drawTreemap } from "../treemap.ts";
import type { View } from "../view.ts";
import type { Key } from "../words.ts";
import { share } from "./run-step.ts";

/** Bars of the growth: more steps share one. */
const MOST_BARS = 200;
/** Rows of the table of blocks; the rest is one row. */
const MOST_BLOCKS = 16;

const KINDS = [
  "kept",
  "system",
  "tools",
  "user",
  "answers",
  "reasoning",
  "calls",
  "results",
  "images",
  "files",
  "other",
];

/** A bar for each request, piled up by where its tokens come from. */
export function grew({ t, lang }: View, { steps, totals }: Growth): Html | false {
  if (steps.length === 0) return false;
  const every = Math.ceil(steps.length / MOST_BARS);
  const shown = steps.filter((_, n) => n % every === 0);
  const most = Math.max(1, ...shown.map(({ input }) => input));
  const width = 100 / shown.length;
  const kinds = [...KINDS, ...Object.keys(totals).filter((kind) => !KINDS.includes(kind))].filter(
    (kind) => totals[kind],
  );
  const bars = shown.map(({ context, input }, n) => {
    const sum = Math.max(
      1,
      Object.values(context).reduce((all, one) => all + one, 0),
    );
    let y = 60;
    return kinds.map((kind) => {
      const height = ((context[kind] ?? 0) / sum) * (input / most) * 60;
      y -= height;
      return (
        height > 0 &&
        html`<rect
          class="kind-${kind}"
          x="${(n * width).toFixed(3)}"
          y="${y.toFixed(3)}"
          width="${(width * 0.86).toFixed(3)}"
          height="${height.toFixed(3)}"
        ></rect>`
      );
    });
  });
  const all = Object.values(totals).reduce((sum, n) => sum + n, 0);
  const [first, last] = [shown[0]!, shown.at(-1)!];
  return html`<section>
    <h2>${t("run.grew")}</h2>
    <p class="why">${t("run.grew.why", { n: tokens(most, lang) })}</p>
    <svg
      class="growth"
      viewBox="0 0 100 60"
      preserveAspectRatio="none"
      role="img"
      aria-label="${t("run.grew")}"
    >
      ${bars}
    </svg>
    <table class="context">
      <thead>
        <tr>
          <th>${t("run.grew.kind")}</th>
          <th class="num">${t("run.grew.first")}</th>
          <th class="num">${t("run.grew.last")}</th>
          <th class="num">${t("run.grew.sum")}</th>
          <td></td>
        </tr>
      </thead>
      ${kinds.map(
        (kind) =>
          html`<tr>
            <th scope="row"><i class="kind-${kind}"></i>${t(`run.kind.${kind}` as Key)}</th>
            <td class="num">${count(first.context[kind] ?? 0, lang)}</td>
            <td class="num">${count(last.context[kind] ?? 0, lang)}</td>
            <td class="num">${count(totals[kind] ?? 0, lang)}</td>
            <td>${share(totals[kind] ?? 0, all)}</td>
          </tr>`,
      )}
    </table>
  </section>`;
}

/** What was sent again and again, each block with all that it has cost. */
export function blocks(view: View, { blocks: all }: Growth): Html | false {
  const { t, lang } = view;
  if (all.length === 0) return false;
  const whole = all.reduce((sum, { tokens: n }) => sum + n, 0);
  const rest = all.slice(MOST_BLOCKS);
  const kept: GrownBlock[] = all.slice(0, MOST_BLOCKS);
  if (rest.length > 0)
    kept.push({
      kind: "other",
      name: t("ledger.rest"),
      tokens: rest.reduce((sum, { tokens: n }) => sum + n, 0),
      times: Math.max(...rest.map(({ times }) => times)),
      cost: rest.reduce<number | null>((sum, { cost }) => (cost === null ? sum : (sum ?? 0) + cost), null),
    });
  return html`<section>
    <h2>${t("run.blocks")}</h2>
    <p class="why">${t("run.blocks.why", { n: count(whole, lang) })}</p>
    ${drawTreemap(
      t("run.blocks"),
      kept.map((block) => ({
        weight: block.tokens,
        kind: block.kind,
        name: block.name || nameOf(view, block),
        says: `${nameOf(view, block)} · ${count(block.tokens, lang)} · ${dollars(block.cost)}`,
      })),
    )}
    <table class="context blocks">
      <thead>
        <tr>
          <th>${t("run.blocks.block")}</th>
          <th class="num">${t("run.tokens")}</th>
          <th class="num">${t("run.blocks.times")}</th>
          <th class="num">${t("run.cost")}</th>
          <td></td>
        </tr>
      </thead>
      ${kept.map(
        (block) =>
          html`<tr>
            <th scope="row"><i class="kind-${block.kind}"></i>${nameOf(view, block)}</th>
            <td class="num">${count(block.tokens, lang)}</td>
            <td class="num">${count(block.times, lang)}</td>
            <td class="num">${block.cost === null ? "–" : dollars(block.cost)}</td>
            <td>${share(block.tokens, whole)}</td>
          </tr>`,
      )}
    </table>
  </section>`;
}

function nameOf({ t }: View, { kind, name }: GrownBlock): string {
  const word = t(`ledger.kind.${kind}` as Key);
  return name === "" ? word : `${word}: ${name}`;
}

/** The bill: for each model what went in, what came out, and what a million of it cost on the average. */
export function paidFor({ t, lang }: View, { models }: Growth): Html | false {
  if (models.length === 0) return false;
  const sums = (of: (model: PaidModel) => number | null) =>
    models.reduce<number | null>((sum, model) => (of(model) === null ? sum : (sum ?? 0) + of(model)!), null);
  const line = (title: string, one: Omit<PaidModel, "model">) =>
    html`<tr>
      <th scope="row">${title}</th>
      <td class="num">${count(one.calls, lang)}</td>
      <td class="num">${times(count(one.tokens_in, lang), one.tokens_in, one.cost_in)}</td>
      <td class="num">${count(one.tokens_cached, lang)}</td>
      <td class="num">${times(count(one.tokens_out, lang), one.tokens_out, one.cost_out)}</td>
      <td class="num">${one.cost === null ? "–" : html`<b>${dollars(one.cost)}</b>`}</td>
    </tr>`;
  return html`<section>
    <h2>${t("run.bill")}</h2>
    <table class="exposure bill">
      <thead>
        <tr>
          <th>${t("run.models")}</th>
          <th class="num">${t("run.calls")}</th>
          <th class="num">${t("usage.input")}</th>
          <th class="num">${t("usage.cached")}</th>
          <th class="num">${t("usage.output")}</th>
          <th class="num">${t("run.cost")}</th>
        </tr>
      </thead>
      ${models.map((model) => line(model.model, model))}
      ${
        models.length > 1 &&
        line(t("usage.total"), {
          calls: sums(({ calls }) => calls) ?? 0,
          tokens_in: sums(({ tokens_in }) => tokens_in) ?? 0,
          tokens_cached: sums(({ tokens_cached }) => tokens_cached) ?? 0,
          tokens_out: sums(({ tokens_out }) => tokens_out) ?? 0,
          cost_in: null,
          cost_out: null,
          cost: sums(({ cost }) => cost),
        })
      }
    </table>
  </section>`;
}

/** `tokens × price = $`; the price is the average, with what came from the cache among it. */
function times(said: string, n: number, cost: number | null): Html {
  if (cost === null || n === 0) return html`${said}`;
  const each = (cost / n) * 1_000_000;
  return html`${said} <small>× $${each.toFixed(each < 1 ? 3 : 2)}/M = ${dollars(cost)}</small>`;
}

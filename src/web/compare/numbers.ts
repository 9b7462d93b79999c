/** The numbers of two exchanges in one table; what differs stands out. */
import { clock, count, day, dollars, ms } from "../../shown/numbers.ts";
import { badge } from "../detail-head.ts";
import { html, type Html } from "../html.ts";
import type { View } from "../view.ts";
import type { ComparedSide } from "./side.ts";

type Line = {
  readonly name: string;
  readonly of: (side: ComparedSide) => string;
  /** What can be more or less. */
  readonly amount?: (side: ComparedSide) => number | null;
};

export function numbers(view: View, sides: readonly [ComparedSide, ComparedSide]): Html {
  const { t } = view;
  const head = ({ seen: { exchange } }: ComparedSide, name: string) =>
    html`<th scope="col"><a href="/llm/${exchange.id}">${name}</a></th>`;
  return html`<table class="compare-numbers">
    <caption class="unseen">
      ${t("compare.numbers")}
    </caption>
    <thead>
      <tr>
        <td></td>
        ${head(sides[0], t("compare.before"))}${head(sides[1], t("compare.after"))}
        <th scope="col">${t("compare.by")}</th>
      </tr>
    </thead>
    <tbody>
      <tr>
        <th scope="row">${t("compare.state")}</th>
        <td>${badge(view, sides[0].seen)}</td>
        <td>${badge(view, sides[1].seen)}</td>
        <td></td>
      </tr>
      ${linesOf(view).map((line) => rowOf(line, sides))}
    </tbody>
  </table>`;
}

function rowOf({ name, of, amount }: Line, sides: readonly [ComparedSide, ComparedSide]): Html | false {
  const [before, after] = [of(sides[0]), of(sides[1])];
  if (before === "–" && after === "–") return false;
  const isSame = before === after;
  return html`<tr class="${isSame ? "is-same" : "is-changed"}">
    <th scope="row">${name}</th>
    <td>${before}</td>
    <td>${after}</td>
    <td>${!isSame && amount && changed(amount(sides[0]), amount(sides[1]))}</td>
  </tr>`;
}

function changed(before: number | null, after: number | null): string | false {
  if (before === null || after === null || before === 0) return false;
  const percent = Math.round((after / before - 1) * 100);
  return percent === 0 ? false : `${percent > 0 ? "+" : "−"}${Math.abs(percent)} %`;
}

function linesOf({ t, lang }: View): Line[] {
  const amount = (name: string, value: NonNullable<Line["amount"]>, show: (n: number | null) => string) => ({
    name,
    amount: value,
    of: (side: ComparedSide) => show(value(side)),
  });
  const tokens = (n: number | null) => count(n, lang);
  return [
    {
      name: t("compare.when"),
      of: ({ seen: { exchange } }) => `${day(exchange.at, lang)} ${clock(exchange.at)}`,
    },
    { name: t("ui.column.client"), of: ({ client }) => client ?? "–" },
    { name: t("ui.column.upstream"), of: ({ seen }) => seen.exchange.upstream },
    { name: t("detail.model"), of: ({ seen }) => seen.reading.model ?? "–" },
    { name: t("detail.api"), of: ({ seen }) => seen.reading.dialect ?? "–" },
    amount("TTFT", ({ seen }) => seen.reading.timing.ttft_ms, ms),
    amount(t("detail.total"), ({ seen }) => seen.reading.timing.duration_ms, ms),
    amount(t("detail.in"), ({ seen }) => seen.reading.usage?.input ?? null, tokens),
    amount(t("ui.column.cached"), ({ seen }) => seen.reading.usage?.cached ?? null, tokens),
    amount(t("detail.out"), ({ seen }) => seen.reading.usage?.output ?? null, tokens),
    amount(t("detail.cost"), ({ seen }) => seen.reading.cost?.total ?? null, dollars),
  ];
}

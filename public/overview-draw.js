// What the strip above the list draws: charts, figures, the table of models. Small rectangles of our own: a library of charts would weigh more
// than the whole list.
import { el } from "./dom.js";
import { dollars } from "./shown/numbers.ts";
import { count, lang, ms, t, tokens } from "./words.js";

/** @typedef {import("../src/index/index.ts").Overview & { in_flight: number }} Overview */
/** @typedef {Overview["stretches"][number]} Stretch */
/** @typedef {{ name: string, size: string, of(one: Stretch): number }} Chart */

const SVG = "http://www.w3.org/2000/svg";
/** Of a chart, in its own units. */
const HEIGHT = 24;

/** What each chart shows of a stretch. @type {Chart[]} */
export const CHARTS = [
  { name: "requests", size: "main", of: ({ n }) => n },
  { name: "tokens", size: "small", of: ({ tokens_in, tokens_out }) => tokens_in + tokens_out },
  { name: "cost", size: "small", of: ({ cost }) => cost },
];

/** @param {string} name @param {string} size */
export function chartOf(name, size) {
  const it = el("div", `overview-chart ${size}`);
  it.dataset["chart"] = name;
  if (size === "main") {
    it.tabIndex = 0;
    it.setAttribute("role", "slider");
    // Until it is known what there is.
    for (const end of ["min", "max", "now"]) it.setAttribute(`aria-value${end}`, "0");
    it.setAttribute("aria-label", `${t("overview.n")}. ${t("overview.help")}`);
  } else it.setAttribute("aria-hidden", "true");
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  it.append(el("div", "what"), svg);
  return it;
}

/** What stands in words above each chart. @param {Overview} known @param {number} minutes @returns {Record<string, HTMLElement[]>} */
export function sayings({ n, in_flight, errors, tokens_in, tokens_out, cost }, minutes) {
  return {
    requests: [
      el("b", "", count(n + in_flight)),
      el("span", "", t("overview.requests", { n: n + in_flight })),
      ...(in_flight > 0 ? [el("span", "", t("overview.in-flight", { n: count(in_flight) }))] : []),
      el("span", "", t("overview.rate", { n: rate(n / (minutes || 1)) })),
      ...(errors > 0 ? [el("span", "bad", t("overview.errors", { n: count(errors) }))] : []),
    ],
    tokens: [
      el("b", "", `${tokens(tokens_in)} → ${tokens(tokens_out)}`),
      el("span", "", t("overview.tokens")),
    ],
    cost: [el("b", "", cost > 0 ? dollars(cost) : "–"), el("span", "", t("overview.cost"))],
  };
}

/**
 * `seen`: where the first of its `n` stretches begins, and the two that are marked, by their number.
 * @param {HTMLElement} it @param {Chart} chart @param {readonly HTMLElement[]} said @param {Overview} known
 * @param {{ begin: number, n: number, mark: readonly [number, number] | null }} seen
 */
export function drawChart(it, chart, said, known, seen) {
  it.querySelector(".what")?.replaceChildren(...said.flatMap((word) => [word, " "]));
  const svg = /** @type {SVGElement} */ (/** @type {unknown} */ (it.querySelector("svg")));
  svg.setAttribute("viewBox", `0 0 ${Math.max(seen.n, 1)} ${HEIGHT}`);
  svg.replaceChildren(...bars(chart, known, seen));
}

/** @param {Chart} chart @param {Overview} known @param {Parameters<typeof drawChart>[4]} seen */
function bars({ name, of }, { stretches, step_ms }, { begin, n, mark }) {
  const most = Math.max(...stretches.map(of), 0);
  const base = document.createElementNS(SVG, "line");
  for (const [what, at] of Object.entries({ x1: 0, x2: Math.max(n, 1), y1: HEIGHT, y2: HEIGHT }))
    base.setAttribute(what, String(at));
  base.setAttribute("class", "base");
  /** @type {SVGElement[]} */
  const all = [base];
  for (const one of stretches) {
    const x = (one.at - begin) / step_ms;
    // What is there is seen, however small it is.
    const tall = most === 0 ? 0 : Math.max(of(one) > 0 ? 1.5 : 0, (of(one) / most) * HEIGHT);
    all.push(rect(name === "requests" ? "all" : name, x, 1, tall));
    if (name === "requests" && one.errors > 0)
      all.push(rect("failed", x, 1, Math.max(2, (one.errors / most) * HEIGHT)));
  }
  if (mark) {
    const [from, to] = [Math.min(...mark), Math.max(...mark)];
    all.push(rect("chosen", from, to - from + 1, HEIGHT, 0));
  }
  return all;
}

/** @param {string} name @param {number} x @param {number} wide @param {number} tall @param {number} [gap] */
function rect(name, x, wide, tall, gap = 0.15) {
  const it = document.createElementNS(SVG, "rect");
  it.setAttribute("class", name);
  for (const [what, at] of Object.entries({ x, y: HEIGHT - tall, width: wide - gap, height: tall }))
    it.setAttribute(what, String(at));
  return it;
}

/** How long the model took. @param {Overview} known */
export function figures({ ttft, total }) {
  return [
    [t("overview.ttft"), ttft],
    [t("overview.total"), total],
  ].map(([name, time]) => pair(/** @type {string} */ (name), /** @type {Overview["ttft"]} */ (time)));
}

/** @param {string} name @param {Overview["ttft"]} time */
function pair(name, { p50, p95 }) {
  const it = el("div");
  it.append(el("span", "", `${name} p50`), el("b", "", ms(p50)), el("span", "", "p95"), el("b", "", ms(p95)));
  return it;
}

/** @param {Overview} known */
export function models({ n, models: all }) {
  if (n === 0) return el("p", "", t("overview.none"));
  const table = el("table");
  const head = el("thead");
  const body = el("tbody");
  head.append(headOfModels());
  body.append(...all.map(rowOfModel));
  table.append(head, body);
  return table;
}

function headOfModels() {
  const top = el("tr");
  const names = [
    t("overview.model"),
    t("overview.n"),
    t("overview.failed"),
    `${t("overview.ttft")} p50`,
    "p95",
    `${t("overview.total")} p50`,
    "p95",
    t("overview.in-out"),
    t("column.cost"),
  ];
  for (const name of names) {
    const cell = el("th", "", name);
    cell.setAttribute("scope", "col");
    top.append(cell);
  }
  return top;
}

/** @param {Overview["models"][number]} one */
function rowOfModel(one) {
  const row = el("tr");
  const name = el("th");
  name.setAttribute("scope", "row");
  const button = el("button", "", one.model ?? t("overview.no-model"));
  button.setAttribute("type", "button");
  if (one.model) button.dataset["model"] = one.model;
  else button.setAttribute("disabled", "");
  name.append(button);
  row.append(
    name,
    el("td", "", count(one.n)),
    el("td", one.errors > 0 ? "bad" : "", count(one.errors)),
    ...[one.ttft.p50, one.ttft.p95, one.total.p50, one.total.p95].map((time) => el("td", "", ms(time))),
    el("td", "", `${tokens(one.tokens_in)} → ${tokens(one.tokens_out)}`),
    el("td", "", one.cost > 0 ? dollars(one.cost) : "–"),
  );
  return row;
}

/** @param {number} a minute @returns {string} */
function rate(a) {
  return new Intl.NumberFormat(lang, { maximumSignificantDigits: 2 }).format(a);
}

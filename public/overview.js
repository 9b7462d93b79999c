// The strip above the list: requests, tokens, cost over time, and how long the model took. A stretch of time is chosen by
// drawing over it, or by arrows. Small rectangles of our own: a library of charts would weigh more than the whole list.
import { $, announce, ask, el } from "./dom.js";
import { onFrames } from "./feed.js";
import { dollars } from "./shown/numbers.ts";
import { clock, count, lang, ms, t, tokens } from "./words.js";

/** @typedef {import("../src/index/index.ts").Overview} Overview */
/** @typedef {Overview["stretches"][number]} Stretch */

const SVG = "http://www.w3.org/2000/svg";
/** Bars of a chart. */
const STRETCHES = 120;
/** Between two looks while traffic comes. */
const AGAIN_MS = 2000;
const HEIGHT = 24;

/** What each chart shows of a stretch. @type {{ name: string, size: string, of(one: Stretch): number }[]} */
const CHARTS = [
  { name: "requests", size: "main", of: ({ n }) => n },
  { name: "tokens", size: "small", of: ({ tokens_in, tokens_out }) => tokens_in + tokens_out },
  { name: "cost", size: "small", of: ({ cost }) => cost },
];

/** `choose(from, to)` in ms since 1970, or null for the whole time. @param {{ q(): string, choose(time: [number, number] | null): void, add(word: string): void }} list */
export function startOverview({ q, choose, add }) {
  const section = /** @type {HTMLElement} */ ($("#overview"));
  const charts = /** @type {HTMLElement} */ ($(".overview-charts", section));
  /** @type {Overview | null} */
  let known = null;
  let age = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again;
  /** Chosen with keys or a pointer and not applied yet: two stretches, by their number from the first. @type {[number, number] | null} */
  let mark = null;

  for (const { name, size } of CHARTS) charts.append(chartOf(name, size));
  charts.addEventListener("pointerdown", press);
  charts.addEventListener("keydown", pressed);
  onFrames((frames) => {
    if (frames.some(({ type }) => /^exchange\.(close|gone)$|^resync$/.test(type))) later();
  });
  $(".overview-models", section).addEventListener("click", (/** @type {Event} */ { target }) => {
    const name = /** @type {HTMLElement} */ (target).closest("button")?.dataset["model"];
    if (name) add(`model:${/\s/.test(name) ? `"${name}"` : name}`);
  });
  void load();
  return { load };

  function later() {
    again ??= setTimeout(() => {
      again = undefined;
      if (!document.hidden && section.offsetParent) void load();
    }, AGAIN_MS);
  }

  async function load() {
    const mine = ++age;
    const search = new URLSearchParams({ stretches: String(STRETCHES) });
    if (q() !== "") search.set("q", q());
    const answer = await ask(`/api/overview?${search}`).catch(() => null);
    if (mine !== age || !answer) return;
    known = answer;
    mark = null;
    draw();
  }

  /** @param {string} name @param {string} size */
  function chartOf(name, size) {
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

  /** How many stretches there are, those without anything included. */
  function length() {
    if (!known || known.first === null || known.last === null) return 0;
    return Math.floor(known.last / known.step_ms) - Math.floor(known.first / known.step_ms) + 1;
  }

  function begin() {
    return known ? Math.floor((known.first ?? 0) / known.step_ms) * known.step_ms : 0;
  }

  function draw() {
    if (!known) return;
    const n = length();
    const minutes = n === 0 ? 0 : Math.max(1, ((known.last ?? 0) - (known.first ?? 0)) / 60_000);
    /** @type {Record<string, HTMLElement[]>} */
    const said = {
      requests: [
        el("b", "", count(known.n)),
        el("span", "", t("overview.requests", { n: known.n })),
        el("span", "", t("overview.rate", { n: rate(known.n / (minutes || 1)) })),
        ...(known.errors > 0 ? [el("span", "bad", t("overview.errors", { n: count(known.errors) }))] : []),
      ],
      tokens: [
        el("b", "", `${tokens(known.tokens_in)} → ${tokens(known.tokens_out)}`),
        el("span", "", t("overview.tokens")),
      ],
      cost: [el("b", "", known.cost > 0 ? dollars(known.cost) : "–"), el("span", "", t("overview.cost"))],
    };
    for (const chart of CHARTS) {
      const it = /** @type {HTMLElement} */ ($(`[data-chart=${chart.name}]`, charts));
      it.querySelector(".what")?.replaceChildren(...(said[chart.name] ?? []).flatMap((word) => [word, " "]));
      const svg = /** @type {SVGElement} */ (/** @type {unknown} */ (it.querySelector("svg")));
      svg.setAttribute("viewBox", `0 0 ${Math.max(n, 1)} ${HEIGHT}`);
      svg.replaceChildren(...bars(chart, n));
    }
    figures();
    models();
    value();
  }

  /** @param {(typeof CHARTS)[number]} chart @param {number} n */
  function bars({ name, of }, n) {
    const most = Math.max(...(known?.stretches ?? []).map(of), 0);
    const base = document.createElementNS(SVG, "line");
    for (const [what, at] of Object.entries({ x1: 0, x2: Math.max(n, 1), y1: HEIGHT, y2: HEIGHT }))
      base.setAttribute(what, String(at));
    base.setAttribute("class", "base");
    /** @type {SVGElement[]} */
    const all = [base];
    for (const one of known?.stretches ?? []) {
      const x = (one.at - begin()) / (known?.step_ms ?? 1);
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

  function figures() {
    const { ttft, total } = /** @type {Overview} */ (known);
    const pair = (/** @type {string} */ name, /** @type {Overview["ttft"]} */ { p50, p95 }) => {
      const it = el("div");
      it.append(
        el("span", "", `${name} p50`),
        el("b", "", ms(p50)),
        el("span", "", "p95"),
        el("b", "", ms(p95)),
      );
      return it;
    };
    $(".overview-figures", section).replaceChildren(
      pair(t("overview.ttft"), ttft),
      pair(t("overview.total"), total),
    );
  }

  function models() {
    const place = $(".overview-models", section);
    if (known?.n === 0) return place.replaceChildren(el("p", "", t("overview.none")));
    const table = el("table");
    const head = el("thead");
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
    head.append(top);
    const body = el("tbody");
    for (const one of known?.models ?? []) {
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
      body.append(row);
    }
    table.append(head, body);
    place.replaceChildren(table);
  }

  // --- choosing a stretch of time

  /** What the keys stand on, in words. */
  function value() {
    const it = /** @type {HTMLElement} */ ($("[role=slider]", charts));
    const n = length();
    it.setAttribute("aria-valuemin", "0");
    it.setAttribute("aria-valuemax", String(Math.max(0, n - 1)));
    it.setAttribute("aria-valuenow", String(mark?.[1] ?? Math.max(0, n - 1)));
    it.setAttribute("aria-valuetext", n === 0 ? t("overview.none") : words(mark ?? [0, n - 1]));
    it.title = it.getAttribute("aria-valuetext") ?? "";
  }

  /** @param {[number, number]} of */
  function words(of) {
    const [from, to] = timeOf(of);
    const sum = { n: 0, errors: 0, tokens: 0, cost: 0 };
    for (const one of known?.stretches ?? []) {
      if (one.at < from || one.at >= to) continue;
      sum.n += one.n;
      sum.errors += one.errors;
      sum.tokens += one.tokens_in + one.tokens_out;
      sum.cost += one.cost;
    }
    return t("overview.at", {
      from: moment(from),
      to: moment(to),
      n: sum.n,
      errors: sum.errors,
      tokens: tokens(sum.tokens),
      cost: dollars(sum.cost),
    });
  }

  /** @param {[number, number]} of @returns {[number, number]} */
  function timeOf([one, other]) {
    const step = known?.step_ms ?? 0;
    return [begin() + Math.min(one, other) * step, begin() + (Math.max(one, other) + 1) * step];
  }

  function apply() {
    if (!mark) return;
    const [from, to] = timeOf(mark);
    announce(words(mark));
    choose([from, to - 1]);
  }

  /** @param {PointerEvent} event */
  function press(event) {
    const chart = /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (event.target).closest(".overview-chart")
    );
    if (!chart || event.button !== 0 || length() === 0) return;
    const at = (/** @type {PointerEvent} */ { clientX }) => {
      const { left, width } = chart.getBoundingClientRect();
      return Math.max(0, Math.min(length() - 1, Math.floor(((clientX - left) / width) * length())));
    };
    const start = at(event);
    let isDrawn = false;
    chart.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ now) => {
      if (!isDrawn && Math.abs(now.clientX - event.clientX) < 4) return;
      isDrawn = true;
      mark = [start, at(now)];
      draw();
    };
    const over = (/** @type {PointerEvent} */ { type }) => {
      chart.removeEventListener("pointermove", move);
      chart.removeEventListener("pointerup", over);
      chart.removeEventListener("pointercancel", over);
      if (type === "pointerup" && isDrawn) return apply();
      mark = type === "pointerup" ? [start, start] : null;
      draw();
    };
    chart.addEventListener("pointermove", move);
    chart.addEventListener("pointerup", over);
    chart.addEventListener("pointercancel", over);
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || length() === 0) return;
    const last = length() - 1;
    const now = mark?.[1] ?? last + 1;
    /** @type {Record<string, number>} */
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last };
    const next = to[event.key];
    if (next !== undefined) {
      const at = Math.max(0, Math.min(last, next));
      mark = [event.shiftKey && mark ? mark[0] : at, at];
      draw();
    } else if (event.key === "Enter" && mark) apply();
    else if (event.key === "Escape" && mark) {
      mark = null;
      draw();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** @param {number} a minute @returns {string} */
function rate(a) {
  return new Intl.NumberFormat(lang, { maximumSignificantDigits: 2 }).format(a);
}

/** @param {string} name @param {number} x @param {number} wide @param {number} tall @param {number} [gap] */
function rect(name, x, wide, tall, gap = 0.15) {
  const it = document.createElementNS(SVG, "rect");
  it.setAttribute("class", name);
  for (const [what, at] of Object.entries({ x, y: HEIGHT - tall, width: wide - gap, height: tall }))
    it.setAttribute(what, String(at));
  return it;
}

/** Without its milliseconds, where it has them. @param {number} at */
function moment(at) {
  return clock(at).replace(/\.\d{3}$/, "");
}

// The strip above the list: requests, tokens, cost over time, and how long the model took. A stretch of time is chosen by
// drawing over it, or by arrows.
import { $, announce, ask } from "./dom.js";
import { onFrames } from "./feed.js";
import { CHARTS, chartOf, drawChart, figures, models, sayings } from "./overview-draw.js";
import { dollars } from "./shown/numbers.ts";
import { clock, t, tokens } from "./words.js";

/** @typedef {import("./overview-draw.js").Overview} Overview */

/** Bars of a chart. */
const STRETCHES = 120;
/** Between two looks while traffic comes, and how many times as long as a look takes: the thread that answers has more to do. */
const AGAIN_MS = 2000;
const REST = 20;

/** `choose(from, to)` in ms since 1970, or null for the whole time. @param {{ q(): string, choose(time: [number, number] | null): void, add(word: string): void }} list */
export function startOverview({ q, choose, add }) {
  const section = /** @type {HTMLElement} */ ($("#overview"));
  const charts = /** @type {HTMLElement} */ ($(".overview-charts", section));
  /** @type {Overview | null} */
  let known = null;
  let age = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again;
  /** ms of the last question. */
  let took = 0;
  /** Chosen with keys or a pointer and not applied yet: two stretches, by their number from the first. @type {[number, number] | null} */
  let mark = null;

  for (const { name, size } of CHARTS) charts.append(chartOf(name, size));
  charts.addEventListener("pointerdown", press);
  charts.addEventListener("keydown", pressed);
  onFrames((frames) => {
    if (frames.some(({ type }) => /^exchange\.(open|close|gone)$|^resync$/.test(type))) later();
  });
  $(".overview-models", section).addEventListener("click", (/** @type {Event} */ { target }) => {
    const name = /** @type {HTMLElement} */ (target).closest("button")?.dataset["model"];
    if (name) add(`model:${/\s/.test(name) ? `"${name}"` : name}`);
  });
  void load();
  return { load };

  function later() {
    again ??= setTimeout(
      () => {
        again = undefined;
        if (!document.hidden && section.offsetParent) void load();
      },
      Math.max(AGAIN_MS, REST * took),
    );
  }

  async function load() {
    const mine = ++age;
    const search = new URLSearchParams({ stretches: String(STRETCHES) });
    if (q() !== "") search.set("q", q());
    const start = performance.now();
    const answer = await ask(`/api/overview?${search}`).catch(() => null);
    took = performance.now() - start;
    if (mine !== age || !answer) return;
    known = answer;
    mark = null;
    draw();
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
    const said = sayings(known, minutes);
    const seen = { begin: begin(), n, mark };
    for (const chart of CHARTS) {
      const it = /** @type {HTMLElement} */ ($(`[data-chart=${chart.name}]`, charts));
      drawChart(it, chart, said[chart.name] ?? [], known, seen);
    }
    $(".overview-figures", section).replaceChildren(...figures(known));
    $(".overview-models", section).replaceChildren(models(known));
    value();
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

/** Without its milliseconds, where it has them. @param {number} at */
function moment(at) {
  return clock(at).replace(/\.\d{3}$/, "");
}

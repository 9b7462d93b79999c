// The answer in time: its text left, its events right, one selection for both and for the time above; played, or stepped.
import { $, el } from "./dom.js";
import { longSilence } from "./lanes-look.js";
import { windowed } from "./list.js";
import { asked, flag, picked } from "./selected.js";
import { startPlayer } from "./stream-player.js";
import { startText } from "./stream-text.js";
import { count, ms, t } from "./words.js";

/** Places in a row of the server: see `EventRow`. */
const N = 0;
const T = 1;
const GAP = 2;
const BYTES = 3;
const TYPE = 4;
const LANE = 5;
const ADDS = 6;
const FIRST = 7;
const WHOLE = 9;
const DATA = 10;
const FROM = 11;
const PART = 12;
const BEGINS = 13;
/** @type {Record<string, string>} */
const ARROWS = { client: "→ ", server: "← " };

/** Between two looks at the clock, and until a choice is one. */
const TOLD_MS = 250;

/** @typedef {any[]} Event one row of `EventRow` */

/**
 * `take(live)` adds what came; the table draws what is in sight.
 * @param {HTMLElement | null} place @param {() => ReturnType<typeof import("./scrubber.js").startScrubber>} scrubber
 */
export function startStream(place, scrubber) {
  if (!place) return null;
  const grid = $(".chunks", place);
  const told = $(".chunk", place);
  /** @type {Event[]} */
  let events = [];
  /** @type {Map<number, [severity: string, what: string]>} */
  const wrong = new Map(
    JSON.parse(place.dataset["problems"] || "[]").map((/** @type {any[]} */ [n, ...it]) => [n, it]),
  );
  /** @type {Map<number, string[]>} */
  const steps = new Map();
  for (const [n, words] of JSON.parse(place.dataset["milestones"] || "[]"))
    steps.set(n, [...(steps.get(n) ?? []), words]);
  let long = Infinity;
  let judged = 0;
  let state = "waiting";
  /** Between two events, so far. */
  let silence = 0;
  const clock = setInterval(tell, TOLD_MS);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let addressed;
  const text = startText($(".stream-text", place), {
    /** @param {number} n */
    onPick: (n) => list.select(String(n), "click"),
    /** @param {number} first @param {number} last */
    onRange: (first, last) => light(first, last),
  });

  const list = windowed(grid, {
    make(row) {
      for (const name of ["num", "num", "num", "num c-bytes", "", "adds"]) row.append(el("span", name));
    },
    draw,
    key: (event) => String(event[N]),
    onSelect: (event) => pick(event),
  });
  // A finished exchange is read from its beginning; a growing one at its end.
  list.follow = false;
  const player = startPlayer(place, {
    times: () => events.map((event) => event[T]),
    /** @param {number} n @param {number} at */
    show(n, at) {
      const event = events[n];
      if (!event) return;
      list.select(String(n), "step");
      scrubber()?.point(at);
    },
    at: () => Number(list.selected ?? -1),
    zoom: (by) => scrubber()?.zoomBy(by),
  });
  grid.addEventListener("pointerover", hover);
  grid.addEventListener("pointerleave", () => text.hover(-1));

  return {
    known: () => events.length,
    /** Costs what comes: rows that are new, or that were told before and grew. @param {{ state: string, fresh?: boolean, events: Event[] }} next */
    take(next) {
      if (next.state !== "done" && events.length === 0) list.follow = true;
      if (next.fresh) {
        [events, judged] = [[], 0];
        text.clear();
      }
      ({ state } = next);
      for (const event of next.events) {
        if (event[N] > 0) silence = Math.max(silence, event[GAP]);
        const before = events[event[N]];
        events[event[N]] = event;
        text.add(event[N], event[LANE], event[ADDS], before ? before[ADDS] : "", event[PART], event[BEGINS]);
      }
      text.draw(next.state === "done" ? "read" : "live");
      // What is a long silence hardly changes: it is judged again when there is a quarter more.
      if (events.length > judged * 1.25)
        [long, judged] = [longSilence(events.map((event) => event[T])), events.length];
      if (next.events.length > 0) list.items = events;
      const at = asked("event");
      if (at !== null) showEvent(at);
      tell();
    },
    showEvent,
    /** The last event at or before a time. @param {number} at */
    pickAt(at) {
      let n = events.findLastIndex((event) => event[T] <= at);
      if (n < 0) n = 0;
      if (events[n]) list.select(String(n), "click");
    },
    stop() {
      clearInterval(clock);
      clearTimeout(addressed);
      player.stop();
    },
  };

  /** The figures above that grow: a silence that lasts counts as much as one that is over. At the end the server's stand there. */
  function tell() {
    const now = scrubber()?.end();
    const isOver = place?.closest("article")?.dataset["state"] === "done";
    if (now === undefined || events.length === 0 || isOver) return;
    write("gap", Math.max(silence, now - (events.at(-1)?.[T] ?? now)));
    write("total", now);
  }

  /** @param {string} what @param {number} value */
  function write(what, value) {
    const it = place?.querySelector(`[data-live="${what}"]`);
    if (it) it.textContent = ms(value);
  }

  /** @param {number} n */
  function showEvent(n) {
    if (!events[n]) return;
    list.follow = false;
    list.select(String(n), "click");
    list.show(n);
  }

  /** @param {any} row @param {Event} event */
  function draw(row, event) {
    const cells = row.children;
    const [before, after] = [events[event[N] - 1], events[event[N] + 1]];
    const joins = before !== undefined && isSameRead(before, event);
    const goesOn = after !== undefined && isSameRead(event, after);
    row.dataset.lane = event[LANE];
    row.dataset.from = event[FROM];
    row.dataset.read = joins ? (goesOn ? "middle" : "last") : goesOn ? "first" : "";
    row.dataset.n = event[N];
    const [severity, what] = wrong.get(event[N]) ?? ["", ""];
    row.dataset.problem = severity;
    row.title = what;
    cells[0].textContent = event[N];
    cells[1].textContent = event[T].toFixed(event[T] < 10_000 ? 1 : 0);
    cells[2].textContent = joins
      ? ""
      : event[GAP] < 0.05
        ? "0"
        : `+${event[GAP].toFixed(event[GAP] < 100 ? 1 : 0)}`;
    cells[2].className = `num ${event[GAP] > long ? "gap-long" : ""}`;
    cells[3].textContent = count(event[BYTES]);
    cells[4].textContent = `${ARROWS[event[FROM]] ?? ""}${event[TYPE]}${event[WHOLE] ? "" : " …"}`;
    cells[4].dataset.term = termOf(event);
    const step = steps.get(event[N])?.join(" · ");
    if (step) cells[4].prepend(flag(step));
    cells[5].textContent = event[ADDS].replaceAll("\n", "⏎").replaceAll("\t", "→");
    row.classList.toggle("lit", event[N] >= lit[0] && event[N] <= lit[1]);
  }

  /** @param {Event} event */
  function termOf(event) {
    return `${place?.dataset["dialect"]} event ${event[TYPE]}`;
  }

  /** @param {Event} event */
  function pick(event) {
    let mates = 1;
    for (let n = event[N] - 1; events[n] && isSameRead(events[n] ?? [], event); n--) mates++;
    for (let n = event[N] + 1; events[n] && isSameRead(events[n] ?? [], event); n++) mates++;
    const name = el("span", "term", event[TYPE]);
    Object.assign(name, { role: "button", tabIndex: 0 }).dataset["term"] = termOf(event);
    const who = event[FROM] ? t(`from.${event[FROM]}`) : t(`lane.${event[LANE]}`);
    const head = el("p", "empty", `#${event[N]} · ${ms(event[T])} · ${who} · `);
    head.append(name);
    if (event[ADDS]) head.append(` · ${t("stream.piece", { n: count(event[ADDS].length) })}`);
    for (const words of steps.get(event[N]) ?? []) head.append(" ", el("span", "step", words));
    if (mates > 1) head.append(` · ${t("read", { n: mates })}`);
    const what = wrong.get(event[N])?.[1];
    told.replaceChildren(
      head,
      ...(what ? [el("p", "marked-problem", what)] : []),
      el("pre", "", event[DATA]),
    );
    picked({ event: event[N] });
    if (state === "done") address(event[N]);
    text.choose(event[N]);
    scrubber()?.point(event[T]);
    player.moved(event[N], event[T]);
  }

  /** The address leads to what is chosen, once the hand rests. @param {number} n */
  function address(n) {
    clearTimeout(addressed);
    addressed = setTimeout(() => {
      if (place?.isConnected) history.replaceState(history.state, "", `#event-${n}`);
    }, TOLD_MS);
  }

  /** @param {PointerEvent} event */
  function hover(event) {
    const row = /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (event.target).closest(".rows > .row")
    );
    text.hover(row ? Number(row.dataset["n"]) : -1);
  }

  /** @param {number} first @param {number} last */
  function light(first, last) {
    lit = [first, last];
    list.redraw();
  }
}

/** Events whose text is selected on the left. @type {[number, number]} */
let lit = [1, 0];

/** Messages of a socket are numbered for each side. @param {Event} a @param {Event} b */
function isSameRead(a, b) {
  return a[FIRST] === b[FIRST] && a[FROM] === b[FROM];
}

// When each event came: lanes on a canvas, a row for each event, its data below. One selection for all three.
import { $, el } from "./dom.js";
import { windowed } from "./list.js";
import { count, ms, t } from "./words.js";

const LANES = ["reasoning", "text", "tool", "usage", "control", "error"];
const COLOURS = {
  text: "--ok",
  reasoning: "--stream",
  tool: "--tool",
  usage: "--accent",
  control: "--ctl",
  error: "--err",
};
const [N, T, GAP, BYTES, TYPE, LANE, ADDS, FIRST, , WHOLE, DATA, FROM] = Array(12).keys();
const ARROWS = { client: "→ ", server: "← " };

/** `take(live)` adds what came; the chart is drawn at most once a frame. */
export function startTimeline(place) {
  if (!place) return null;
  const canvas = $("canvas", place);
  const grid = $(".chunks", place);
  let events = [];
  let live = { state: "waiting", ttfb: null, ttft: null, total: null };
  let chosen = null;
  let drawing = false;
  let longGap = Infinity;
  let judged = 0;

  const list = windowed(grid, {
    make(row) {
      for (const name of ["num", "num", "num", "num c-bytes", "", "adds"]) row.append(el("span", name));
    },
    draw,
    key: (event) => event[N],
    onSelect: (event) => pick(event),
  });
  // A finished exchange is read from its beginning; a growing one at its end.
  list.follow = false;
  const resized = new ResizeObserver(soon);
  resized.observe(canvas);
  document.addEventListener("theme", soon);
  canvas.addEventListener("click", (event) => {
    const near = nearest(event.offsetX);
    if (near) list.select(near[N], "click");
  });

  return {
    known: () => events.length,
    /** Costs what comes: rows that are new, or that were told before and grew. */
    take(next) {
      if (next.state !== "done" && events.length === 0) list.follow = true;
      if (next.fresh) [events, judged] = [[], 0];
      live = { ...live, ...next, events: null };
      for (const event of next.events) events[event[N]] = event;
      // What is a long silence hardly changes: it is judged again when there is a quarter more.
      if (events.length > judged * 1.25) [longGap, judged] = [threshold(events), events.length];
      if (next.events.length > 0) list.items = events;
      soon();
    },
    stop() {
      resized.disconnect();
      document.removeEventListener("theme", soon);
    },
  };

  function draw(row, event) {
    const cells = row.children;
    const before = events[event[N] - 1];
    const sameRead = before !== undefined && isSameRead(before, event);
    row.dataset.lane = event[LANE];
    row.dataset.from = event[FROM];
    cells[0].textContent = event[N];
    cells[1].textContent = event[T].toFixed(event[T] < 10_000 ? 1 : 0);
    cells[2].textContent = sameRead
      ? "·"
      : event[GAP] < 0.05
        ? "0"
        : `+${event[GAP].toFixed(event[GAP] < 100 ? 1 : 0)}`;
    cells[2].className = `num ${event[GAP] > longGap ? "gap-long" : sameRead ? "same" : ""}`;
    cells[3].textContent = count(event[BYTES]);
    cells[4].textContent = `${ARROWS[event[FROM]] ?? ""}${event[TYPE]}${event[WHOLE] ? "" : " …"}`;
    cells[4].dataset.term = termOf(event);
    cells[5].textContent = visible(event[ADDS]);
  }

  function termOf(event) {
    return `${place.dataset.dialect} event ${event[TYPE]}`;
  }

  function pick(event) {
    chosen = event;
    const place2 = $(".chunk", place);
    const mates = events.filter((other) => isSameRead(other, event)).length;
    const name = el("span", "term", event[TYPE]);
    Object.assign(name, { role: "button", tabIndex: 0 }).dataset.term = termOf(event);
    const who = event[FROM] ? t(`from.${event[FROM]}`) : t(`lane.${event[LANE]}`);
    const head = el("p", "empty", `#${event[N]} · ${ms(event[T])} · ${who} · `);
    head.append(name);
    if (mates > 1) head.append(` · ${t("read", { n: mates })}`);
    place2.replaceChildren(head, el("pre", "", event[DATA]));
    soon();
  }

  function soon() {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(paint);
  }

  function span() {
    const last = events.at(-1)?.[T] ?? 0;
    return Math.max(live.total ?? 0, last, live.ttfb ?? 0, 1);
  }

  function lanes() {
    const seen = new Set(events.map((event) => event[LANE]));
    return LANES.filter((lane) => seen.has(lane));
  }

  function scale() {
    const width = canvas.clientWidth - LEFT - 12;
    return (ms) => LEFT + (ms / span()) * width;
  }

  function nearest(x) {
    const at = scale();
    let best = null;
    for (const event of events)
      if (best === null || Math.abs(at(event[T]) - x) < Math.abs(at(best[T]) - x)) best = event;
    return best;
  }

  function paint() {
    drawing = false;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0) return;
    const ratio = devicePixelRatio || 1;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const pen = canvas.getContext("2d");
    // light-dark() is resolved on a real property only: borrow `color`.
    const paintOf = (token) => {
      canvas.style.color = `var(${token})`;
      return getComputedStyle(canvas).color;
    };
    const colours = Object.fromEntries(
      Object.entries(COLOURS).map(([lane, token]) => [lane, paintOf(token)]),
    );
    const [text3, line, sunk, warn, accent] = ["--text3", "--line", "--sunk", "--warn", "--accent"].map(
      paintOf,
    );
    canvas.style.color = "";
    pen.scale(ratio, ratio);
    pen.font = `11px ${getComputedStyle(document.body).fontFamily}`;
    const at = scale();
    const rows = lanes();
    const top = 18;
    const each = Math.min(24, (height - top - 22) / Math.max(1, rows.length));
    const bottom = top + each * Math.max(1, rows.length);
    if (live.ttfb !== null) {
      pen.fillStyle = sunk;
      pen.fillRect(at(0), top, at(live.ttfb) - at(0), bottom - top);
      label(pen, ms(live.ttfb), at(0) + 4, top + 12, text3, at(live.ttfb) - at(0) - 8);
    }
    pen.strokeStyle = line;
    pen.beginPath();
    for (let n = 0; n <= rows.length; n++) {
      pen.moveTo(LEFT, top + n * each + 0.5);
      pen.lineTo(width - 12, top + n * each + 0.5);
    }
    pen.stroke();
    for (const [n, lane] of rows.entries()) {
      label(pen, t(`lane.${lane}`), 0, top + n * each + each / 2 + 4, text3, LEFT - 6);
      pen.fillStyle = colours[lane];
      for (const event of events)
        if (event[LANE] === lane) pen.fillRect(Math.round(at(event[T])), top + n * each + 3, 1.5, each - 5);
    }
    for (const event of events) {
      if (event[GAP] <= longGap) continue;
      const [from, to] = [at(event[T] - event[GAP]), at(event[T])];
      pen.fillStyle = warn;
      pen.fillRect(from, bottom + 2, to - from, 2);
      label(pen, `+${ms(event[GAP])}`, from + 2, bottom + 15, warn, Math.max(60, to - from));
    }
    if (live.ttft !== null) {
      pen.fillStyle = accent;
      pen.fillRect(Math.round(at(live.ttft)), 12, 1, bottom - 12);
      const words = `TTFT ${ms(live.ttft)}`;
      const room = pen.measureText(words).width;
      label(pen, words, Math.min(at(live.ttft) + 3, width - room - 80), 11, accent, 120);
    }
    label(pen, "0", LEFT, 11, text3, 30);
    const end = ms(span());
    label(pen, end, width - 12 - pen.measureText(end).width, 11, text3, 80);
    if (chosen) {
      pen.fillStyle = accent;
      const x = Math.round(at(chosen[T]));
      pen.fillRect(x - 1, top, 3, bottom - top);
    }
  }
}

const LEFT = 64;

/** Messages of a socket are numbered for each side. */
function isSameRead(a, b) {
  return a[FIRST] === b[FIRST] && a[FROM] === b[FROM];
}

function label(pen, text, x, y, colour, room) {
  if (room < 24) return;
  pen.fillStyle = colour;
  pen.fillText(text, x, y, Math.max(room, 10));
}

/** A silence that stands out: five times the usual one, and long enough to be felt. */
function threshold(events) {
  const gaps = events
    .slice(1)
    .map((event) => event[GAP])
    .sort((a, b) => a - b);
  const median = gaps[gaps.length >> 1] ?? 0;
  return Math.max(250, median * 5);
}

function visible(text) {
  return text.replaceAll("\n", "⏎").replaceAll("\t", "→");
}

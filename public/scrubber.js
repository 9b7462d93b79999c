// The time of an exchange: waiting pale, each event a tick in its lane, silences named, the first token notched. While it is
// in flight its end is now, so that a stall grows before one's eyes.
import { $ } from "./dom.js";
import { COLOURS, LANES, longSilence, paintsOf } from "./lanes-look.js";
import { ms, t } from "./words.js";

const LEFT = 12;
const RIGHT = 12;
/** Between two drawings of what only waits. */
const TICK = 100;

/**
 * @typedef {[t: number, lane: string]} Mark
 * @typedef {{ state: string, ttfb: number | null, ttft: number | null, total: number | null }} Times
 */

/** `onPick(t)`: somebody points at a time. @param {HTMLElement | null} place @param {(t: number) => void} onPick */
export function startScrubber(place, onPick) {
  if (!place) return null;
  const canvas = /** @type {HTMLCanvasElement} */ ($("canvas", place));
  const stall = /** @type {HTMLElement} */ ($(".stall", place));
  /** @type {Mark[]} */
  let marks = [];
  /** @type {Times} */
  let times = { state: "waiting", ttfb: null, ttft: null, total: null };
  /** performance.now() of the request. */
  let began = performance.now();
  let long = Infinity;
  let judged = 0;
  /** @type {number | null} */
  let cursor = null;
  /** @type {[number, number] | null} */
  let zoom = null;
  /** @type {number | null} */
  let pulling = null;
  let drawing = false;
  const resized = new ResizeObserver(soon);
  resized.observe(canvas);
  document.addEventListener("theme", soon);
  const clock = setInterval(() => times.state !== "done" && soon(), TICK);

  canvas.addEventListener("pointerdown", (event) => {
    pulling = event.offsetX;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (pulling !== null) soon();
    pulled = event.offsetX;
  });
  let pulled = 0;
  canvas.addEventListener("pointerup", (event) => {
    const [from, to] = [pulling ?? event.offsetX, event.offsetX];
    pulling = null;
    if (Math.abs(to - from) < 6) onPick(timeAt(to));
    else zoom = /** @type {[number, number]} */ ([timeAt(from), timeAt(to)].sort((a, b) => a - b));
    soon();
  });
  canvas.addEventListener("dblclick", () => {
    zoom = null;
    soon();
  });

  return {
    /** All there is so far. @param {Times & { elapsed: number, marks: Mark[] }} all */
    set(all) {
      const { elapsed, marks: found, ...rest } = all;
      times = rest;
      began = performance.now() - elapsed;
      marks = found;
      judge();
      soon();
    },
    /** What was added. @param {Partial<Times>} now @param {Mark[]} more */
    add(now, more) {
      times = { ...times, ...now };
      for (const mark of more) marks.push(mark);
      if (marks.length > judged * 1.25) judge();
      soon();
    },
    /** @param {number | null} at */
    point(at) {
      cursor = at;
      soon();
    },
    /** @param {number | null} by */
    zoomBy(by) {
      const [from, to] = zoom ?? [0, end()];
      const middle = cursor ?? (from + to) / 2;
      const half = by === null ? Infinity : ((to - from) / 2) * by;
      zoom = half * 2 >= end() ? null : [Math.max(0, middle - half), Math.min(end(), middle + half)];
      soon();
    },
    end,
    stop() {
      clearInterval(clock);
      resized.disconnect();
      document.removeEventListener("theme", soon);
    },
  };

  function judge() {
    long = longSilence(marks.map(([at]) => at));
    judged = marks.length;
  }

  function end() {
    const last = marks.at(-1)?.[0] ?? 0;
    const now = times.state === "done" ? 0 : performance.now() - began;
    return Math.max(times.total ?? 0, last, times.ttfb ?? 0, now, 1);
  }

  function span() {
    return zoom ?? [0, end()];
  }

  /** @param {number} x */
  function timeAt(x) {
    const [from, to] = span();
    const width = canvas.clientWidth - LEFT - RIGHT;
    return Math.max(0, from + ((x - LEFT) / width) * (to - from));
  }

  function soon() {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(paint);
  }

  function paint() {
    drawing = false;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0) return;
    const ratio = devicePixelRatio || 1;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.scale(ratio, ratio);
    pen.font = "11px system-ui, sans-serif";
    const colour = paintsOf(canvas);
    const [from, to] = span();
    /** @param {number} ms */
    const at = (ms) => LEFT + ((ms - from) / (to - from)) * (width - LEFT - RIGHT);
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, 0, width - LEFT - RIGHT, height);
    pen.clip();
    const [top, bottom] = [15, height - 15];
    const first = times.ttfb ?? end();
    pen.fillStyle = colour("--sunk");
    pen.fillRect(at(0), top, at(end()) - at(0), bottom - top);
    pen.fillStyle = colour("--waitbar");
    pen.fillRect(at(0), top, Math.max(1, at(first) - at(0)), bottom - top);
    const seen = LANES.filter((lane) => marks.some((mark) => mark[1] === lane));
    const each = (bottom - top) / Math.max(1, seen.length);
    for (const [n, lane] of seen.entries()) {
      pen.fillStyle = colour(COLOURS[lane] ?? "--ctl");
      for (const [time, kind] of marks)
        if (kind === lane) pen.fillRect(Math.round(at(time)), top + n * each + 1, 1.5, Math.max(2, each - 2));
    }
    for (let n = 1; n < marks.length; n++) {
      const [before, now] = [marks[n - 1]?.[0] ?? 0, marks[n]?.[0] ?? 0];
      if (now - before > long) silence(at(before), at(now), `+${ms(now - before)}`);
    }
    waiting(at);
    if (times.ttft !== null) {
      pen.fillStyle = colour("--accent");
      pen.fillRect(Math.round(at(times.ttft)), top - 3, 2, bottom - top + 6);
    }
    if (cursor !== null) {
      pen.fillStyle = colour("--text");
      pen.fillRect(Math.round(at(cursor)) - 1, top - 4, 2, bottom - top + 8);
    }
    if (pulling !== null) {
      pen.globalAlpha = 0.2;
      pen.fillStyle = colour("--accent");
      pen.fillRect(Math.min(pulling, pulled), top, Math.abs(pulled - pulling), bottom - top);
      pen.globalAlpha = 1;
    }
    pen.restore();
    labels(pen, colour, at, width, height);

    /** @param {number} a @param {number} b @param {string} words */
    function silence(a, b, words) {
      pen.fillStyle = colour("--warn");
      pen.fillRect(a, bottom + 1, b - a, 2);
      if (pen.measureText(words).width < b - a + 30) pen.fillText(words, a + 2, height - 2);
    }

    /** The silence that lasts. @param {(ms: number) => number} x */
    function waiting(x) {
      const last = marks.at(-1)?.[0] ?? times.ttfb ?? 0;
      const now = end();
      const isLong = times.state !== "done" && now - last > (marks.length > 8 ? long : 1000);
      stall.hidden = !isLong;
      if (!isLong) return;
      const words = t("scrub.waiting", { time: ms(now - last) });
      if (stall.textContent !== words) stall.textContent = words;
      pen.fillStyle = colour("--warn");
      pen.fillRect(x(last), top, Math.max(1, x(now) - x(last)), 3);
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {(token: string) => string} colour @param {(ms: number) => number} at @param {number} width @param {number} height */
  function labels(pen, colour, at, width, height) {
    const [from, to] = span();
    pen.fillStyle = colour("--text3");
    const [left, right] = [zoom ? ms(from) : "0", ms(to)];
    pen.fillText(left, LEFT, 11);
    pen.fillText(right, width - RIGHT - pen.measureText(right).width, 11);
    if (times.ttft !== null && times.ttft >= from && times.ttft <= to) {
      const words = `TTFT ${ms(times.ttft)}`;
      const room = pen.measureText(words).width;
      const x = Math.max(LEFT + 20, Math.min(at(times.ttft) - room / 2, width - RIGHT - room - 50));
      pen.fillStyle = colour("--accent");
      pen.fillText(words, x, 11);
    }
    const wait = times.ttfb ?? end();
    if (at(wait) - at(0) > 70) {
      pen.fillStyle = colour("--text3");
      pen.fillText(`${t("scrub.wait")} ${ms(wait)}`, Math.max(LEFT, at(0)) + 4, height / 2 + 4);
    }
  }
}

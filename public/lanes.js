// A run in time: a lane for each who takes part, bars for what they did, arrows for what caused what. On a canvas, so that
// thousands of steps cost what is in sight; the story beside it says the same in words.
import { lanesOf, spanOf, toneOfStep } from "./shown/run-shown.ts";
import { ms } from "./shown/numbers.ts";

/** @typedef {import("../src/fact/rows.ts").StepRow} Step */

const LANE = 26;
const TOP = 22;
const LEFT = 128;
const BAR = 12;
/** The shortest time that fills the width. */
const CLOSEST_MS = 20;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ steps(): readonly Step[], get(id: string): Step | undefined, chosen(): string | null, onChoose(id: string): void, onZoom(): void, words: { lane(name: string): string } }} options
 */
export function startLanes(canvas, { steps, get, chosen, onChoose, onZoom, words }) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** What is in sight, in ms since 1970; null shows all, and grows with what comes. @type {[number, number] | null} */
  let view = null;
  let due = false;
  let width = 0;
  let height = 0;
  /** Where bars stand, for the pointer. @type {{ id: string, x: number, y: number, w: number }[]} */
  let places = [];
  /** @type {string | null} */
  let over = null;
  /** @type {Map<number, { x: number }>} */
  const fingers = new Map();

  new ResizeObserver(() => redraw()).observe(canvas);
  document.addEventListener("theme", redraw);
  canvas.addEventListener("wheel", onWheel, { passive: false });
  canvas.addEventListener("pointerdown", onDown);
  canvas.addEventListener("pointermove", onMove);
  for (const end of ["pointerup", "pointercancel"])
    canvas.addEventListener(end, (event) => fingers.delete(/** @type {PointerEvent} */ (event).pointerId));
  canvas.addEventListener("pointerleave", () => ((over = null), redraw()));
  canvas.addEventListener("click", () => over && onChoose(over));
  canvas.addEventListener("keydown", onKey);

  return {
    redraw,
    zoom,
    get view() {
      return view;
    },
    /** @param {[number, number] | null} to */
    set view(to) {
      view = to;
      redraw();
    },
  };

  function redraw() {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      draw();
    });
  }

  /** @returns {[number, number]} */
  function whole() {
    const all = steps();
    const now = Date.now();
    const first = all[0]?.at ?? now;
    let last = first + 1;
    for (const step of all) last = Math.max(last, spanOf(step, now)[1]);
    return [first, last + (last - first) * 0.02];
  }

  function draw() {
    const all = steps();
    const lanes = lanesOf(all);
    const tall = TOP + Math.max(1, lanes.length) * LANE + 6;
    const ratio = devicePixelRatio || 1;
    width = canvas.clientWidth;
    height = tall;
    canvas.style.height = `${tall}px`;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(tall * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(tall * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const colour = colours(canvas);
    const [from, to] = view ?? whole();
    const scale = (width - LEFT - 10) / Math.max(1, to - from);
    const x = (/** @type {number} */ at) => LEFT + (at - from) * scale;
    axis(from, to, x, colour);
    lanes.forEach((lane, n) => {
      const y = TOP + n * LANE;
      pen.fillStyle = (n % 2 ? colour["surface"] : colour["bg"]) ?? "";
      pen.fillRect(0, y, width, LANE);
      pen.fillStyle = colour["text2"] ?? "";
      pen.font = "12px system-ui, sans-serif";
      pen.fillText(cut(words.lane(lane), LEFT - 14), 8, y + 17);
    });
    places = [];
    const now = Date.now();
    const laneAt = new Map(lanes.map((lane, n) => [lane, n]));
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, 0, width - LEFT, height);
    pen.clip();
    for (const step of all) {
      const [begin, end] = spanOf(step, now);
      if (end < from || begin > to) continue;
      const y = TOP + (laneAt.get(step.lane) ?? 0) * LANE + (LANE - BAR) / 2;
      const left = x(begin);
      const w = Math.max(2, x(end) - left);
      bar(step, left, y, w, x, colour);
      places.push({ id: step.id, x: left, y, w });
    }
    arrows(all, laneAt, x, from, to, colour);
    pen.restore();
  }

  /** @param {Step} step @param {number} left @param {number} y @param {number} w @param {(at: number) => number} x @param {Record<string, string>} colour */
  function bar(step, left, y, w, x, colour) {
    const tone = colour[toneOfStep(step)] ?? colour["text"];
    pen.fillStyle = tone ?? "";
    if (step.kind === "model" && step.first_token !== null) {
      const token = Math.min(w, Math.max(0, x(step.first_token) - left));
      pen.globalAlpha = 0.32;
      pen.fillRect(left, y, token, BAR);
      pen.globalAlpha = 1;
      pen.fillRect(left + token, y, Math.max(1.5, w - token), BAR);
    } else if (step.state === "host" || step.state === "asked") {
      // What the host runs itself is hollow: nothing of it was on a wire of ours.
      pen.strokeStyle = tone ?? "";
      pen.strokeRect(left + 0.5, y + 0.5, Math.max(2, w - 1), BAR - 1);
    } else pen.fillRect(left, y, w, BAR);
    if (step.id === chosen() || step.id === over) {
      pen.strokeStyle = colour["text"] ?? "";
      pen.lineWidth = 2;
      pen.strokeRect(left - 1, y - 2, w + 2, BAR + 4);
      pen.lineWidth = 1;
    }
    // On the solid part: pale is no ground for small letters.
    const solid =
      step.kind === "model" && step.first_token !== null ? Math.max(left, x(step.first_token)) : left;
    const room = left + w - solid;
    if (room > 56) {
      const isHollow = step.state === "host" || step.state === "asked";
      pen.fillStyle = (isHollow ? colour["text"] : colour["bg"]) ?? "";
      pen.font = "10px system-ui, sans-serif";
      pen.fillText(cut(step.name, room - 8), solid + 4, y + 9.5);
    }
  }

  /** From the answer that asked to the call, and back to the request that saw it; dashed where it is inferred. */
  /** @param {readonly Step[]} all @param {Map<string, number>} laneAt @param {(at: number) => number} x @param {number} from @param {number} to @param {Record<string, string>} colour */
  function arrows(all, laneAt, x, from, to, colour) {
    const now = Date.now();
    for (const step of all) {
      const parent = step.parent === null ? undefined : get(step.parent);
      if (!parent || parent.lane === step.lane) continue;
      const [begin, end] = spanOf(step, now);
      if (begin > to || end < from) continue;
      pen.strokeStyle = (step.id === chosen() ? colour["text"] : colour["ctl"]) ?? "";
      pen.setLineDash(step.certainty === "inferred" ? [4, 3] : step.certainty === "ambiguous" ? [1, 3] : []);
      const start = Math.min(spanOf(parent, now)[1], begin);
      line(x(start), laneAt.get(parent.lane) ?? 0, x(begin), laneAt.get(step.lane) ?? 0);
      const seen = step.seen === null ? undefined : get(step.seen);
      if (seen && step.ended !== null)
        line(x(step.ended), laneAt.get(step.lane) ?? 0, x(seen.at), laneAt.get(seen.lane) ?? 0);
    }
    pen.setLineDash([]);
  }

  /** @param {number} x1 @param {number} lane1 @param {number} x2 @param {number} lane2 */
  function line(x1, lane1, x2, lane2) {
    const down = lane2 > lane1;
    const y1 = TOP + lane1 * LANE + LANE / 2 + (down ? BAR / 2 : -BAR / 2);
    const y2 = TOP + lane2 * LANE + LANE / 2 + (down ? -BAR / 2 : BAR / 2);
    pen.beginPath();
    pen.moveTo(x1, y1);
    pen.bezierCurveTo(x1, (y1 + y2) / 2, x2, (y1 + y2) / 2, x2, y2);
    pen.stroke();
    const tip = down ? -4 : 4;
    pen.beginPath();
    pen.moveTo(x2 - 3, y2 + tip);
    pen.lineTo(x2, y2);
    pen.lineTo(x2 + 3, y2 + tip);
    pen.stroke();
  }

  /** @param {number} from @param {number} to @param {(at: number) => number} x @param {Record<string, string>} colour */
  function axis(from, to, x, colour) {
    const start = steps()[0]?.at ?? from;
    const step = tick((to - from) / Math.max(2, (width - LEFT) / 110));
    pen.font = "11px system-ui, sans-serif";
    pen.fillStyle = colour["text3"] ?? "";
    pen.strokeStyle = colour["line"] ?? "";
    for (let at = Math.ceil((from - start) / step) * step; start + at <= to; at += step) {
      const place = x(start + at);
      pen.fillText(at === 0 ? "0" : ms(at), place + 3, 14);
      pen.beginPath();
      pen.moveTo(place + 0.5, 4);
      pen.lineTo(place + 0.5, height);
      pen.stroke();
    }
  }

  /** @param {string} text @param {number} room */
  function cut(text, room) {
    if (pen.measureText(text).width <= room) return text;
    let end = text.length;
    while (end > 1 && pen.measureText(`${text.slice(0, end)}…`).width > room) end = Math.floor(end * 0.9);
    return `${text.slice(0, end)}…`;
  }

  /** @param {number} factor below 1 comes nearer @param {number} [around] a place on the canvas */
  function zoom(factor, around = (width + LEFT) / 2) {
    const [from, to] = view ?? whole();
    const share = Math.min(1, Math.max(0, (around - LEFT) / Math.max(1, width - LEFT)));
    const at = from + (to - from) * share;
    const [first, last] = whole();
    const span = Math.max(CLOSEST_MS, (to - from) * factor);
    if (span >= last - first) view = null;
    else view = [at - span * share, at + span * (1 - share)];
    onZoom();
    redraw();
  }

  /** @param {number} pixels */
  function pan(pixels) {
    if (!view) return;
    const by = (pixels / Math.max(1, width - LEFT)) * (view[1] - view[0]);
    view = [view[0] + by, view[1] + by];
    onZoom();
    redraw();
  }

  /** @param {WheelEvent} event */
  function onWheel(event) {
    // A page that scrolls goes on scrolling; sideways and with a key it is the time that moves.
    if (event.ctrlKey || event.metaKey) zoom(Math.exp(event.deltaY / 200), event.offsetX);
    else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
      pan(event.deltaX || event.deltaY);
    else return;
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  function onDown(event) {
    fingers.set(event.pointerId, { x: event.offsetX });
    if (view) canvas.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  function onMove(event) {
    const finger = fingers.get(event.pointerId);
    if (finger) {
      const others = [...fingers.entries()].filter(([id]) => id !== event.pointerId);
      const other = others[0]?.[1];
      if (other) {
        const [before, after] = [Math.abs(finger.x - other.x), Math.abs(event.offsetX - other.x)];
        if (before > 8 && after > 8) zoom(before / after, (event.offsetX + other.x) / 2);
      } else pan(finger.x - event.offsetX);
      finger.x = event.offsetX;
    }
    const hit = places.findLast(
      (place) =>
        event.offsetX >= place.x - 3 &&
        event.offsetX <= place.x + place.w + 3 &&
        event.offsetY >= place.y - 3 &&
        event.offsetY <= place.y + BAR + 3,
    );
    if ((hit?.id ?? null) === over) return;
    over = hit?.id ?? null;
    canvas.style.cursor = over ? "pointer" : "";
    canvas.title = over ? (get(over)?.name ?? "") : "";
    redraw();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const keys = {
      "+": () => zoom(0.7),
      "=": () => zoom(0.7),
      "-": () => zoom(1.4),
      0: () => ((view = null), onZoom(), redraw()),
      ArrowLeft: () => pan(-80),
      ArrowRight: () => pan(80),
    };
    const act = keys[/** @type {keyof typeof keys} */ (event.key)];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!view && event.key.startsWith("Arrow")) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }
}

/** 1, 2, 5 times a power of ten. @param {number} wanted */
function tick(wanted) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, wanted)));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= wanted) ?? power * 10;
}

/** @param {Element} element @returns {Record<string, string>} */
function colours(element) {
  const style = getComputedStyle(element);
  const names = {
    bg: "bg",
    surface: "surface",
    text: "text",
    text2: "text2",
    text3: "text3",
    line: "line",
    ctl: "ctl",
    model: "accent",
    tool: "tool",
    host: "sys",
    ok: "ok",
    warn: "warn",
    err: "err",
    quiet: "ctl",
  };
  return Object.fromEntries(
    Object.entries(names).map(([name, token]) => [name, resolved(style, `--${token}`)]),
  );
}

/** A canvas knows no light-dark(): the colour is asked of an element that has it. @param {CSSStyleDeclaration} style @param {string} token */
function resolved(style, token) {
  const said = style.getPropertyValue(token).trim();
  const pair = /^light-dark\(\s*([^,]+),\s*(.+)\)$/.exec(said);
  if (!pair) return said;
  const isDark =
    style.colorScheme === "dark" ||
    (style.colorScheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  return (isDark ? pair[2] : pair[1]) ?? said;
}

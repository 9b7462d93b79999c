// A run in time: a lane for each who takes part, bars for what they did, arrows for what caused what. What is in sight,
// and the hands that move it; drawn on a canvas by lanes-draw.js. The story beside it says the same in words.
import { BAR, drawScene, LANE, TOP } from "./lanes-draw.js";
import { asksOf, depthOfLanes, lanesOf, spanOf } from "./shown/run-shown.ts";

/** @typedef {import("../src/fact/rows.ts").StepRow} Step */

/** Room for the names of lanes, in a wide window and in a narrow one. */
const LEFT = 132;
const LEFT_NARROW = 86;
const NARROW = 560;
/** A hand that goes so far, in pixels, drags. */
const DRAG = 5;
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
  let left = LEFT;
  /** Asked for once for each theme. @type {Record<string, string> | null} */
  let colour = null;
  /** What the steps come to: asked anew when they are others, not when somebody only looks elsewhere. @type {{ asks: Set<string>, lanes: string[], deep: Map<string, number> } | null} */
  let cast = null;
  /** Where bars stand, for the pointer. @type {{ id: string, x: number, y: number, w: number }[]} */
  let places = [];
  /** @type {string | null} */
  let over = null;
  /** @type {Map<number, { x: number }>} */
  const fingers = new Map();
  /** How far the hand went since it was put down: who drags does not choose. */
  let moved = 0;

  new ResizeObserver(() => redraw()).observe(canvas);
  for (const [target, event] of /** @type {const} */ ([
    [document, "theme"],
    [matchMedia("(prefers-color-scheme: dark)"), "change"],
  ]))
    target.addEventListener(event, () => ((colour = null), redraw()));
  canvas.addEventListener("wheel", onWheel, { passive: false });
  canvas.addEventListener("pointerdown", onDown);
  canvas.addEventListener("pointermove", onMove);
  for (const end of ["pointerup", "pointercancel"])
    canvas.addEventListener(end, (event) => fingers.delete(/** @type {PointerEvent} */ (event).pointerId));
  canvas.addEventListener("pointerleave", () => ((over = null), redraw()));
  canvas.addEventListener("click", ({ offsetX, offsetY }) => {
    const hit = moved < DRAG ? hitAt(offsetX, offsetY) : undefined;
    if (hit) onChoose(hit.id);
  });
  canvas.addEventListener("keydown", onKey);

  return {
    redraw,
    zoom,
    /** Steps have come, or are others. */
    changed() {
      cast = null;
      redraw();
    },
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
    return [first - (last - first) * 0.008, last + (last - first) * 0.02];
  }

  function draw() {
    const all = steps();
    cast ??= castOf(all);
    const { asks, lanes, deep } = cast;
    const tall = TOP + Math.max(1, lanes.length) * LANE + 6;
    const ratio = devicePixelRatio || 1;
    width = canvas.clientWidth;
    left = width < NARROW ? LEFT_NARROW : LEFT;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(tall * ratio)) {
      canvas.style.height = `${tall}px`;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(tall * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, tall);
    colour ??= colours(canvas);
    const [from, to] = view ?? whole();
    const names = lanes.map((lane) => `${"  ".repeat(deep.get(lane) ?? 0)}${words.lane(lane)}`);
    const scene = { pen, steps: all, lanes, names, asks, get, from, to, width, left, over, colour };
    places = drawScene({ ...scene, chosen: chosen(), now: Date.now() });
  }

  /** @param {readonly Step[]} all */
  function castOf(all) {
    const asks = asksOf(all);
    return {
      asks,
      lanes: [...(asks.size > 0 ? ["user"] : []), ...lanesOf(all)],
      deep: depthOfLanes(all, get),
    };
  }

  /** @param {number} factor below 1 comes nearer @param {number} [around] a place on the canvas */
  function zoom(factor, around = (width + left) / 2) {
    const [from, to] = view ?? whole();
    const share = Math.min(1, Math.max(0, (around - left) / Math.max(1, width - left)));
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
    const by = (pixels / Math.max(1, width - left)) * (view[1] - view[0]);
    view = [view[0] + by, view[1] + by];
    onZoom();
    redraw();
  }

  /** @param {WheelEvent} event */
  function onWheel(event) {
    const scrolls = canvas.parentElement;
    // Many lanes scroll, as everything does; with few of them, and with a key, the wheel comes nearer.
    const isFree = !scrolls || scrolls.scrollHeight - scrolls.clientHeight < LANE;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) pan(event.deltaX || event.deltaY);
    else if (isFree || event.ctrlKey || event.metaKey) zoom(Math.exp(event.deltaY / 200), event.offsetX);
    else return;
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  function onDown(event) {
    if (fingers.size === 0) moved = 0;
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
      moved += Math.abs(finger.x - event.offsetX);
      finger.x = event.offsetX;
    }
    const hit = hitAt(event.offsetX, event.offsetY);
    if ((hit?.id ?? null) === over) return;
    over = hit?.id ?? null;
    canvas.style.cursor = over ? "pointer" : "";
    canvas.title = over ? titleOf(get(over)) : "";
    redraw();
  }

  /** @param {number} x @param {number} y */
  function hitAt(x, y) {
    return places.findLast(
      (place) => x >= place.x - 3 && x <= place.x + place.w + 3 && y >= place.y - 3 && y <= place.y + BAR + 3,
    );
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

/** @param {Step | undefined} step */
function titleOf(step) {
  if (!step) return "";
  const { name, asked, answered } = step;
  return [name, asked, answered].filter(Boolean).join("\n");
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
    reasoning: "stream",
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

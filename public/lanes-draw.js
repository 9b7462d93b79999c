// The picture of a run in time, drawn once for what is in sight: bars that would fall on the same points are one, arrows
// are left out where nobody could tell them apart, and all of one look are one path. So it costs what is seen.
import { spanOf, toneOfStep } from "./shown/run-shown.ts";
import { ms } from "./shown/numbers.ts";

/** @typedef {import("../src/fact/rows.ts").StepRow} Step */
/** @typedef {{ id: string, x: number, y: number, w: number }} Place */
/**
 * @typedef {{ pen: CanvasRenderingContext2D, steps: readonly Step[], lanes: readonly string[], names: readonly string[],
 *   asks: ReadonlySet<string>, get(id: string): Step | undefined, from: number, to: number, width: number, left: number,
 *   chosen: string | null, over: string | null, colour: Record<string, string>, now: number }} Scene
 */

export const LANE = 26;
export const TOP = 22;
export const BAR = 12;
/** A bar is not thinner; arrows need this much room each, on the average. */
const THIN = 2;
/** A bar that is thinner shows nothing of what is in it. */
const PLAIN = 5;
const APART = 5;
const FONT = "system-ui, sans-serif";

/** Draws it all; gives where bars stand, for the pointer. @param {Scene} scene @returns {Place[]} */
export function drawScene(scene) {
  const { pen, lanes, names, width, left, from, to, colour } = scene;
  const scale = (width - left - 10) / Math.max(1, to - from);
  const x = (/** @type {number} */ at) => left + (at - from) * scale;
  lanes.forEach((_, n) => {
    pen.fillStyle = (n % 2 ? colour["surface"] : colour["bg"]) ?? "";
    pen.fillRect(0, TOP + n * LANE, width, LANE);
  });
  axis(scene, x);
  pen.fillStyle = colour["text2"] ?? "";
  pen.font = `12px ${FONT}`;
  names.forEach((name, n) => pen.fillText(cut(pen, name, left - 14), 8, TOP + n * LANE + 17));
  pen.save();
  pen.beginPath();
  pen.rect(left, 0, width - left, TOP + lanes.length * LANE);
  pen.clip();
  const laneAt = new Map(lanes.map((lane, n) => [lane, n]));
  const seen = scene.steps.filter((step) => {
    const [begin, end] = spanOf(step, scene.now);
    return end >= from && begin <= to;
  });
  const places = bars(scene, seen, laneAt, x);
  arrows(scene, seen, laneAt, x);
  pen.restore();
  return places;
}

/** @param {Scene} scene @param {readonly Step[]} seen @param {Map<string, number>} laneAt @param {(at: number) => number} x */
function bars(scene, seen, laneAt, x) {
  const { pen, colour, now, chosen, over } = scene;
  /** @type {Place[]} */
  const places = [];
  /** Thin bars of one look that touch are one. @type {Map<string, { tone: string, y: number, from: number, to: number }>} */
  const runs = new Map();
  const fill = (/** @type {{ tone: string, y: number, from: number, to: number }} */ run) => {
    pen.fillStyle = colour[run.tone] ?? "";
    pen.fillRect(run.from, run.y, run.to - run.from, BAR);
  };
  for (const step of seen) {
    const [begin, end] = spanOf(step, now);
    const y = TOP + (laneAt.get(step.lane) ?? 0) * LANE + (LANE - BAR) / 2;
    const left = x(begin);
    const w = Math.max(THIN, x(end) - left);
    const place = { id: step.id, x: left, y, w };
    places.push(place);
    const tone = toneOfStep(step);
    const isMarked = step.id === chosen || step.id === over;
    if (isMarked || w >= PLAIN) {
      bar(scene, step, place, tone, x);
      if (isMarked) frame(scene, place);
      continue;
    }
    const key = `${step.lane} ${tone}`;
    const run = runs.get(key);
    if (run && left <= run.to + 1 && left >= run.from) run.to = Math.max(run.to, left + w);
    else {
      if (run) fill(run);
      runs.set(key, { tone, y, from: left, to: left + w });
    }
  }
  for (const run of runs.values()) fill(run);
  const user = laneAt.get("user");
  if (user !== undefined) for (const step of seen) if (scene.asks.has(step.id)) said(scene, user, x(step.at));
  return places;
}

/** @param {Scene} scene @param {Step} step @param {Place} place @param {string} tone @param {(at: number) => number} x */
function bar({ pen, colour }, step, { x: left, y, w }, tone, x) {
  const isHollow = step.state === "host" || step.state === "asked";
  pen.fillStyle = colour[tone] ?? "";
  let solid = left;
  if (step.kind === "model" && step.first_token !== null) {
    solid = Math.min(left + w, Math.max(left, x(step.first_token)));
    pen.globalAlpha = 0.32;
    pen.fillRect(left, y, solid - left, BAR);
    pen.globalAlpha = 1;
    pen.fillRect(solid, y, Math.max(1.5, left + w - solid), BAR);
    phases(pen, step, y, w, colour, x);
  } else if (isHollow) {
    // What the host runs itself is hollow: nothing of it was on a wire of ours.
    pen.strokeStyle = colour[tone] ?? "";
    pen.strokeRect(left + 0.5, y + 0.5, Math.max(THIN, w - 1), BAR - 1);
  } else pen.fillRect(left, y, w, BAR);
  marks(pen, step, y, left + w, colour, x);
  // On the solid part: pale is no ground for small letters.
  const room = left + w - solid;
  if (room <= 56) return;
  pen.fillStyle = (isHollow ? colour["text"] : colour["bg"]) ?? "";
  pen.font = `10px ${FONT}`;
  pen.fillText(cut(pen, step.name, room - 8), solid + 4, y + 9.5);
}

/** What the model did: it thought, it asked for tools; the rest is text. */
/** @param {CanvasRenderingContext2D} pen @param {Step} step @param {number} y @param {number} w @param {Record<string, string>} colour @param {(at: number) => number} x */
function phases(pen, { phases: all = [] }, y, w, colour, x) {
  if (w < 8) return;
  for (const { kind, from, to } of all) {
    if (kind === "text") continue;
    pen.fillStyle = (kind === "reasoning" ? colour["reasoning"] : colour["tool"]) ?? "";
    pen.fillRect(x(from), y, Math.max(1, x(to) - x(from)), BAR);
  }
}

/** Progress is a notch; what was called off ends in a cross. */
/** @param {CanvasRenderingContext2D} pen @param {Step} step @param {number} y @param {number} end @param {Record<string, string>} colour @param {(at: number) => number} x */
function marks(pen, { marks: it }, y, end, colour, x) {
  if (!it) return;
  pen.fillStyle = colour["bg"] ?? "";
  let last = -Infinity;
  for (const at of it.progress) {
    const place = x(at);
    if (place - last < 3) continue;
    pen.fillRect(place, y + 2, 1.5, BAR - 4);
    last = place;
  }
  if (it.cancelled === null) return;
  pen.strokeStyle = colour["err"] ?? "";
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(end - 4, y + 1);
  pen.lineTo(end + 4, y + BAR - 1);
  pen.moveTo(end + 4, y + 1);
  pen.lineTo(end - 4, y + BAR - 1);
  pen.stroke();
  pen.lineWidth = 1;
}

/** Where the user said something. @param {Scene} scene @param {number} lane @param {number} at */
function said({ pen, colour }, lane, at) {
  const y = TOP + lane * LANE + LANE / 2;
  pen.fillStyle = colour["text"] ?? "";
  pen.beginPath();
  pen.moveTo(at, y - 5);
  pen.lineTo(at + 5, y);
  pen.lineTo(at, y + 5);
  pen.lineTo(at - 5, y);
  pen.fill();
}

/** @param {Scene} scene @param {Place} place */
function frame({ pen, colour }, { x, y, w }) {
  pen.strokeStyle = colour["text"] ?? "";
  pen.lineWidth = 2;
  pen.strokeRect(x - 1, y - 2, w + 2, BAR + 4);
  pen.lineWidth = 1;
}

/** From who asked to the call, and back to the request that saw it; dashed where it is inferred, dotted where ambiguous. */
/** @param {Scene} scene @param {readonly Step[]} seen @param {Map<string, number>} laneAt @param {(at: number) => number} x */
function arrows({ pen, asks, get, chosen, colour, now, width, left }, seen, laneAt, x) {
  const looks = [
    { dash: [], path: new Path2D() },
    { dash: [4, 3], path: new Path2D() },
    { dash: [1, 3], path: new Path2D() },
    { dash: [], path: new Path2D(), stroke: colour["text"] },
  ];
  const isDense = (width - left) / Math.max(1, seen.length) < APART;
  const lane = (/** @type {Step} */ step) => laneAt.get(step.lane) ?? 0;
  for (const step of seen) {
    const isChosen = step.id === chosen;
    if (isDense && !isChosen) continue;
    const look = isChosen ? 3 : step.certainty === "inferred" ? 1 : step.certainty === "ambiguous" ? 2 : 0;
    const { path } = /** @type {typeof looks[number]} */ (looks[look]);
    const user = laneAt.get("user");
    if (user !== undefined && asks.has(step.id)) line(path, x(step.at), user, x(step.at), lane(step));
    const parent = step.parent === null ? undefined : get(step.parent);
    if (!parent || parent.lane === step.lane) continue;
    line(path, x(Math.min(spanOf(parent, now)[1], step.at)), lane(parent), x(step.at), lane(step));
    const sees = step.seen === null ? undefined : get(step.seen);
    if (sees && step.ended !== null) line(path, x(step.ended), lane(step), x(sees.at), lane(sees));
  }
  for (const { dash, path, stroke = colour["ctl"] } of looks) {
    pen.strokeStyle = stroke ?? "";
    pen.setLineDash(dash);
    pen.stroke(path);
  }
  pen.setLineDash([]);
}

/** @param {Path2D} path @param {number} x1 @param {number} lane1 @param {number} x2 @param {number} lane2 */
function line(path, x1, lane1, x2, lane2) {
  const down = lane2 > lane1;
  const y1 = TOP + lane1 * LANE + LANE / 2 + (down ? BAR / 2 : -BAR / 2);
  const y2 = TOP + lane2 * LANE + LANE / 2 + (down ? -BAR / 2 : BAR / 2);
  path.moveTo(x1, y1);
  path.bezierCurveTo(x1, (y1 + y2) / 2, x2, (y1 + y2) / 2, x2, y2);
  const tip = down ? -4 : 4;
  path.moveTo(x2 - 3, y2 + tip);
  path.lineTo(x2, y2);
  path.lineTo(x2 + 3, y2 + tip);
}

/** @param {Scene} scene @param {(at: number) => number} x */
function axis({ pen, steps, lanes, from, to, width, left, colour }, x) {
  const start = steps[0]?.at ?? from;
  const step = tick((to - from) / Math.max(2, (width - left) / 110));
  pen.font = `11px ${FONT}`;
  pen.fillStyle = colour["text3"] ?? "";
  pen.strokeStyle = colour["line"] ?? "";
  pen.beginPath();
  for (let at = Math.ceil((from - start) / step) * step; start + at <= to; at += step) {
    const place = x(start + at);
    pen.fillText(at === 0 ? "0" : ms(at), place + 3, 14);
    pen.moveTo(place + 0.5, 4);
    pen.lineTo(place + 0.5, TOP + lanes.length * LANE);
  }
  pen.stroke();
}

/** @param {CanvasRenderingContext2D} pen @param {string} text @param {number} room */
function cut(pen, text, room) {
  if (pen.measureText(text).width <= room) return text;
  let end = Math.min(text.length, 60);
  while (end > 1 && pen.measureText(`${text.slice(0, end)}…`).width > room) end = Math.floor(end * 0.9);
  return `${text.slice(0, end)}…`;
}

/** 1, 2, 5 times a power of ten. @param {number} wanted */
function tick(wanted) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, wanted)));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= wanted) ?? power * 10;
}

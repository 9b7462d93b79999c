// How events are told from each other, wherever they are drawn: lanes, their colours, what a long silence is.

export const LANES = ["reasoning", "text", "tool", "usage", "control", "error"];

/** @type {Record<string, string>} */
export const COLOURS = {
  text: "--ok",
  reasoning: "--stream",
  tool: "--tool",
  usage: "--accent",
  control: "--ctl",
  error: "--err",
};

/** A silence that stands out: five times the usual one, and long enough to be felt. @param {readonly number[]} times */
export function longSilence(times) {
  const gaps = times.slice(1).map((time, n) => time - (times[n] ?? 0));
  gaps.sort((a, b) => a - b);
  return Math.max(250, (gaps[gaps.length >> 1] ?? 0) * 5);
}

/** light-dark() is resolved on a real property only: borrow `color`. Each token once for a drawing. @param {HTMLCanvasElement} canvas */
export function paintsOf(canvas) {
  /** @type {Map<string, string>} */
  const known = new Map();
  return (/** @type {string} */ token) => {
    let paint = known.get(token);
    if (paint === undefined) {
      canvas.style.color = `var(${token})`;
      paint = getComputedStyle(canvas).color;
      canvas.style.color = "";
      known.set(token, paint);
    }
    return paint;
  };
}

// The socket is htmx's (connect, back-off, background pause); its frames are ours. Only `html` frames reach the swap.
import { t } from "./words.js";

const MOST_WAITING = 10_000;
/** What the socket tells, with a `resync` of our own. @typedef {any} Frame */

/** @type {((frames: Frame[]) => void)[]} */
const listeners = [];
const wishes = new Set();
let seq = 0;
/** @type {Frame[]} */
let queue = [];
let scheduled = false;
let lastFrame = 0;
/** @type {WebSocket | null} */
let socket = null;
let paused = false;
let connectedBefore = false;

/** `fn` gets all frames that came since the last drawing, in order. */
export const onFrames = (/** @type {(frames: Frame[]) => void} */ fn) => listeners.push(fn);

/** What is added to an exchange or a session comes as frames of its own. */
/** @param {string} id */
export function follow(id) {
  wishes.add(id);
  say({ follow: id });
}

/** @param {string} id */
export function unfollow(id) {
  if (wishes.delete(id)) say({ unfollow: id });
}

/** Holds the drawing; everything comes when it goes on. */
export function pause() {
  paused = !paused;
  show(paused ? "paused" : socket?.readyState === 1 ? "live" : "reconnecting");
  if (!paused) schedule();
}

/** @param {object} message */
function say(message) {
  if (socket?.readyState === 1) socket.send(JSON.stringify(message));
}

document.addEventListener("htmx:ws:after:connection", (event) =>
  connected(/** @type {CustomEvent} */ (event).detail.connection),
);
if (document.readyState === "complete") catchUp();
else addEventListener("load", catchUp);

// The socket may be open before this script listens.
function catchUp() {
  const connection = /** @type {any} */ (document.getElementById("feed"))?._htmx?.ws?.connection;
  if (!socket && connection?.socket?.readyState === 1) connected(connection);
}

/** @param {{ socket: WebSocket }} connection */
function connected(connection) {
  ({ socket } = connection);
  lastFrame = performance.now();
  for (const id of wishes) say({ follow: id });
  // Frames resume by `since`; the list is asked for again all the same, since files may have come while nobody told.
  if (connectedBefore) queue.push({ type: "resync" });
  if (connectedBefore) schedule();
  connectedBefore = true;
  if (!paused) show("live");
}

document.addEventListener("htmx:ws:close", (event) =>
  show(/** @type {CustomEvent} */ (event).detail.code === 1000 ? "stopped" : "reconnecting"),
);

document.addEventListener("htmx:ws:before:message:incoming", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  const text = detail.message.data;
  // A frame that is not JSON would be swapped in as HTML: not ours, ever.
  if (typeof text !== "string" || text[0] !== "{") return event.preventDefault();
  const frame = JSON.parse(text);
  lastFrame = performance.now();
  if (frame.type === "html") return;
  event.preventDefault();
  if (frame.seq > seq && frame.type !== "hello") {
    seq = frame.seq;
    // Both ways of coming back (close, hidden tab) use this address; without `since` rows would be lost.
    const { connection } = detail;
    connection.url = connection.url.replace(/since=\d+/, `since=${seq}`);
  }
  if (frame.type === "hello") return;
  if (frame.type === "frames") for (const one of frame.frames) queue.push(one);
  else queue.push(frame);
  // Paused, or a drawing that does not keep up: it is cheaper to ask again than to hold everything.
  if (queue.length > MOST_WAITING) queue = [{ type: "resync" }];
  schedule();
});

function schedule() {
  if (scheduled || paused) return;
  scheduled = true;
  if (document.hidden) setTimeout(flush, 0);
  else requestAnimationFrame(flush);
}

function flush() {
  scheduled = false;
  if (paused) return;
  const batch = queue;
  queue = [];
  for (const fn of listeners) fn(batch);
}

// hx-ws does not see a half-open connection; two missed heartbeats say it is gone.
setInterval(() => {
  if (socket?.readyState === 1 && performance.now() - lastFrame > 32_000) socket.close();
}, 5000);

/** @param {string} state */
function show(state) {
  const it = /** @type {HTMLElement} */ (document.querySelector(".live"));
  it.dataset["live"] = state;
  document.querySelector('[data-do="pause"]')?.setAttribute("aria-pressed", String(paused));
  /** @type {Element} */ (it.lastElementChild).textContent = t(`live.${state}`);
}

// The first minute: the demo's steps as they happen, its long answer opened while it streams, then the run that it made
// with three things pointed at. It goes on over the pages that it opens; Esc or its cross ends it.
import { copy } from "./copy.js";
import { ask, el, icon, toast } from "./dom.js";
import { onFrames } from "./feed.js";
import { lateWords, t } from "./words.js";

/** Between two looks at how far the demo is. */
const LOOK_MS = 250;
/** Steps that are shown: the latest. */
const SHOWN_STEPS = 6;
/** How long one waits for the run's row, and for what is pointed at. */
const PATIENCE_MS = 10_000;
const MOMENT_MS = 2_000;
const KEY = "tour";

/** @typedef {{ kind: string, words: string, at: number }} Step */
/** @typedef {{ stage: "demo" | "run", began: number, opened: boolean }} Tour */

/** On the empty page: its button, and the tick when the first request of one's own arrives. */
export async function startTour() {
  await lateWords("tour");
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-do=demo]"));
  if (button) {
    button.addEventListener("click", () => void begin(button));
    button.disabled = false;
  }
  greetFirst();
  const going = kept();
  if (going?.stage === "demo") void follow(going);
  if (going?.stage === "run") void point();
}

/** @returns {Tour | null} */
function kept() {
  return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
}

/** @param {Tour | null} tour */
function keep(tour) {
  if (tour) sessionStorage.setItem(KEY, JSON.stringify(tour));
  else sessionStorage.removeItem(KEY);
}

/** @param {HTMLButtonElement} button */
async function begin(button) {
  button.disabled = true;
  /** @type {Tour} */
  const tour = { stage: "demo", began: Date.now(), opened: false };
  keep(tour);
  const run = fetch("/api/demo", { method: "POST" });
  run.finally(() => (button.disabled = false)).catch(() => {});
  await follow(tour);
}

/** @param {Tour} tour */
async function follow(tour) {
  const card = cardOf("tour.title");
  const list = el("ol", "tour-steps");
  card.body.append(list);
  say(list, [{ kind: "begin", words: "", at: 0 }], true);
  for (let misses = 0; card.isOpen(); await pause(LOOK_MS)) {
    const at = await ask("/api/demo").catch(() => null);
    // A demo that began before this tour is another's; ours is told in a moment.
    const isOurs = at !== null && at.began !== null && at.began >= tour.began - LOOK_MS;
    if (!isOurs) {
      if ((misses += LOOK_MS) > PATIENCE_MS) return finish(card);
      continue;
    }
    say(list, at.steps.slice(-SHOWN_STEPS), at.running);
    if (at.failed !== null) {
      keep(null);
      card.body.append(el("p", "tour-failed", t("tour.failed", { why: at.failed })));
      return;
    }
    if (!at.running) return void (await openRun(tour, card));
    // The longest answer is made of the tool's result: it is opened while it streams.
    if (!tour.opened && at.steps.at(-1)?.kind === "result" && (await openAnswer(tour))) return;
  }
}

/** @param {HTMLElement} list @param {Step[]} steps @param {boolean} running */
function say(list, steps, running) {
  const words = steps.map(({ kind, words: said }) => t(`tour.${kind}`, { words: said }));
  if (list.dataset["said"] === words.join("\n") + running) return;
  list.dataset["said"] = words.join("\n") + running;
  list.replaceChildren(
    ...words.map((text, n) => {
      const it = el("li", running && n === words.length - 1 ? "going" : "done");
      it.append(icon(running && n === words.length - 1 ? "wait" : "ok"), el("span", "", text));
      return it;
    }),
  );
}

/** @param {Tour} tour */
async function openAnswer(tour) {
  const { items } = await ask("/api/exchanges?limit=1");
  const [row] = items;
  if (!row || row.at < tour.began || row.state === "done") return false;
  keep({ ...tour, opened: true });
  location.assign(`/llm/${encodeURIComponent(row.id)}/stream`);
  return true;
}

/** @param {Tour} tour @param {ReturnType<typeof cardOf>} card */
async function openRun(tour, card) {
  card.body.append(el("p", "", t("tour.over")));
  for (let waited = 0; waited < PATIENCE_MS && card.isOpen(); await pause(LOOK_MS), waited += LOOK_MS) {
    const { items } = await ask("/api/runs?limit=5");
    const run = items.find((/** @type {any} */ it) => it.at >= tour.began && it.tool_calls > 0);
    const busy = !run || run.state === "model" || run.state === "tool";
    if (busy) continue;
    const { steps } = await ask(`/api/runs/${encodeURIComponent(run.id)}`);
    const call = steps.find((/** @type {any} */ it) => it.kind === "tool");
    keep({ ...tour, stage: "run" });
    return location.assign(
      `/run/${encodeURIComponent(run.id)}${call ? `?step=${encodeURIComponent(call.id)}` : ""}`,
    );
  }
  finish(card);
}

/** @param {ReturnType<typeof cardOf>} card */
function finish(card) {
  keep(null);
  card.close();
}

const POINTS = [
  { at: ".run-time", words: "tour.lanes" },
  { at: "#list .row[aria-selected=true], #list .rows .row", words: "tour.asked" },
  { at: "#detail .four, #detail", words: "tour.tie" },
];

/** What is pointed at in the run, one after the other. */
async function point() {
  keep(null);
  for (const [n, { at, words }] of POINTS.entries()) {
    const target = await thereSoon(at);
    // A phone shows the story or the step.
    if (!target) continue;
    const card = cardOf(words, target);
    card.body.append(el("p", "", t(`${words}.why`)));
    const foot = el("p", "tour-foot");
    const isLast = n === POINTS.length - 1;
    const next = el("button", "button primary", t(isLast ? "tour.done" : "tour.next"));
    foot.append(el("small", "", t("tour.of", { n: n + 1, m: POINTS.length })), next);
    card.body.append(foot);
    next.focus();
    target.classList.add("pointed-at");
    const goesOn = await Promise.race([clicked(next), card.closed]);
    target.classList.remove("pointed-at");
    card.close();
    if (!goesOn) return;
  }
}

/** @param {HTMLElement} button @returns {Promise<boolean>} */
const clicked = (button) =>
  new Promise((done) => button.addEventListener("click", () => done(true), { once: true }));

/** @param {string} selector @returns {Promise<HTMLElement | null>} */
async function thereSoon(selector) {
  for (let waited = 0; waited < MOMENT_MS; waited += LOOK_MS) {
    for (const one of selector.split(", ")) {
      const it = /** @type {HTMLElement | null} */ (document.querySelector(one));
      if (it && it.getBoundingClientRect().height > 0) return it;
    }
    await pause(LOOK_MS);
  }
  return null;
}

/** A card at the lower end, or beside what it speaks of. @param {string} title @param {HTMLElement} [beside] */
function cardOf(title, beside) {
  const card = el("aside", "tour-card");
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-label", t(title));
  const head = el("header");
  const cross = el("button", "button quiet");
  cross.setAttribute("aria-label", t("tour.close"));
  cross.title = `${t("tour.close")} (Esc)`;
  cross.append(icon("err"));
  head.append(el("b", "", t(title)), cross);
  const body = el("div", "tour-body");
  body.setAttribute("aria-live", "polite");
  card.append(head, body);
  document.body.append(card);
  if (beside) place(card, beside);
  /** @type {(goesOn: boolean) => void} */
  let tell = () => {};
  const closed = /** @type {Promise<boolean>} */ (new Promise((done) => (tell = done)));
  const end = () => {
    keep(null);
    card.remove();
    tell(false);
  };
  cross.addEventListener("click", end);
  card.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end();
  });
  return { body, closed, isOpen: () => card.isConnected, close: () => card.remove() };
}

/** Under what it speaks of where there is room, else over its lower part. @param {HTMLElement} card @param {HTMLElement} beside */
function place(card, beside) {
  const { left, top, bottom } = beside.getBoundingClientRect();
  const room = innerHeight - bottom;
  card.classList.add("at-place");
  card.style.left = `${Math.max(8, Math.min(left + 24, innerWidth - 396))}px`;
  if (room > 220) card.style.top = `${bottom + 10}px`;
  else card.style.top = `${Math.max(60, Math.min(top + 60, innerHeight - 240))}px`;
}

/** The first request of one's own, after a wait on the empty page. */
function greetFirst() {
  const waiting = document.querySelector(".welcome .waiting");
  if (!waiting) return;
  let greeted = false;
  onFrames((frames) => {
    for (const frame of frames) {
      if (greeted || frame.type !== "exchange.open" || frame.row.upstream === "demo") continue;
      greeted = true;
      toast(`✓ ${t("tour.first", { what: frame.row.model ?? frame.row.path })}`);
    }
  });
  for (const code of document.querySelectorAll(".here code"))
    code.addEventListener("click", () => void copy(code.textContent ?? ""));
}

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

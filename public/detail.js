// The open exchange: keeps its address, starts what its panel needs, and lets it grow while it streams.
import { $, announce, ask } from "./dom.js";
import { load, stopLoading } from "./detail-load.js";
import { startHands } from "./detail-hands.js";
import { follow, onFrames, unfollow } from "./feed.js";
import { fragment } from "./fragments.js";
import { liveAnswer } from "./live-answer.js";
import { startScrubber } from "./scrubber.js";
import { asked } from "./selected.js";
import { ms, t } from "./words.js";

/** Between two looks at what a client goes on to say on a socket; more when a look takes long. */
const SLOWER = 400;
const FROM = 11;

/** @type {string | null} */
let current = null;
/** @type {ReturnType<typeof startScrubber>} */
let scrubber = null;
/** @type {ReturnType<typeof import("./stream.js").startStream>} */
let stream = null;
const answer = liveAnswer();
/** Frames that came before the snapshot; null when none is on its way. @type {any[] | null} */
let early = null;
let said = 0;
let nextLook = 0;

export function startDetail() {
  shown("first");
  startHands(() => void refresh("panel"));

  // Whoever swapped: the fragment says what it shows.
  document.addEventListener("htmx:after:swap", ({ target }) => {
    const it = /** @type {Element} */ (target);
    if (it.id === "detail" || it.closest?.("#detail")) shown("tab");
  });
  document.addEventListener("detail:stands", leave);

  onFrames((/** @type {any[]} */ frames) => {
    for (const frame of frames) {
      if (frame.type === "exchange.added" && frame.id === current) take(frame);
      if ((frame.type === "exchange.head" || frame.type === "exchange.close") && frame.row.id === current)
        void refresh(frame.type === "exchange.close" ? "over" : "head");
      if (frame.type === "resync" && $("article.exchange") && flying()) void refresh("over");
    }
  });

  setInterval(() => {
    const counter = $("#detail [data-since]");
    if (counter) counter.textContent = ms(Math.max(0, Date.now() - Number(counter.dataset.since)));
  }, 100);
}

/** `how`: a click and a key make history of different weight; `back` makes none. @param {string | null} id @param {string | null} panel @param {string} how */
export async function openDetail(id, panel, how) {
  clearTimeout(settled);
  if (id === null) {
    stopLoading();
    leave();
    $("#detail").replaceChildren();
    return;
  }
  if (how !== "back") remember(id, panel, how);
  await load(id, addressOf(id, panel));
}

/** @param {string} id @param {string | null} panel */
export function addressOf(id, panel) {
  return `/llm/${id}${panel ? `/${panel}` : ""}`;
}

let settled = 0;
/** @param {string} id @param {string | null} panel @param {string} how */
function remember(id, panel, how) {
  if (how !== "key") return history.pushState(null, "", addressOf(id, panel) + location.search);
  // Running through the list with j and k is one step back, not fifty.
  settled = window.setTimeout(
    () => history.replaceState(null, "", addressOf(id, panel) + location.search),
    300,
  );
}

/** @param {"first" | "tab"} how */
function shown(how) {
  const article = $("article.exchange");
  const id = article?.dataset.id ?? null;
  const isOther = id !== current;
  if (isOther) {
    leave();
    current = id;
  }
  if (!article || id === null) return;
  const { panel } = article.dataset;
  if (how === "tab" && clickedTab && location.pathname !== addressOf(id, panel)) {
    // The address that j and k have yet to write is not where one is any more.
    clearTimeout(settled);
    history.pushState(null, "", addressOf(id, panel) + location.search + location.hash);
    $("main").dataset.panel = panel;
  }
  clickedTab = false;
  $('.panel-tabs [aria-selected="true"]', article)?.scrollIntoView({ block: "nearest", inline: "center" });
  document.title = `${$("h2", article).textContent} · MCP Proxy Logger`;
  scrubber?.stop();
  scrubber = startScrubber($('[data-island="scrub"]', article), (at) => stream?.pickAt(at));
  void startPanel(article);
  void marks(id);
  if (flying()) follow(id);
  showWhatIsNew(article);
  document.dispatchEvent(new CustomEvent("detail:shown"));
}

/** A panel's scripts are loaded with the panel. @param {HTMLElement} article */
async function startPanel(article) {
  stream?.stop();
  stream = null;
  const of = current;
  const place = /** @type {HTMLElement | null} */ ($('[data-island="stream"]', article));
  if (place) {
    const { startStream } = await import("./stream.js");
    if (of !== current || !place.isConnected) return;
    stream = startStream(place, () => scrubber);
  }
  if ($(".older", article)) (await import("./print-earlier.js")).startPrinting();
  if ($('[data-island="viewer"]', article)) (await import("./viewer.js")).startViewers(article);
  if (of === current && (flying() || stream)) void snapshot();
}

/** A long past is passed over; what streams is followed at its end. @param {HTMLElement} article */
function showWhatIsNew(article) {
  const panel = document.getElementById("panel");
  // The model's last word before it says what is answered: its calls have the new results.
  const fresh = $("#fresh", article)?.previousElementSibling ?? $("#fresh", article);
  // The address names a call.
  if ($(":target", article)) return $(":target", article).scrollIntoView({ block: "center" });
  if (!panel || article.dataset["panel"] !== "story") return;
  const message = asked("message");
  const wanted = message === null ? null : document.getElementById(`message-${message}`);
  if (wanted) return wanted.scrollIntoView({ block: "start" });
  if (flying()) panel.scrollTop = panel.scrollHeight;
  else if (fresh) panel.scrollTop = fresh.getBoundingClientRect().top - panel.getBoundingClientRect().top - 8;
}

/** @param {string} id */
async function marks(id) {
  const all = await ask(`/llm/${id}/marks`).catch(() => null);
  if (all && id === current) scrubber?.set(all);
}

let clickedTab = false;
document.addEventListener(
  "click",
  ({ target }) => {
    if (/** @type {Element} */ (target).closest?.("[data-panel-tab], [data-panel-link]")) clickedTab = true;
  },
  true,
);

function leave() {
  if (current) unfollow(current);
  [current, early] = [null, null];
  answer.forget();
  scrubber?.stop();
  stream?.stop();
  [scrubber, stream] = [null, null];
}

function flying() {
  const article = $("article.exchange");
  return article !== null && article.dataset.state !== "done" && article.dataset.id === current;
}

/** All that came so far, once; what is added after it comes by itself. */
async function snapshot() {
  if (!$("[data-live-answer]") && !stream) return;
  const id = current;
  /** @type {any[]} */
  const mine = (early = []);
  try {
    const live = await ask(`/llm/${id}/events?from=${stream ? stream.known() : 1e9}`);
    if (early !== mine) return; // another one was asked for since
    stream?.take(live);
    answer.set(live.parts, live.state);
    early = null;
    for (const frame of mine) take(frame);
    // The frame that told of the end may have been missed.
    if (live.state === "done" && flying()) void refresh("over");
  } catch {
    if (early !== mine) return;
    early = null;
    // the live mark says that the server is away.
    setTimeout(() => id === current && snapshot(), 1000);
  }
}

/** What was added. Where it does not fit to what is here, everything is asked for again. @param {any} frame */
function take(frame) {
  if (early) return void early.push(frame);
  scrubber?.add(
    { state: "streaming" },
    frame.events.map((/** @type {any[]} */ event) => [event[1], event[5]]),
  );
  const known = stream?.known() ?? Infinity;
  if (frame.fresh || frame.from_n > known || !answer.fits(frame.parts)) {
    stream?.take({ fresh: true, state: "streaming", events: [] });
    return void snapshot();
  }
  stream?.take({ ...frame, state: "streaming" });
  answer.add(frame.parts);
  // What the client says on an open socket belongs to the conversation.
  if (frame.events.some((/** @type {any[]} */ event) => event[FROM] === "client")) lookSoon();
}

function lookSoon() {
  if (said !== 0) return;
  said = window.setTimeout(
    async () => {
      const began = performance.now();
      await refresh("head");
      nextLook = performance.now() + (performance.now() - began) * 20;
      said = 0;
    },
    Math.max(SLOWER, nextLook - performance.now()),
  );
}

/** The head and the tabs again; at the end the panel too, unless it grew by itself. @param {"head" | "over" | "panel"} why */
async function refresh(why) {
  const article = $("article.exchange");
  const id = current;
  if (!article || id === null) return;
  const text = await fragment(addressOf(id, article.dataset.panel)).catch(() => "");
  if (id !== current) return;
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("article.exchange");
  if (!fresh) return;
  const focused = document.activeElement?.id;
  const isOver = /** @type {HTMLElement} */ (fresh).dataset["state"] === "done";
  article.dataset.state = /** @type {HTMLElement} */ (fresh).dataset["state"];
  adopt(".exchange-head", article, fresh);
  adopt(".panel-tabs", article, fresh);
  refreshPanel(why, article, fresh);
  if (focused) document.getElementById(focused)?.focus();
  void marks(id);
  if (why === "over" && isOver) {
    unfollow(id);
    announce(t("complete"));
  }
}

/** @param {"head" | "over" | "panel"} why @param {HTMLElement} article @param {Element} fresh */
function refreshPanel(why, article, fresh) {
  const panel = $("#panel");
  const over = why !== "head";
  if (article.dataset["panel"] === "stream") {
    adopt(".timing", article, fresh);
    if (over) void snapshot();
    return;
  }
  if (!over && article.dataset["panel"] === "context") return;
  const { scrollTop, scrollHeight, clientHeight } = panel;
  const atEnd = scrollTop + clientHeight >= scrollHeight - 8;
  // Who reads in the middle of a long answer keeps it under the eyes; the rendered one is a click away.
  if (why === "over" && !atEnd && $("[data-live-answer]", panel)) return settle(fresh);
  const open = [...panel.querySelectorAll("details")].map((it) => it.open);
  adopt("#panel", article, fresh);
  const now = $("#panel");
  for (const [n, it] of [...now.querySelectorAll("details")].entries()) if (n in open) it.open = open[n];
  now.scrollTop = atEnd && scrollTop > 0 ? now.scrollHeight : scrollTop;
  void startPanel(article);
}

/** @param {Element} fresh */
function settle(fresh) {
  answer.settle();
  const live = $("[data-live-answer]");
  const word = $(".flying", live);
  const button = Object.assign(document.createElement("button"), {
    className: "chip",
    textContent: t("answer.render"),
  });
  button.dataset["render"] = "yes";
  const tools = fresh.querySelector(".answer-do");
  word?.replaceWith(button);
  if (tools) $("h3", live).append(document.adoptNode(tools));
}

/** A part of a fragment in the place of the same part, with its hx-* alive. @param {string} selector @param {Element} into @param {Element} from */
function adopt(selector, into, from) {
  const found = from.querySelector(selector);
  if (!found) return;
  const part = document.adoptNode(found);
  $(selector, into)?.replaceWith(part);
  htmx.process(part);
}

// The open exchange: fetches its fragment, keeps the address, and lets it grow while it streams.
import { $, announce, ask, el, failed, fragment, swap } from "./dom.js";
import { follow, onFrames, unfollow } from "./feed.js";
import { startTimeline } from "./timeline.js";
import { startViewers } from "./viewer.js";
import { ms, t } from "./words.js";

/** Between two looks at what a client goes on to say on a socket; more when a look takes long. */
const SLOWER = 400;
const FROM = 11;

let current = null;
let request = null;
let timeline = null;
/** The answer so far, part by part; null until its snapshot is here. */
let parts = null;
/** Frames that came before the snapshot; null when none is on its way. */
let early = null;
let said = null;
let nextLook = 0;

export function startDetail() {
  shown("first");

  // Whoever swapped: the fragment says what it shows.
  document.addEventListener("htmx:after:swap", ({ target }) => {
    if (target.id === "detail" || target.closest?.("#detail")) shown("tab");
  });

  onFrames((frames) => {
    for (const frame of frames) {
      if (frame.type === "exchange.added" && frame.id === current) take(frame);
      if ((frame.type === "exchange.head" || frame.type === "exchange.close") && frame.row.id === current) {
        refresh(frame.type === "exchange.close" ? "over" : "head");
      }
      if (frame.type === "resync" && $("article.exchange") && flying()) refresh("over");
    }
  });

  setInterval(() => {
    const counter = $("#detail [data-since]");
    if (counter) counter.textContent = ms(Math.max(0, Date.now() - Number(counter.dataset.since)));
  }, 100);
}

/** `how`: a click and a key make history of different weight; `back` makes none. */
export async function openDetail(id, panel, how) {
  request?.abort();
  clearTimeout(settled);
  if (id === null) {
    leave();
    $("#detail").replaceChildren();
    return;
  }
  if (how !== "back") remember(id, panel, how);
  request = new AbortController();
  const { signal } = request;
  try {
    const text = await fragment(address(id, panel), signal);
    if (signal.aborted) return;
    await swap("#detail", text);
  } catch (error) {
    if (!signal.aborted) failed(error);
  }
}

function address(id, panel) {
  return `/llm/${id}${panel ? `/${panel}` : ""}`;
}

let settled = null;
function remember(id, panel, how) {
  if (how !== "key") return history.pushState(null, "", address(id, panel) + location.search);
  // Running through the list with j and k is one step back, not fifty.
  settled = setTimeout(() => history.replaceState(null, "", address(id, panel) + location.search), 300);
}

function shown(how) {
  const article = $("article.exchange");
  const id = article?.dataset.id ?? null;
  if (id !== current) {
    leave();
    current = id;
  }
  if (!article) return;
  const { panel } = article.dataset;
  if (how === "tab" && location.pathname !== address(id, panel) && clickedTab) {
    history.pushState(null, "", address(id, panel) + location.search);
    $("main").dataset.panel = panel;
  }
  clickedTab = false;
  $('[aria-selected="true"]', article)?.scrollIntoView({ block: "nearest", inline: "center" });
  document.title = `${$("h2", article).textContent} · MCP Proxy Logger`;
  timeline?.stop();
  timeline = startTimeline($('[data-island="timeline"]', article), id);
  startViewers(article);
  if (flying()) follow(id);
  if (flying() || timeline) snapshot();
  document.dispatchEvent(new CustomEvent("detail:shown"));
}

let clickedTab = false;
document.addEventListener(
  "click",
  (event) => {
    if (event.target.closest?.("[data-panel-tab]")) clickedTab = true;
  },
  true,
);

function leave() {
  if (current) unfollow(current);
  [current, parts, early] = [null, null, null];
  timeline?.stop();
  timeline = null;
}

function flying() {
  const article = $("article.exchange");
  return article !== null && article.dataset.state !== "done" && article.dataset.id === current;
}

/** All that came so far, once; what is added after it comes by itself. */
async function snapshot() {
  const place = $("[data-live-answer]");
  if (!place && !timeline) return;
  const id = current;
  const mine = (early = []);
  try {
    const live = await ask(`/llm/${id}/events?from=${timeline ? timeline.known() : 1e9}`);
    if (early !== mine) return; // another one was asked for since
    timeline?.take(live);
    parts = live.parts.map(({ type, name, text }) => ({ kind: type, name, text }));
    drawAll(live.state);
    early = null;
    for (const frame of mine) take(frame);
    // The frame that told of the end may have been missed.
    if (live.state === "done" && flying()) refresh("over");
  } catch {
    if (early !== mine) return;
    early = null;
    // The live mark says that the dashboard is away.
    setTimeout(() => id === current && snapshot(), 1000);
  }
}

/** What was added. Where it does not fit to what is here, everything is asked for again. */
function take(frame) {
  if (early) return void early.push(frame);
  const known = timeline?.known() ?? Infinity;
  const fits = frame.parts.every(({ n, at }) => at <= (parts?.[n]?.text.length ?? 0));
  if (frame.fresh || frame.from_n > known || !fits) {
    timeline?.take({ fresh: true, events: [] });
    return void snapshot();
  }
  timeline?.take({ ...frame, state: "streaming" });
  const place = $("[data-live-answer]");
  if (place && parts) for (const added of frame.parts) append(place, added);
  if (place) mark(place, "streaming");
  // What the client says on an open socket belongs to the conversation.
  if (frame.events.some((event) => event[FROM] === "client")) lookSoon();
}

function lookSoon() {
  said ??= setTimeout(
    async () => {
      const began = performance.now();
      await refresh("head");
      nextLook = performance.now() + (performance.now() - began) * 20;
      said = null;
    },
    Math.max(SLOWER, nextLook - performance.now()),
  );
}

/** The head and the tabs again; at the end the panel too, unless it grew by itself. */
async function refresh(why) {
  const article = $("article.exchange");
  if (!article) return;
  const id = current;
  const text = await fragment(address(id, article.dataset.panel)).catch(() => "");
  if (id !== current) return;
  const panel = $("#panel");
  const { scrollTop, scrollHeight, clientHeight } = panel;
  const atEnd = scrollTop + clientHeight >= scrollHeight - 4;
  const over = why === "over";
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("article.exchange");
  if (!fresh) return;
  const focused = document.activeElement?.id;
  article.dataset.state = fresh.dataset.state;
  adopt(".exchange-head", article, fresh);
  adopt(".panel-tabs", article, fresh);
  if (article.dataset.panel === "timeline") {
    adopt(".timing", article, fresh);
    if (over) snapshot();
  } else if (over || article.dataset.panel === "headers" || article.dataset.panel === "conversation") {
    const open = [...panel.querySelectorAll("details")].map((it) => it.open);
    adopt("#panel", article, fresh);
    const now = $("#panel");
    for (const [n, it] of [...now.querySelectorAll("details")].entries()) if (n in open) it.open = open[n];
    now.scrollTop = atEnd && scrollTop > 0 ? now.scrollHeight : scrollTop;
    startViewers(article);
    if (!over) snapshot();
  }
  if (focused) document.getElementById(focused)?.focus();
  if (over && fresh.dataset.state === "done") {
    unfollow(id);
    announce(t("complete"));
  }
}

/** A part of a fragment in the place of the same part, with its hx-* alive. */
function adopt(selector, into, from) {
  const part = document.adoptNode($(selector, from));
  $(selector, into).replaceWith(part);
  htmx.process(part);
}

function drawAll(state) {
  const section = $("[data-live-answer]");
  if (!section) return;
  const place = $(".live-parts", section);
  place.replaceChildren();
  for (const part of parts) $(".body", block(place, part)).firstChild.data = part.text;
  mark(section, state);
}

/** A page that has more of a part already has this, too. */
function append(section, { n, kind, name, at, append: text }) {
  const place = $(".live-parts", section);
  const part = (parts[n] ??= { kind, name, text: "" });
  const fresh = text.slice(part.text.length - at);
  part.text += fresh;
  const it = place.children[n] ?? block(place, part);
  if (name !== part.name) $("h4", it)?.replaceChildren(`${t(`part.${kind}`)} ${(part.name = name)}`);
  const panel = document.getElementById("panel");
  const stick = panel.scrollTop + panel.clientHeight >= panel.scrollHeight - 8;
  $(".body", it).firstChild.appendData(fresh);
  if (stick && panel.scrollHeight > panel.clientHeight) panel.scrollTop = panel.scrollHeight;
}

/** Which part grows, and what it waits for. */
function mark(section, state) {
  const all = [...$(".live-parts", section).children];
  for (const [n, it] of all.entries()) {
    it.classList.toggle("growing", n === all.length - 1);
    $(".body", it).classList.toggle("caret", state !== "done" && n === all.length - 1);
  }
  const word = $(".flying", section);
  if (word) word.textContent = state === "waiting" ? t("waiting") : state === "done" ? "" : t("streaming");
}

/** Parts without a word of their own are shown as text. */
const titled = /^(reasoning|tool_call|refusal)$/;
const looks = { tool_call: "body code", reasoning: "body prose thinking" };

function block(place, { kind, name }) {
  const it = el("div");
  if (titled.test(kind)) it.append(el("h4", "", [t(`part.${kind}`), name].filter(Boolean).join(" ")));
  const body = el(kind === "tool_call" ? "pre" : "div", looks[kind] ?? "body prose");
  body.append("");
  it.append(body);
  place.append(it);
  return it;
}

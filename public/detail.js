// The open exchange: fetches its fragment, keeps the address, and lets it grow while it streams.
import { $, announce, ask, el, failed, fragment, swap } from "./dom.js";
import { onFrames, subscribe, unsubscribe } from "./feed.js";
import { startTimeline } from "./timeline.js";
import { startViewers } from "./viewer.js";
import { ms, t } from "./words.js";

/** Between two questions about a growing answer; more when the server takes long. */
const PACE = 40;
/** Between two looks at what a client goes on to say. */
const SLOWER = 400;

let current = null;
let request = null;
let timeline = null;
let asking = false;
let dirty = false;
let nextAsk = 0;
let said = null;

export function startDetail() {
  shown("first");

  // Whoever swapped: the fragment says what it shows.
  document.addEventListener("htmx:after:swap", ({ target }) => {
    if (target.id === "detail" || target.closest?.("#detail")) shown("tab");
  });

  onFrames((frames) => {
    for (const frame of frames) {
      if (frame.type === "exchange.bytes" && frame.id === current) {
        grow();
        // What the client says on an open socket belongs to the conversation.
        if (frame.from === "client") said ??= setTimeout(() => ((said = null), refresh("head")), SLOWER);
      }
      if ((frame.type === "exchange.head" || frame.type === "exchange.close") && frame.row.id === current) {
        refresh(frame.type === "exchange.close" ? "over" : "head");
      }
      if (frame.type === "resync" && flying()) refresh("over");
    }
  });

  setInterval(() => {
    const counter = $("#detail [data-since]");
    if (counter) counter.textContent = ms(Math.max(0, Date.now() - Number(counter.dataset.since)));
  }, 100);
  // Frames tell when there is something new; without them (a lost subscription) we look by ourselves.
  setInterval(() => flying() && grow(), 1000);
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
  if (flying()) {
    subscribe(id);
    grow();
  } else if (timeline) grow();
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
  if (current) unsubscribe(current);
  current = null;
  timeline?.stop();
  timeline = null;
}

function flying() {
  const article = $("article.exchange");
  return article !== null && article.dataset.state !== "done" && article.dataset.id === current;
}

/** One question at a time; bytes that come meanwhile make one more. */
async function grow() {
  if (asking) return void (dirty = true);
  const place = $("[data-live-answer]");
  if (!place && !timeline) return;
  const wait = nextAsk - performance.now();
  asking = true;
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  const id = current;
  const began = performance.now();
  dirty = false;
  try {
    const from = timeline ? timeline.known() : 1e9;
    const live = await ask(`/llm/${id}/events?from=${from}`);
    if (id === current) {
      timeline?.take(live);
      const now = $("[data-live-answer]");
      if (now) drawAnswer(now, live);
      // The frame that told of the end may have been missed.
      if (live.state === "done" && flying()) refresh("over");
    }
  } catch {
    // Asked again within a second while it is in flight; the live mark says that the dashboard is away.
    dirty = false;
  }
  nextAsk = performance.now() + Math.max(PACE, (performance.now() - began) * 3);
  asking = false;
  if (dirty) grow();
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
    grow();
  } else if (over || article.dataset.panel === "headers" || article.dataset.panel === "conversation") {
    const open = [...panel.querySelectorAll("details")].map((it) => it.open);
    adopt("#panel", article, fresh);
    const now = $("#panel");
    for (const [n, it] of [...now.querySelectorAll("details")].entries()) if (n in open) it.open = open[n];
    now.scrollTop = atEnd && scrollTop > 0 ? now.scrollHeight : scrollTop;
    startViewers(article);
    if (!over) grow();
  }
  if (focused) document.getElementById(focused)?.focus();
  if (over && fresh.dataset.state === "done") {
    unsubscribe(id);
    announce(t("complete"));
  }
}

/** A part of a fragment in the place of the same part, with its hx-* alive. */
function adopt(selector, into, from) {
  const part = document.adoptNode($(selector, from));
  $(selector, into).replaceWith(part);
  htmx.process(part);
}

/** `live.parts` is the whole answer so far; only what is new is written. */
function drawAnswer(section, live) {
  const panel = document.getElementById("panel");
  const stick = panel.scrollTop + panel.clientHeight >= panel.scrollHeight - 8;
  const place = $(".live-parts", section);
  const { parts } = live;
  for (const [n, part] of parts.entries()) write(place.children[n] ?? block(place, part), part);
  for (const [n, it] of [...place.children].entries()) it.classList.toggle("growing", n === parts.length - 1);
  for (const it of place.querySelectorAll(".body"))
    it.classList.toggle("caret", live.state !== "done" && it.parentElement.classList.contains("growing"));
  const word = $(".flying", section);
  if (word)
    word.textContent = live.state === "waiting" ? t("waiting") : live.state === "done" ? "" : t("streaming");
  if (stick && panel.scrollHeight > panel.clientHeight) panel.scrollTop = panel.scrollHeight;
}

/** Parts without a word of their own are shown as text. */
const titled = /^(reasoning|tool_call|refusal)$/;
const looks = { tool_call: "body code", reasoning: "body prose thinking" };

function block(place, { type }) {
  const it = el("div");
  if (titled.test(type)) it.append(el("h4", "", t(`part.${type}`)));
  const body = el(type === "tool_call" ? "pre" : "div", looks[type] ?? "body prose");
  body.append("");
  it.append(body);
  place.append(it);
  return it;
}

function write(it, part) {
  const heading = $("h4", it);
  if (heading && part.name) {
    const words = `${t(`part.${part.type}`)} ${part.name}`;
    if (heading.textContent !== words) heading.textContent = words;
  }
  const text = $(".body", it).firstChild;
  const old = text.data;
  if (part.text === old) return;
  if (part.text.startsWith(old)) text.appendData(part.text.slice(old.length));
  else text.data = part.text;
}

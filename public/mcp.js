// MCP: sessions, the messages of one session, one message. Pairing is the server's; rows say what belongs to what.
import { $, failed } from "./dom.js";
import { follow, onFrames, unfollow } from "./feed.js";
import { fragment, swap } from "./fragments.js";
import { startSessions } from "./mcp-sessions.js";
import { picked } from "./selected.js";
import { count, t } from "./words.js";

/** @typedef {import("../src/fact/live.ts").SessionHead} Head */

/** @typedef {typeof import("./mcp-messages.js").startMessages} Start */

const REST_MS = 500;
const idle = window.requestIdleCallback ?? ((/** @type {() => void} */ fn) => setTimeout(fn, REST_MS));

export async function startMcp() {
  const main = /** @type {HTMLElement} */ ($("main.view"));
  const sessions = startSessions(open);
  /** Loaded with the first session that is opened, or when the page has nothing else to do. @type {Start | null} */
  let startMessages = null;
  /** @type {ReturnType<Start> | null} */
  let messages = null;
  /** @type {string | null} */
  let current = null;
  /** What each place is to show: a slow answer does not take the place of a later one. */
  const wanted = new Map();
  /** What the head looks like: as long as it is this, its numbers are written and nothing else. */
  let shape = "";

  if (main.dataset["open"]) await ready();
  else idle(() => void ready());
  shown();
  document.addEventListener(
    "htmx:after:swap",
    ({ target }) => /** @type {Element} */ (target).id === "session" && shown(),
  );
  document.addEventListener("click", (event) => {
    const link = /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (event.target).closest?.("a[data-message]") ?? null
    );
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    messages?.reveal(Number(link.dataset["message"]));
    messages?.list.select(Number(link.dataset["message"]), "click");
  });
  document.addEventListener("click", async ({ target }) => {
    const media = /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (target).closest?.("[data-media]") ?? null
    );
    if (media) (await import("./show-media.js")).showMedia(media, media.dataset["media"] ?? "");
  });
  document.addEventListener("click", (event) => {
    const tab = /** @type {Element} */ (event.target).closest?.("[data-part-tab]");
    if (tab) history.replaceState(null, "", tab.getAttribute("href"));
  });

  onFrames((frames) => {
    for (const frame of frames) {
      if (frame.type === "mcp.session") sessions.put(frame.row);
      if (frame.type === "exchange.gone") {
        sessions.drop(frame.ids);
        if (current && frame.ids.includes(current)) show(null);
      }
      if (frame.type === "mcp.message" && frame.row.session_id === current) messages?.take([frame.row]);
      if (frame.type === "mcp.row" && frame.session_id === current) messages?.take(frame.rows);
      if (frame.type === "mcp.head" && frame.session_id === current) showHead(frame.head);
      if (frame.type === "resync") {
        sessions.load();
        messages?.load("anew");
        if (current) refreshHead();
      }
    }
    sessions.settle();
    messages?.settle();
  });

  window.addEventListener("popstate", () => {
    const [, , id, seq] = location.pathname.split("/");
    sessions.followAddress();
    if (id !== current) show(id ?? null);
    else openMessage(seq ? Number(seq) : null, "back");
  });

  return {
    list: () => messages?.list ?? sessions.list,
    sessions: () => sessions.list,
    actions: {
      close,
      sort: (/** @type {HTMLElement} */ it) => sessions.turn(it.dataset["by"] ?? "time"),
      "close-message": closeMessage,
      view: () => messages?.turn(),
      "next-hit": () => messages?.hit(1),
      "previous-hit": () => messages?.hit(-1),
      prev: () => messages?.step(-1),
      next: () => messages?.step(1),
      follow: () => messages && (messages.list.follow = !messages.list.follow),
    },
    escape() {
      if (main.dataset["message"]) return closeMessage();
      const grid = $("#sessions");
      // From the session to the list of them, and from there to the list alone.
      if (main.dataset["open"] && document.activeElement === grid) close();
      else grid.focus();
    },
  };

  function close() {
    history.pushState(null, "", `/mcp${kept("sort")}`);
    show(null);
    $("#sessions").focus({ preventScroll: true });
  }

  async function ready() {
    startMessages ??= (await import("./mcp-messages.js")).startMessages;
  }

  /** @param {string} id */
  function open(id) {
    history.pushState(null, "", `/mcp/${id}${kept("sort")}`);
    show(id);
  }

  /** @param {string} selector @param {string} path */
  async function fill(selector, path) {
    wanted.set(selector, path);
    try {
      const [text] = await Promise.all([fragment(path), selector === "#session" && ready()]);
      if (wanted.get(selector) === path) await swap(selector, text);
    } catch (error) {
      wanted.delete(selector);
      failed(/** @type {Error} */ (error));
    }
  }

  /** @param {string | null} id */
  function show(id) {
    openMessage(null, "back");
    const before = sessions.list.selected;
    sessions.list.select(id);
    if (id === null) {
      wanted.delete("#session");
      delete main.dataset["open"];
      $("#session").replaceChildren();
      sessions.look(before);
      shown();
      return;
    }
    main.dataset["open"] = "yes";
    sessions.look(id);
    fill("#session", `/mcp/${id}`);
  }

  function shown() {
    const article = $("article.session");
    const id = article?.dataset.id ?? null;
    if (id !== current) {
      if (current) unfollow(current);
      if (id) follow(id);
      shape = "";
    }
    current = id;
    if (current) sessions.list.select(current);
    const grid = $("#session #list");
    messages = grid && startMessages ? startMessages(grid, (row) => openMessage(row.seq, "click")) : null;
    messages?.load("on");
    const [, , , seq] = location.pathname.split("/");
    if (messages && seq) {
      messages.list.follow = false;
      messages.list.select(Number(seq));
    }
    document.dispatchEvent(new CustomEvent("detail:shown"));
  }

  /** The counts; the rest of the head changes a few times in a session, and is drawn by the server then. @param {Head} head */
  function showHead(head) {
    const { state, client, server, revision, era, exit, stderr, pollution } = head;
    const now = JSON.stringify([state, client, server, revision, era, exit, stderr > 0, pollution > 0]);
    if (now !== shape) {
      if (shape !== "") refreshHead();
      shape = now;
    }
    for (const name of /** @type {const} */ (["requests", "errors", "milestones", "stderr", "pollution"]))
      for (const it of document.querySelectorAll(`[data-head="${name}"]`)) {
        it.textContent = count(head[name]);
        if (name === "milestones") /** @type {HTMLElement} */ (it.parentElement).hidden = head[name] === 0;
      }
    $('[data-head="errors"]')?.classList.toggle("bad", head.errors > 0);
    const pending = $('[data-head="pending"]');
    if (pending) {
      pending.hidden = head.pending === 0;
      pending.textContent = t("pending", { n: count(head.pending) });
    }
    for (const [name, n] of Object.entries({ ...head, inventory: head.offers })) {
      const it = $(`[data-n="${name}"]`);
      if (it && typeof n === "number") [it.hidden, it.textContent] = [n === 0, count(n)];
    }
  }

  async function refreshHead() {
    const id = current;
    const text = await fragment(`/mcp/${id}/head`).catch(() => "");
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("#session-head");
    if (fresh && id === current && !$("#session-head")?.contains(document.activeElement))
      $("#session-head")?.replaceWith(document.adoptNode(fresh));
  }

  /** @param {number | null} seq @param {"click" | "back"} how */
  async function openMessage(seq, how) {
    if (seq === null) {
      wanted.delete("#message");
      delete main.dataset["message"];
      $("#message").replaceChildren();
      messages?.list.changed();
      return;
    }
    const address = `/mcp/${current}/${seq}`;
    if (how !== "back") history.replaceState(null, "", address + kept("q", "sort"));
    messages?.mark(seq);
    await fill("#message", address);
    if (wanted.get("#message") !== address) return;
    main.dataset["message"] = "yes";
    picked({ message: [current, seq] });
  }

  /** What is looked for, and the order of the list, stay in the address, whatever is open. @param {string[]} names */
  function kept(...names) {
    const now = new URLSearchParams(location.search);
    const stay = new URLSearchParams(
      names.flatMap((name) => (now.get(name) ? [[name, now.get(name) ?? ""]] : [])),
    );
    return stay.size === 0 ? "" : `?${stay}`;
  }

  function closeMessage() {
    history.replaceState(null, "", `/mcp/${current}${kept("q", "sort")}`);
    messages?.list.select(null);
    openMessage(null, "back");
    $("#list")?.focus();
  }
}

// MCP: sessions, the messages of one session, one message. Pairing is the server's; rows say what belongs to what.
import { $, ask, el, failed, fragment, icon, setIcon, swap } from "./dom.js";
import { follow, onFrames, unfollow } from "./feed.js";
import { windowed } from "./list.js";
import { clock, count, ms, t } from "./words.js";

export function startMcp() {
  const main = $("main.view");
  const sessions = startSessions(open);
  let messages = null;
  let current = null;
  /** What each place is to show: a slow answer does not take the place of a later one. */
  const wanted = new Map();
  /** What the head looks like: as long as it is this, its numbers are written and nothing else. */
  let shape = "";

  shown();
  document.addEventListener("htmx:after:swap", ({ target }) => target.id === "session" && shown());
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-message]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    messages?.list.select(Number(link.dataset.message), "click");
  });
  document.addEventListener("click", (event) => {
    const tab = event.target.closest?.("[data-part-tab]");
    if (tab) history.replaceState(null, "", tab.getAttribute("href"));
  });

  onFrames((frames) => {
    for (const frame of frames) {
      if (frame.type === "mcp.session") sessions.put(frame.row);
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
    if (id !== current) show(id ?? null);
    else openMessage(seq ? Number(seq) : null, "back");
  });

  return {
    list: () => messages?.list ?? sessions.list,
    actions: {
      close: () => (history.pushState(null, "", "/mcp"), show(null)),
      "close-message": closeMessage,
      follow: () => messages && (messages.list.follow = !messages.list.follow),
    },
    escape() {
      if (main.dataset.message) closeMessage();
      else $("#sessions").focus();
    },
  };

  function open(id) {
    history.pushState(null, "", `/mcp/${id}`);
    show(id);
  }

  async function fill(selector, path) {
    wanted.set(selector, path);
    try {
      const text = await fragment(path);
      if (wanted.get(selector) === path) await swap(selector, text);
    } catch (error) {
      wanted.delete(selector);
      failed(error);
    }
  }

  function show(id) {
    openMessage(null, "back");
    sessions.list.select(id);
    if (id === null) {
      wanted.delete("#session");
      delete main.dataset.open;
      $("#session").replaceChildren();
      shown();
      return;
    }
    main.dataset.open = "yes";
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
    messages = grid ? startMessages(grid, (row) => openMessage(row.seq, "click")) : null;
    messages?.load("on");
    const [, , , seq] = location.pathname.split("/");
    if (messages && seq) {
      messages.list.follow = false;
      messages.list.select(Number(seq));
    }
    document.dispatchEvent(new CustomEvent("detail:shown"));
  }

  /** The counts; the rest of the head changes a few times in a session, and is drawn by the server then. */
  function showHead(head) {
    const { state, client, server, revision, era, exit, stderr, pollution } = head;
    const now = JSON.stringify([state, client, server, revision, era, exit, stderr > 0, pollution > 0]);
    if (now !== shape) {
      if (shape !== "") refreshHead();
      shape = now;
    }
    for (const name of ["requests", "errors", "stderr", "pollution"])
      for (const it of document.querySelectorAll(`[data-head="${name}"]`)) it.textContent = count(head[name]);
    $('[data-head="errors"]')?.classList.toggle("bad", head.errors > 0);
    const pending = $('[data-head="pending"]');
    if (pending) {
      pending.hidden = head.pending === 0;
      pending.textContent = t("pending", { n: count(head.pending) });
    }
    for (const [name, n] of Object.entries({ ...head, inventory: head.offers })) {
      const it = $(`[data-n="${name}"]`);
      if (it) [it.hidden, it.textContent] = [n === 0, count(n)];
    }
  }

  async function refreshHead() {
    const id = current;
    const text = await fragment(`/mcp/${id}/head`).catch(() => "");
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("#session-head");
    if (fresh && id === current && !$("#session-head")?.contains(document.activeElement))
      $("#session-head")?.replaceWith(document.adoptNode(fresh));
  }

  async function openMessage(seq, how) {
    if (seq === null) {
      wanted.delete("#message");
      delete main.dataset.message;
      $("#message").replaceChildren();
      messages?.list.changed();
      return;
    }
    const address = `/mcp/${current}/${seq}`;
    if (how !== "back") history.replaceState(null, "", address);
    messages?.mark(seq);
    await fill("#message", address);
    if (wanted.get("#message") === address) main.dataset.message = "yes";
  }

  function closeMessage() {
    history.replaceState(null, "", `/mcp/${current}`);
    messages?.list.select(null);
    openMessage(null, "back");
    $("#list")?.focus();
  }
}

function startSessions(onOpen) {
  const rows = new Map();
  const list = windowed(document.getElementById("sessions"), {
    make(row) {
      row.append(el("span", "name"), el("span", "when"), el("span", "what"));
    },
    draw(element, row) {
      const [name, when, what] = element.children;
      name.textContent = row.name;
      when.textContent = clock(row.at).slice(0, -4).padStart(8);
      const state = el("span", row.state === "open" ? "open" : "", t(`session.${row.state}`));
      const probe = row.probe && t("session.probe");
      const words = [probe, row.client, t("messages", { n: count(row.messages) })]
        .filter(Boolean)
        .join(" · ");
      what.replaceChildren(state, ` · ${words}`);
      if (row.errors > 0) what.append(" · ", el("span", "bad", t("errors", { n: row.errors })));
      if (row.problems > 0) what.append(" · ", el("span", "warn", t("problems", { n: row.problems })));
    },
    key: (row) => row.id,
    edge: "top",
    onSelect: (row) => onOpen(row.id),
    onOpen: () => document.getElementById("list")?.focus(),
  });

  async function load() {
    try {
      const { items } = await ask("/api/mcp/sessions?limit=1000");
      for (const row of items) put(row);
      settle();
    } catch (error) {
      failed(error);
      setTimeout(load, 1000);
    }
  }

  function put(row) {
    rows.set(row.id, row);
  }

  function settle() {
    if (rows.size > 0) $("#welcome")?.remove();
    list.items = [...rows.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  }

  load();
  return { list, load, put, settle };
}

const SIGNS = { client: "right", server: "left", stderr: "warn", event: "dot" };

function startMessages(grid, onOpen) {
  const rows = [];
  const at = new Map();
  let loading = null;
  let isLoaded = false;
  let isDirty = false;
  let early = [];
  let mates = new Set();
  const list = windowed(grid, {
    make(row) {
      const way = el("span", "c-way");
      way.append(icon("dot"), el("span", "unseen"));
      const method = el("span", "c-method");
      method.append(el("code"), " ", el("span", "name"));
      row.append(
        el("span", "c-time"),
        way,
        el("span", "c-id"),
        method,
        el("span", "c-note"),
        el("span", "c-state"),
        el("span", "c-ms num"),
      );
    },
    draw,
    key: (row) => row.seq,
    onSelect: onOpen,
    onOpen: () => $("#message h2")?.focus(),
    pill: $("#session #follow-pill"),
  });

  function draw(element, row) {
    const [time, way, id, method, note, state, took] = element.children;
    element.className = `row from-${row.from} k-${row.kind} ${row.state ? `s-${row.state}` : ""} ${mates.has(row.seq) ? "mate" : ""}`;
    time.textContent = row.at === null ? "–" : clock(row.at);
    setIcon(way.firstChild, SIGNS[row.from]);
    way.lastChild.textContent = row.from;
    id.textContent = row.id === null ? "" : `#${row.id}`;
    method.firstChild.textContent = row.method ?? t(`kind.${row.kind}`);
    method.firstChild.dataset.term = `mcp method ${row.method}`;
    method.lastChild.textContent = row.name ?? "";
    note.replaceChildren();
    if (row.progress) note.append(...progress(row.progress));
    note.append(row.note ?? "");
    const answers = row.kind === "result" || row.kind === "error";
    const known = row.kind === "request" || answers;
    state.textContent =
      known && row.state
        ? t(`call.${row.state}`)
        : answers || row.kind === "notification" || row.kind === "invalid"
          ? t(`kind.${row.kind}`)
          : "";
    took.textContent = row.ms === null ? "" : ms(row.ms);
    if (row.problems === 0) return;
    const sign = el("span", "warn");
    sign.append(" ", icon("warn"), count(row.problems));
    sign.title = t("problems", { n: row.problems });
    state.append(sign);
  }

  function progress([done, total]) {
    const words = `${done}${total === null ? "" : `/${total}`} `;
    if (!total) return [words];
    const bar = el("span", "bar-of");
    const fill = el("i");
    fill.style.transform = `scaleX(${Math.min(1, done / total)})`;
    bar.append(fill);
    return [bar, words];
  }

  /** From the last row on, page by page; `anew`: rows may have changed while nobody told us. */
  function load(how) {
    loading = (loading ?? Promise.resolve()).then(() => pages(how)).catch(() => setTimeout(load, 1000, how));
  }

  async function pages(how) {
    let from = how === "anew" ? -1 : (rows.at(-1)?.seq ?? -1);
    const isFirst = rows.length === 0;
    while (from !== null) {
      const page = await ask(`${grid.dataset.src}?from=${from}`);
      take([...page.changed, ...page.rows], "quiet");
      settle();
      from = page.next;
    }
    isLoaded = true;
    take(early);
    early = [];
    settle();
    if (!isFirst || list.selected === null || !at.has(list.selected)) return;
    list.show(at.get(list.selected));
    mark(list.selected);
  }

  /** Rows that are new, or that say more than they did. Until the first ones are here, they wait. */
  function take(some, how = "loud") {
    if (how === "loud" && !isLoaded) return void early.push(...some);
    for (const row of some) {
      const known = at.get(row.seq);
      if (known !== undefined) rows[known] = row;
      else if (row.seq > (rows.at(-1)?.seq ?? -1)) {
        at.set(row.seq, rows.length);
        rows.push(row);
        if (how === "loud") list.flash(row.seq);
      }
      isDirty = true;
    }
  }

  /** Draws what was taken. */
  function settle() {
    if (isDirty) list.items = rows;
    isDirty = false;
  }

  /** The rows of the same call stand out beside the chosen one. */
  function mark(seq) {
    const row = rows[at.get(seq)];
    const request = row?.of ?? seq;
    mates = new Set(rows.filter((it) => it.of === request || it.seq === request).map((it) => it.seq));
    if (mates.size < 2) mates = new Set();
    list.redraw();
  }

  return { list, load, take, settle, mark };
}

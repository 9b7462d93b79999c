// The messages of one MCP session, as a sequence between two lifelines or as a list: the same rows, drawn in two ways.
import { $, ask, el, flag, icon, setIcon } from "./dom.js";
import { windowed } from "./list.js";
import { clock, count, ms, t } from "./words.js";

const SIGNS = { client: "right", server: "left", stderr: "warn", event: "dot" };

/** Where a session is, by what is said: who they are, what there is, the work. */
const PHASES = [
  ["handshake", /^(?:initialize|notifications\/initialized|server\/discover)$/],
  ["inventory", /\/(?:templates\/)?list$/],
  ["work", /./],
];
const STORED = "mcp-view";

export function startMessages(grid, onOpen) {
  const tools = $("#message-tools");
  const steps = JSON.parse(grid.dataset.milestones ?? "{}");
  let view = localStorage.getItem(STORED) ?? "sequence";
  /** What is looked for; only rows with it are shown. */
  let words = "";
  /** The phase of each row that begins one, by its number. */
  let begins = new Map();
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
      const say = el("span", "c-say");
      say.append(el("span", "c-id"), method, el("span", "c-note"));
      row.append(el("span", "c-time"), way, say, el("span", "c-state"), el("span", "c-ms num"));
    },
    draw,
    key: (row) => row.seq,
    onSelect: onOpen,
    onOpen: () => $("#message h2")?.focus(),
    pill: $("#session #follow-pill"),
  });

  function draw(element, row) {
    const [time, way, say, state, took] = element.children;
    const [id, method, note] = say.children;
    const phase = begins.get(row.seq);
    if (phase) element.dataset.phase = t(`phase.${phase}`);
    else delete element.dataset.phase;
    element.className = `row from-${row.from} k-${row.kind} ${row.state ? `s-${row.state}` : ""} ${mates.has(row.seq) ? "mate" : ""}`;
    time.textContent = row.at === null ? "–" : clock(row.at);
    setIcon(way.firstChild, SIGNS[row.from]);
    way.lastChild.textContent = row.from;
    // The server counts its own requests, from the same numbers on: they are told apart.
    const isServers = (row.from === "server") === (row.kind === "request");
    id.textContent = row.id === null ? "" : `#${isServers ? "s" : ""}${row.id}`;
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
    const step = steps[row.milestone];
    if (step) state.prepend(flag(step.join(": ")), " ");
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
    if (isDirty) show();
    isDirty = false;
  }

  /** The rows that fit, with where a phase begins. */
  function show() {
    const shown = words === "" ? rows : rows.filter(isAsked);
    begins = new Map();
    let now = "";
    for (const row of shown) {
      if (row.kind !== "request" && row.kind !== "notification") continue;
      const phase = PHASES.find(([, pattern]) => pattern.test(row.method ?? ""))?.[0];
      if (phase && phase !== now && !(now === "work" && phase === "inventory"))
        begins.set(row.seq, (now = phase));
    }
    list.items = shown;
    const found = $("[data-found]", tools);
    if (found)
      found.textContent = words === "" ? "" : t("shown", { n: count(shown.length), all: count(rows.length) });
  }

  function isAsked(row) {
    const id = row.id === null ? "" : `#${row.id}`;
    const [step = "", level = ""] = [steps[row.milestone]?.[0], row.level ?? ""];
    const text = [row.method, row.name, row.note, row.kind, row.state, id, step].join(" ").toLowerCase();
    return words.split(/\s+/).every((word) => {
      const [, asked] = /^expert:(.+)$/.exec(word) ?? [];
      if (!asked) return text.includes(word);
      return asked === "chat" ? row.milestone !== null : asked === level || asked === row.milestone;
    });
  }

  /** As a sequence or as a list. */
  function setView(next) {
    view = next;
    localStorage.setItem(STORED, view);
    grid.classList.toggle("sequence", view === "sequence");
    for (const it of tools?.querySelectorAll("[data-view]") ?? [])
      it.setAttribute("aria-pressed", String(it.dataset.view === view));
  }

  /** The rows of the same call stand out beside the chosen one. */
  function mark(seq) {
    const row = rows[at.get(seq)];
    const request = row?.of ?? seq;
    mates = new Set(rows.filter((it) => it.of === request || it.seq === request).map((it) => it.seq));
    if (mates.size < 2) mates = new Set();
    list.redraw();
  }

  tools?.addEventListener("click", ({ target }) => {
    const it = target.closest?.("[data-view]");
    if (it) setView(it.dataset.view);
  });
  $("input", tools ?? grid)?.addEventListener("input", ({ target }) => {
    words = target.value.trim().toLowerCase();
    show();
  });
  setView(view);
  const turn = () => setView(view === "sequence" ? "list" : "sequence");
  return { list, load, take, settle, mark, turn };
}

// One run: its steps as a story, in time, and what is known of the chosen one. Live while the agent runs.
import { $, ask, el, failed, icon, setIcon } from "./dom.js";
import { onFrames } from "./feed.js";
import { fragment, swap } from "./fragments.js";
import { startLanes } from "./lanes.js";
import { laneName } from "./lane-name.js";
import { windowed } from "./list.js";
import { depthOf, toneOfStep } from "./shown/run-shown.ts";
import { ms, t } from "./words.js";

/** @typedef {import("../src/fact/rows.ts").StepRow} Step */

/** Of a run of so many steps the picture is not drawn anew with each of them, but after so long. */
const MANY = 300;
const SOON_MS = 100;

export function startRun() {
  const main = /** @type {HTMLElement} */ ($("main.view"));
  const run = main.dataset["run"] ?? "";
  const base = `/run/${encodeURIComponent(run)}`;
  /** In the order of time. @type {Step[]} */
  let steps = [];
  /** @type {Map<string, Step>} */
  const byId = new Map();
  let chosen = new URLSearchParams(location.search).get("step");
  let wanted = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let headDue;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let settling;

  const list = windowed(/** @type {HTMLElement} */ ($("#list")), {
    make,
    draw,
    key: (step) => step.id,
    onSelect: (step) => choose(step.id, "story"),
    onOpen: () => $("#detail").focus(),
    pill: $("#follow-pill"),
  });
  const lanes = startLanes($("#lanes"), {
    steps: () => steps,
    get: (id) => byId.get(id),
    chosen: () => chosen,
    onChoose: (id) => choose(id, "lanes"),
    onZoom: address,
    words: { lane: laneName },
  });
  const said = new URLSearchParams(location.search);
  const [from, to] = [Number(said.get("from")), Number(said.get("to"))];
  if (to > from && from > 0) lanes.view = [from, to];
  if (chosen) list.follow = false;
  void load("first");

  onFrames((frames) => {
    let changed = false;
    for (const frame of frames) {
      if (frame.type === "run.step" && frame.row.run === run) {
        changed = true;
        if (put(frame.row)) list.flash(frame.row.id);
        if (frame.row.id === chosen) void show("again");
      }
      if (frame.type === "run.row" && frame.row.id === run) headLater();
      if (frame.type === "resync") void load();
    }
    if (changed) settleSoon();
  });
  // What still runs grows.
  setInterval(() => {
    if (!document.hidden) tick();
    if (document.hidden || !steps.some(({ ended }) => ended === null)) return;
    lanes.redraw();
    list.again((step) => step.ended === null);
  }, 250);
  window.addEventListener("popstate", () => {
    chosen = new URLSearchParams(location.search).get("step");
    mark();
    list.select(chosen);
    void show("back");
  });
  document.addEventListener("click", (event) => {
    const link = /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (event.target).closest?.("[data-step-link]")
    );
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    choose(link.dataset["stepLink"] ?? null, "link");
  });

  return {
    list: () => list,
    actions: {
      follow: () => (list.follow = !list.follow),
      "zoom-in": () => lanes.zoom(0.6),
      "zoom-out": () => lanes.zoom(1.6),
      "zoom-all": () => ((lanes.view = null), address()),
      prev: () => list.move(-1),
      next: () => list.move(1),
    },
    escape() {
      if (chosen) choose(null, "escape");
      else $("#list").focus();
    },
  };

  async function load(how = "again") {
    try {
      let after = "";
      /** @type {Step[]} */
      const all = [];
      do {
        // The first time the page has asked for it already.
        const address = `${base}/steps${after}`;
        const page = how === "first" && after === "" ? await begun(address) : await ask(address);
        all.push(...page.steps);
        after = page.next === null ? "" : `?after=${encodeURIComponent(page.next)}`;
      } while (after !== "");
      byId.clear();
      steps = [];
      for (const step of all) put(step);
    } catch (error) {
      failed(/** @type {Error} */ (error));
      setTimeout(load, 1000, "again");
    }
    settle();
    const n = chosen === null ? -1 : steps.findIndex(({ id }) => id === chosen);
    if (n >= 0) list.select(chosen);
    if (n >= 0) list.show(n);
  }

  /** @param {string} address @returns {Promise<{ steps: Step[], next: string | null }>} */
  async function begun(address) {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return answer.json();
  }

  /** True when it is new. Mostly it is the last. @param {Step} step */
  function put(step) {
    const before = byId.get(step.id);
    byId.set(step.id, step);
    if (before) {
      const n = steps.indexOf(before);
      if (n >= 0 && before.at === step.at) {
        steps[n] = step;
        return false;
      }
      if (n >= 0) steps.splice(n, 1);
    }
    let at = steps.length;
    while (at > 0 && /** @type {Step} */ (steps[at - 1]).at > step.at) at--;
    steps.splice(at, 0, step);
    return !before;
  }

  /** A picture of thousands moves by less than a point with each step: a few times a second are as good to the eye. */
  function settleSoon() {
    if (steps.length < MANY) return settle();
    settling ??= setTimeout(() => {
      settling = undefined;
      settle();
    }, SOON_MS);
  }

  function settle() {
    list.items = steps;
    lanes.changed();
  }

  /** @param {string | null} id @param {string} how */
  function choose(id, how) {
    if (id === chosen) return;
    chosen = id;
    mark();
    if (how !== "story") {
      list.select(id);
      const n = id === null ? -1 : steps.findIndex((step) => step.id === id);
      if (n >= 0) list.show(n);
      if (id !== null) list.follow = false;
    }
    address("push");
    lanes.redraw();
    void show(how);
  }

  /** In a narrow window a chosen step stands in the story's place. */
  function mark() {
    if (chosen === null) delete main.dataset["step"];
    else main.dataset["step"] = chosen;
  }

  /** @param {string} [how] */
  function address(how) {
    const to = new URL(location.href);
    to.search = "";
    if (chosen) to.searchParams.set("step", chosen);
    const { view } = lanes;
    if (view)
      for (const [name, n] of [
        ["from", view[0]],
        ["to", view[1]],
      ])
        to.searchParams.set(/** @type {string} */ (name), String(Math.round(/** @type {number} */ (n))));
    if (how === "push") history.pushState(null, "", to);
    else history.replaceState(history.state, "", to);
  }

  /** @param {string} how */
  async function show(how) {
    const mine = ++wanted;
    try {
      const text = await fragment(`${base}/part${chosen ? `?step=${encodeURIComponent(chosen)}` : ""}`);
      if (mine !== wanted) return;
      // What is read stays where it is while it changes.
      const top = how === "again" ? $("#detail").scrollTop : 0;
      await swap("#detail", text);
      $("#detail").scrollTop = top;
    } catch (error) {
      failed(/** @type {Error} */ (error));
    }
  }

  /** Who is waited for, and for how long by now. */
  function tick() {
    const state = $("#run-state");
    const { state: is, of, since } = state?.dataset ?? {};
    if (is === "model" || is === "tool" || is === "host")
      state.textContent = t(`runs.state.${is}`, { of, since: ms(Math.max(0, Date.now() - Number(since))) });
    const took = $("[data-began]");
    if (took) took.textContent = ms(Date.now() - Number(took.dataset.began));
  }

  /** The head is drawn by the server, at most twice a second. */
  function headLater() {
    headDue ??= setTimeout(async () => {
      headDue = undefined;
      const text = await fragment(`${base}/head`).catch(() => "");
      const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("#run-head");
      if (fresh) $("#run-head")?.replaceWith(document.adoptNode(fresh));
    }, 500);
  }

  /** @param {any} row */
  function make(row) {
    const sign = icon("dot");
    const state = el("span", "c-sign");
    state.append(sign, el("span", "unseen"));
    const what = el("span", "c-story");
    what.append(el("code", "name"), el("span", "asked"), icon("arrow"), el("span", "answered"));
    const cells = ["time num", "lane", "state", "total num"].map((name) => el("span", `c-${name}`));
    row.append(state, cells[0], cells[1], what, cells[2], cells[3]);
    row.parts = { sign, state, what, cells };
  }

  /** @param {any} row @param {Step} step */
  function draw(row, step) {
    const { sign, state, what, cells } = row.parts;
    row.className = `row tone-${toneOfStep(step)}`;
    row.dataset.depth = String(depthOf(step, (id) => byId.get(id)));
    setIcon(sign, step.kind === "model" ? "stream" : "tool");
    state.lastChild.textContent = t(`run.kind.${step.kind}`);
    cells[0].textContent = ms(step.at - (steps[0]?.at ?? step.at));
    cells[1].textContent = laneName(step.lane);
    const [name, asked, arrow, answered] = what.children;
    name.textContent = step.kind === "tool" ? step.name : "";
    asked.textContent = step.asked;
    answered.textContent = step.answered;
    arrow.toggleAttribute("hidden", step.answered === "");
    const sure =
      step.certainty === null || step.certainty === "exact" ? "" : ` · ${t(`run.${step.certainty}`)}`;
    cells[2].textContent = `${t(`run.step.${step.state}`)}${sure}`;
    cells[3].textContent = ms((step.ended ?? Date.now()) - step.at);
  }
}

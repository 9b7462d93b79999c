// A lesson: one step at a time, by arrows, by buttons, by address; what it speaks of is marked and in sight.
import { $, failed } from "./dom.js";
import { t } from "./words.js";

export function startLesson() {
  const main = $("main.lesson");
  const steps = /** @type {HTMLElement[]} */ ([...main.querySelectorAll(".step-told")]);
  let now = Number(main.dataset["step"]);
  startRunning();
  show("first");
  main.dataset["ready"] = "yes";

  main.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const target = /** @type {Element} */ (event.target);
    const way = /** @type {HTMLElement | null} */ (target.closest("[data-way]"));
    if (way) return go(now + Number(way.dataset["way"]));
    const dot = /** @type {HTMLElement | null} */ (target.closest("[data-go]"));
    if (!dot || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(Number(dot.dataset["go"]));
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (/** @type {Element} */ (event.target).closest("input, textarea, dialog")) return;
    const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: steps.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  });
  addEventListener("popstate", () => {
    now = within(Number(new URLSearchParams(location.search).get("step") ?? 1) - 1);
    show("go");
  });
  return {};

  /** @param {number} n */
  function within(n) {
    return Math.max(0, Math.min(steps.length - 1, n));
  }

  /** @param {number} to */
  function go(to) {
    const next = within(to);
    if (next === now) return;
    now = next;
    const address = new URL(location.href);
    address.searchParams.set("step", String(now + 1));
    history.replaceState(null, "", address);
    show("go");
  }

  /** @param {"first" | "go"} how */
  function show(how) {
    for (const [n, it] of steps.entries()) it.hidden = n !== now;
    for (const it of main.querySelectorAll(".frame, .frame mark"))
      it.classList.toggle("on", (it.dataset.steps ?? "").split(" ").includes(String(now)));
    for (const it of main.querySelectorAll("[data-go]"))
      if (Number(it.dataset.go) === now) it.setAttribute("aria-current", "step");
      else it.removeAttribute("aria-current");
    $('[data-way="-1"]', main).disabled = now === 0;
    $('[data-way="1"]', main).hidden = now === steps.length - 1;
    $(".next-lesson", main).hidden = now !== steps.length - 1;
    $(".told", main).scrollTop = 0;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const [box, mark] = [$(".frames", main), $(".frame mark.on", main)];
    if (!mark) return;
    // The box alone: the page itself has nowhere to scroll to.
    const top = mark.getBoundingClientRect().top - box.getBoundingClientRect().top;
    box.scrollTo({
      top: box.scrollTop + top - box.clientHeight / 3,
      behavior: how === "first" || still ? "auto" : "smooth",
    });
  }
}

/** The list of lessons has nothing but the buttons that play something. */
export function startLessons() {
  startRunning();
  return {};
}

/** Plays it against the demo, through the proxy, and opens what was recorded. */
function startRunning() {
  document.addEventListener("click", async ({ target }) => {
    const button = /** @type {HTMLButtonElement | null} */ (
      /** @type {Element} */ (target).closest("[data-run]")
    );
    if (!button || button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    button.title = t("playing");
    try {
      const answer = await fetch(`/api/learn/${button.dataset["run"]}`, { method: "POST" });
      const { open, error } = await answer.json();
      if (!open) throw new Error(error ?? `HTTP ${answer.status}`);
      location.href = open;
    } catch (error) {
      failed(/** @type {Error} */ (error));
    }
    button.removeAttribute("aria-busy");
  });
}

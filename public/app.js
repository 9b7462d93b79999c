// Starts the islands of the view that the server rendered; a view's scripts are loaded with that view.
import { startControls } from "./controls.js";
import { startStatus } from "./status.js";

/** @type {Record<string, () => Promise<import("./controls.js").Screen>>} */
const views = {
  llm: async () => (await import("./llm.js")).startLlm(),
  runs: async () => (await import("./runs.js")).startRuns(),
  run: async () => (await import("./run.js")).startRun(),
  // As the server drew it.
  still: async () => ({}),
  lesson: async () => (await import("./lesson.js")).startLesson(),
  lessons: async () => (await import("./lesson.js")).startLessons(),
  mcp: async () => (await import("./mcp.js")).startMcp(),
};
// Names explain themselves when somebody first points at one.
for (const event of ["pointerover", "focusin"]) document.addEventListener(event, explain);

const { view = "still" } = /** @type {HTMLElement} */ (document.querySelector("main.view")).dataset;
const screen = (await views[view]?.()) ?? {};

startControls(screen);
startStatus();
// The switch that teaches is remembered.
if (localStorage.getItem("learn") === "on") (await import("./learn.js")).toggle();
if (document.getElementById("welcome") || sessionStorage.getItem("tour"))
  void (await import("./tour.js")).startTour();

/** @param {Event} event */
async function explain(event) {
  const target = /** @type {Element} */ (event.target);
  if (!target.closest?.("[data-term]")) return;
  for (const name of ["pointerover", "focusin"]) document.removeEventListener(name, explain);
  (await import("./terms.js")).startTerms();
  target.dispatchEvent(new Event(event.type, { bubbles: true }));
}

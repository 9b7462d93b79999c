// The width of the list: by pointer, by arrows, remembered.
import { $ } from "./dom.js";

export function startSplitter() {
  const bar = $(".splitter");
  const panes = $(".panes");
  set(Number(localStorage.getItem("list")) || 46);

  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  bar.addEventListener("pointermove", (event) => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const { left, width } = panes.getBoundingClientRect();
    set(((event.clientX - left) / width) * 100);
  });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -2, ArrowRight: 2 }[event.key];
    if (step) set(Number(bar.getAttribute("aria-valuenow")) + step);
  });

  function set(percent) {
    const width = Math.round(Math.min(75, Math.max(25, percent)) * 10) / 10;
    document.documentElement.style.setProperty("--list", `${width}%`);
    bar.setAttribute("aria-valuenow", String(Math.round(width)));
    localStorage.setItem("list", String(width));
  }
}

// Before the first paint: a theme and a width that were chosen hold at once, without a flash of the others.
try {
  const list = localStorage.getItem("list");
  if (list) document.documentElement.style.setProperty("--list", `${list}%`);
  const overview = localStorage.getItem("overview");
  if (overview) document.documentElement.dataset.overview = overview;
  const density = localStorage.getItem("density");
  if (density === "compact" || density === "comfortable") document.documentElement.dataset.density = density;
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme holds.
}

// And before any other file is asked for: a page that lost one to a restart of the dashboard looks alive and is not.
// When the file can be had again, the page loads once more.
addEventListener(
  "error",
  ({ target, message }) => {
    const it = /** @type {any} */ (target);
    loadAgain(it.src ?? it.href ?? lostModule(message));
  },
  true,
);
addEventListener("unhandledrejection", ({ reason }) => loadAgain(lostModule(reason?.message)));

/** Each browser words it in its own way. @param {string} message */
function lostModule(message) {
  return /dynamically imported module|importing a module script failed/i.test(message) && "/healthz";
}

/** @param {string | false} lost */
function loadAgain(lost) {
  if (!lost) return;
  const again = () => setTimeout(loadAgain, 500, lost);
  fetch(lost).then(({ ok }) => ok && location.reload(), again);
}

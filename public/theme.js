// Before the first paint: a theme that was chosen holds at once, without a flash of the other.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme holds.
}

// And before any other file is asked for: a page that lost one of them, as when the dashboard restarts in between, looks
// alive and is not. When the file can be had again, the page loads once more.
addEventListener("error", ({ target }) => loadAgain(target.src ?? target.href), true);

function loadAgain(lost) {
  if (!lost) return;
  const again = () => setTimeout(loadAgain, 500, lost);
  fetch(lost).then(({ ok }) => ok && location.reload(), again);
}

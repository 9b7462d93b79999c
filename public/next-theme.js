// From the system's colours to the light ones, the dark ones, and back. theme.js has what was chosen before the first drawing.

export function nextTheme() {
  const root = document.documentElement;
  /** @type {Record<string, string | undefined>} */
  const order = { system: "light", light: "dark" };
  const next = order[root.dataset["theme"] ?? "system"];
  if (next) root.dataset["theme"] = next;
  else delete root.dataset["theme"];
  if (next) localStorage.setItem("theme", next);
  else localStorage.removeItem("theme");
  document.dispatchEvent(new CustomEvent("theme"));
}

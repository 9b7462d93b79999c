// Tab lists: arrows move, selection follows the focus. Those with panels in the page also switch them.
export function startTabs() {
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.('[role="tab"]');
    if (!tab || event.ctrlKey || event.metaKey || event.altKey) return;
    const tabs = [...tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')];
    const now = tabs.indexOf(tab);
    const ends = { Home: 0, End: tabs.length - 1 };
    const steps = { ArrowRight: 1, ArrowLeft: -1 };
    const n =
      ends[event.key] ?? (event.key in steps ? (now + steps[event.key] + tabs.length) % tabs.length : null);
    if (n === null) return;
    event.preventDefault();
    event.stopPropagation();
    const { id } = tabs[n];
    tabs[n].focus();
    tabs[n].click();
    // The fragment that comes brings new tabs: the focus goes to the one that was meant.
    document.addEventListener("detail:shown", () => document.getElementById(id)?.focus(), { once: true });
  });

  document.addEventListener("click", (event) => {
    const tab = event.target.closest?.('[data-island="tabs"] [role="tab"]');
    if (!tab) return;
    for (const it of tab.closest('[data-island="tabs"]').querySelectorAll('[role="tab"]')) {
      it.setAttribute("aria-selected", String(it === tab));
      it.tabIndex = it === tab ? 0 : -1;
      document.getElementById(it.getAttribute("aria-controls")).hidden = it !== tab;
    }
  });
}

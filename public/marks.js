// What is marked to be compared: one exchange or two, by `x` or its button. `d` compares, else with the turn before. The address
// says what is marked, so that it is there again after a reload, and for whoever gets the link.
import { $, announce, ask, el, toast } from "./dom.js";
import { t } from "./words.js";

/** @typedef {{ id: string, at: number, parent: string | null, words: string }} Mark */

/** @param {{ chosen(): Mark | null }} screen */
export function startMarks({ chosen }) {
  /** In the order in which they were marked. @type {Mark[]} */
  let marks = [];
  /** Rows come and go while one scrolls: a rule finds them by their names. */
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);

  void again();

  return { toggle, compare };

  /** Those of the address. */
  async function again() {
    const ids = (new URLSearchParams(location.search).get("marks") ?? "").split(",").filter(Boolean);
    const asked = ids.slice(0, 2).map((id) => ask(`/api/exchanges?limit=1&q=id:${encodeURIComponent(id)}`));
    const found = await Promise.all(asked).catch(() => []);
    const rows = found.flatMap(({ items }) => items);
    if (rows.length > 0 && marks.length === 0)
      set(rows.map(({ id, at, parent, asked: words, path }) => ({ id, at, parent, words: words || path })));
  }

  function toggle() {
    const one = chosen();
    if (!one) return;
    const rest = marks.filter(({ id }) => id !== one.id);
    // A third one takes the place of the first.
    set(rest.length < marks.length ? rest : [...rest.slice(-1), one]);
  }

  function compare() {
    const one = chosen();
    const [mark, second] = marks;
    if (mark && second) go([mark, second]);
    else if (mark && one && mark.id !== one.id) go([mark, one]);
    else if (one?.parent) location.href = `/diff/${one.parent}..${one.id}`;
    else toast(t("compare.none"));
  }

  /** What came first stands left. @param {[Mark, Mark]} two */
  function go(two) {
    const [before, after] = two.toSorted((a, b) => a.at - b.at).map(({ id }) => id);
    location.href = `/diff/${before}..${after}`;
  }

  /** @param {Mark[]} next */
  function set(next) {
    marks = next;
    const to = new URL(location.href);
    if (marks.length === 0) to.searchParams.delete("marks");
    else to.searchParams.set("marks", marks.map(({ id }) => id).join());
    history.replaceState(history.state, "", to);
    const names = marks.map(({ id }) => `#${CSS.escape(`list-row-${id}`)}`).join();
    sheet.replaceSync(
      names === ""
        ? ""
        : `${names}{box-shadow:inset 3px 0 var(--warn),inset 0 0 0 1px var(--warn)}
           @media(forced-colors:active){${names}{outline:2px dashed;outline-offset:-2px}}`,
    );
    document.querySelector(".marks")?.remove();
    if (marks.length === 0) return;
    const words = t("compare.marked", { n: marks.map((it) => it.words).join(" · ") });
    const bar = el("div", "marks");
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", words);
    bar.append(
      el("span", "", words),
      button(t("compare.do"), "button", compare),
      button(t("compare.clear"), "button quiet", () => set([])),
    );
    $(".list-pane").append(bar);
    announce(marks.length === 1 ? t("compare.marked-one") : words);
  }
}

/** @param {string} words @param {string} name @param {() => void} act */
function button(words, name, act) {
  const it = el("button", name, words);
  it.setAttribute("type", "button");
  it.addEventListener("click", act);
  return it;
}

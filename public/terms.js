// What a name means: one popover for every name that carries `data-term`, on hover, focus and tap.
import { $, ask, el } from "./dom.js";
import { lang, t } from "./words.js";

/** A pointer that only passes opens nothing; one on its way into the popover does not close it. */
const REST_MS = 450;

export function startTerms() {
  const box = $("#term");
  const asked = new Map();
  /** What the popover is open for. @type {HTMLElement | null} */
  let of = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  for (const event of ["pointerover", "focusin", "click"])
    document.addEventListener(event, ({ target: pointed, type }) => {
      const target = /** @type {HTMLElement} */ (pointed);
      // A click on a row is meant for the row.
      const it =
        target.closest?.(type === "click" ? "#term, :not(.row *)[data-term]" : "#term, [data-term]") ?? null;
      clearTimeout(timer);
      if (it !== box && it !== of) timer = setTimeout(show, type === "pointerover" ? REST_MS : 0, it);
    });
  document.addEventListener(
    "scroll",
    ({ target }) => /** @type {Element} */ (target).contains?.(of) && hide(),
    true,
  );
  document.addEventListener(
    "keydown",
    (event) => {
      if (!of || (event.key !== "Escape" && event.key !== "Enter")) return;
      if (event.key === "Enter" && event.target !== of) return;
      event.stopPropagation();
      if (event.key === "Enter") return $("a", box).focus();
      if (box.contains(event.target)) of.focus();
      hide();
    },
    true,
  );

  /** @param {HTMLElement | null} it */
  async function show(it) {
    hide();
    // Where the card of Learn stands, it says the same and more.
    if (!it || $(".learn-card")) return;
    of = it;
    const { term = "" } = it.dataset;
    if (!asked.has(term))
      asked.set(
        term,
        ask(`/api/glossary?key=${encodeURIComponent(term)}&lang=${lang}`).catch(() => null),
      );
    const entry = await asked.get(term);
    if (!entry) asked.delete(term);
    if (!entry || of !== it || !it.isConnected) return;
    const words = el("p");
    for (const [n, piece] of entry.text.split("`").entries())
      words.append(n % 2 ? el("code", "", piece) : piece);
    const link = Object.assign(el("a", "", t("term.source")), {
      href: entry.source,
      target: "_blank",
      rel: "noreferrer",
    });
    box.replaceChildren(el("b", "", entry.name), words);
    if (entry.also.length > 0) box.append(el("small", "", `${t("term.also")} ${entry.also.join(" · ")}`));
    box.append(link);
    box.showPopover();
    it.setAttribute("aria-describedby", "term");
    const { left, top, bottom } = it.getBoundingClientRect();
    const below = innerHeight - bottom;
    box.style.left = `${Math.max(8, Math.min(left, innerWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${below > box.offsetHeight + 12 ? bottom + 4 : Math.max(8, top - box.offsetHeight - 4)}px`;
  }

  function hide() {
    of?.removeAttribute("aria-describedby");
    of = null;
    box.hidePopover();
  }
}

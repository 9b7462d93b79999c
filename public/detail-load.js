// Loads the fragment of an exchange. What is shown is always what is selected: where it does not come, its row is shown, and
// it is asked for again until it is here.
import { $, el } from "./dom.js";
import { swap } from "./fragments.js";
import { readNow, taken } from "./prefetch.js";
import { count, ms, t } from "./words.js";

/** A fragment that comes sooner needs nothing in its place. */
const PATIENCE = 120;
/** Between two tries while the dashboard is away. */
const AGAIN = 1500;

/** @type {AbortController | null} */
let request = null;

export function stopLoading() {
  request?.abort();
  request = null;
}

/** @param {string} id @param {string} path */
export async function load(id, path) {
  request?.abort();
  const mine = (request = new AbortController());
  const soon = setTimeout(() => stand(id, ""), PATIENCE);
  const early = await taken(path);
  if (early) {
    clearTimeout(soon);
    if (!mine.signal.aborted) await swap("#detail", early);
    return;
  }
  for (;;) {
    try {
      const answer = await fetch(path, { signal: mine.signal, headers: { "HX-Request": "true" } });
      // 404 has a page of its own.
      if (answer.status >= 500) throw new Error(`HTTP ${answer.status}`);
      const text = await answer.text();
      clearTimeout(soon);
      readNow(path, text);
      if (!mine.signal.aborted) await swap("#detail", text);
      return;
    } catch {
      clearTimeout(soon);
      if (mine.signal.aborted) return;
      stand(id, t("trying"));
      await pause(mine.signal);
      if (mine.signal.aborted) return;
    }
  }
}

/** Until it is time, or the dashboard is back. @param {AbortSignal} signal */
function pause(signal) {
  return new Promise((go) => {
    const timer = setTimeout(go, AGAIN);
    const now = () => (clearTimeout(timer), go(null));
    signal.addEventListener("abort", now, { once: true });
    document.addEventListener("htmx:ws:after:connection", now, { once: true });
  });
}

/** What the list knows of it, in the place of what is on its way. @param {string} id @param {string} words */
function stand(id, words) {
  const row = /** @type {any} */ (document.getElementById(`list-row-${id}`))?.item;
  const article = el("article", "exchange stands");
  article.dataset["stands"] = id;
  const head = el("header", "exchange-head");
  const line = el("div", "line");
  const name = el("h2");
  if (row) name.append(el("span", "method", row.method), " ", el("span", "path", row.path));
  else name.append(el("span", "path", id));
  if (row?.status) line.append(el("span", "state", String(row.status)));
  line.append(name);
  head.append(line);
  if (row) {
    const facts = el("dl", "facts");
    for (const [what, value] of [
      [t("column.model"), row.model],
      ["TTFT", row.ttft_ms === null ? null : ms(row.ttft_ms)],
      [t("column.total"), row.duration_ms === null ? null : ms(row.duration_ms)],
      [
        t("column.tokens"),
        row.tokens_in === null ? null : `${count(row.tokens_in)} → ${count(row.tokens_out ?? 0)}`,
      ],
    ]) {
      if (!value) continue;
      const pair = el("div");
      pair.append(el("dt", "", what), el("dd", "", value));
      facts.append(pair);
    }
    head.append(facts);
  }
  article.append(head);
  if (words) {
    const told = el("p", "nothing", words);
    told.setAttribute("role", "status");
    article.append(told);
  }
  $("#detail").replaceChildren(article);
  document.dispatchEvent(new CustomEvent("detail:stands"));
}

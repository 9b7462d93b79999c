// `y`, then a letter: what is open as a command, as a program, as the file that holds it.
import { copy } from "./copy.js";
import { $, failed } from "./dom.js";

/** The beginning of a target's name: which of them there are, the API of the exchange says. @type {Record<string, RegExp>} */
const TARGETS = { c: /\/curl$/, h: /\/httpie$/, p: /-python$/, t: /-typescript$/ };

/** False where there is nothing to copy so. @param {string} letter */
export function copyAs(letter) {
  const id = $("article.exchange")?.dataset.id;
  const target = TARGETS[letter];
  if (id && letter === "j") return (void whole(id), true);
  /** @type {HTMLElement[]} */
  const buttons = [...document.querySelectorAll("article.exchange [data-copy-text]")].filter(
    (it) => it instanceof HTMLElement,
  );
  const found = buttons.find((it) => target?.test(it.dataset["copyText"] ?? ""));
  found?.click();
  return found !== undefined;
}

/** @param {string} id */
async function whole(id) {
  try {
    const answer = await fetch(`/api/exchanges/${id}`);
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    await copy(await answer.text());
  } catch (error) {
    failed(/** @type {Error} */ (error));
  }
}

// Rows of the list in groups, in the columns of the list: a head with the sums of its group, an exchange under it, a call
// under the exchange that asked for it.
import { el, icon, setIcon } from "./dom.js";
import { laneName } from "./lane-name.js";
import { fillCells } from "./row-cells.js";
import { dollars, tokens } from "./shown/numbers.ts";
import { toneOfStep } from "./shown/run-shown.ts";
import { clock, count, lang, ms, t } from "./words.js";

/** @typedef {import("../src/index/index.ts").GroupedRow} Grouped */
/** @typedef {import("../src/index/index.ts").GroupRow} Group */
/** @typedef {import("../src/fact/rows.ts").StepRow} Step */

/** @param {HTMLElement} element @param {Grouped} item */
export function fillGrouped(element, item) {
  element.removeAttribute("aria-expanded");
  if (item.kind === "group") {
    fillPlain(element, ofGroup(item.group), item.group.folded ? "arrow" : "down");
    element.className = `row group ${item.group.folded ? "folded" : "open"}`;
    element.ariaExpanded = String(!item.group.folded);
    element.ariaLevel = "1";
    return;
  }
  const level = item.group === null ? 1 : 2;
  if (item.kind === "call") {
    fillPlain(element, ofStep(item.step), "tool");
    element.className = `row of-call under ${toneOfStep(item.step) === "err" ? "bad" : ""}`;
    element.ariaLevel = String(level + 1);
    return;
  }
  fillCells(element, item.row);
  element.classList.toggle("under", item.group !== null);
  element.ariaLevel = String(level);
  const fold = callsOf(element, item.calls > 0);
  if (item.calls === 0 || !fold) return;
  element.ariaExpanded = String(item.opened);
  setIcon(/** @type {Element} */ (fold.firstElementChild), item.opened ? "down" : "arrow");
  /** @type {Element} */ (fold.lastElementChild).textContent = t("group.calls", { n: item.calls });
}

/** The sign before a story that its calls fold under; rows are used again for others. @param {HTMLElement} element @param {boolean} wanted @returns {HTMLElement | null} */
function callsOf(element, wanted) {
  const story = element.querySelector(".c-story");
  const there = /** @type {HTMLElement | null} */ (element.querySelector(".calls-fold"));
  if (there) there.hidden = !wanted;
  if (there || !wanted || !story) return there;
  const fold = el("span", "calls-fold");
  fold.dataset["fold"] = "yes";
  fold.append(icon("arrow"), el("span"));
  story.append(fold);
  return fold;
}

/** @param {Group} group @returns {Record<string, string>} */
function ofGroup(group) {
  const { n, errors, problems, models, clients, at, last_at } = group;
  return {
    sign: t(group.folded ? "group.folded" : "group.open"),
    time: clock(at),
    client: clients.map((name) => name.split(" ", 1)[0]).join(", "),
    model:
      models.length === 1 ? (models[0]?.split("/").at(-1) ?? "") : t("group.models", { n: models.length }),
    asked: group.title,
    tools: t(`group.n.${group.by}`, { n }),
    status: errors > 0 ? t("errors", { n: errors }) : "",
    total: ms(last_at - at),
    tokens:
      group.tokens_in + group.tokens_out === 0
        ? "–"
        : `${tokens(group.tokens_in, lang)} → ${tokens(group.tokens_out, lang)}`,
    cost: group.cost > 0 ? dollars(group.cost) : "",
    problems: problems > 0 ? count(problems) : "",
  };
}

/** @param {Step} step @returns {Record<string, string>} */
function ofStep(step) {
  return {
    sign: t("run.kind.tool"),
    time: clock(step.at),
    client: laneName(step.lane),
    asked: `${step.name} ${step.asked}`,
    answered: step.answered,
    status: t(`run.step.${step.state}`),
    total: ms((step.ended ?? Date.now()) - step.at),
  };
}

/** The same cells as any row has, each with its words. @param {HTMLElement} element @param {Record<string, string>} words @param {string} sign */
function fillPlain(element, words, sign) {
  callsOf(element, false);
  const cells = /** @type {HTMLCollectionOf<HTMLElement>} */ (element.children);
  for (const cell of cells) {
    const name = /c-(\w+)/.exec(cell.className)?.[1] ?? "";
    if (name === "sign") {
      setIcon(/** @type {Element} */ (cell.firstChild), sign);
      /** @type {Element} */ (cell.lastChild).textContent = words["sign"] ?? "";
    } else if (name === "bar") {
      for (const rect of /** @type {Element} */ (cell.firstChild).children) rect.setAttribute("width", "0");
    } else if (name === "story") fillStory(cell, words);
    else {
      cell.textContent = words[name] ?? "";
      cell.title = "";
    }
  }
}

/** @param {HTMLElement} cell @param {Record<string, string>} words */
function fillStory(cell, words) {
  const [asked, arrow, answered, tools, problems] = /** @type {HTMLElement[]} */ ([...cell.children]);
  if (!asked || !arrow || !answered || !tools || !problems) return;
  asked.textContent = words["asked"] ?? "";
  answered.textContent = words["answered"] ?? "";
  answered.className = "answered said";
  answered.hidden = !words["answered"];
  arrow.toggleAttribute("hidden", !words["answered"]);
  tools.textContent = words["tools"] ?? "";
  tools.hidden = !words["tools"];
  problems.hidden = !words["problems"];
  /** @type {Element} */ (problems.lastChild).textContent = words["problems"] ?? "";
}

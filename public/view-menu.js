// How the list is shown: in groups or flat, how dense, with which columns. Filled when somebody opens it.
import { el } from "./dom.js";
import { t } from "./words.js";

/**
 * @param {HTMLElement} menu
 * @param {{ group?: { now: string, folded: string, turn(by: string): void, fold(how: string): void } | null,
 *   columns: { chosen: readonly string[], change(chosen: string[]): void }, all: readonly { id: string, title: string, worth: number }[], titleOf(title: string): string }} list
 */
export function fillViewMenu(menu, { group, columns, all, titleOf }) {
  menu.replaceChildren();
  if (group) {
    const by = ["none", "conversation", "run"].map((value) => ({ value, text: t(`group.by.${value}`) }));
    menu.append(
      choices("group", t("group.by"), by, group.now, group.turn),
      choice("checkbox", "fold", "all", t("group.fold.all"), group.folded === "all", (on) =>
        group.fold(on ? "all" : "none"),
      ),
    );
  }
  const dense = ["compact", "usual", "comfortable"].map((value) => ({ value, text: t(`density.${value}`) }));
  // Rows of two lines have no columns to choose.
  const boxes = document.createElement("fieldset");
  boxes.className = "columns-of";
  boxes.append(el("legend", "menu-title", t("menu.columns")));
  const chosen = () =>
    /** @type {HTMLInputElement[]} */ ([...boxes.querySelectorAll("input")])
      .filter((box) => box.checked)
      .map((box) => box.value);
  for (const { id, title, worth } of all) {
    if (worth === 9) continue;
    const isOn = columns.chosen.includes(id);
    boxes.append(choice("checkbox", "column", id, titleOf(title), isOn, () => columns.change(chosen())));
  }
  menu.append(choices("density", t("density"), dense, densityNow(), setDensity), boxes);
}

/**
 * One of several.
 * @param {string} name @param {string} title @param {{ value: string, text: string }[]} values
 * @param {string} now @param {(value: string) => void} turn
 */
function choices(name, title, values, now, turn) {
  const group = document.createElement("fieldset");
  group.append(el("legend", "menu-title", title));
  for (const { value, text } of values)
    group.append(choice("radio", name, value, text, value === now, () => turn(value)));
  return group;
}

/** @param {"radio" | "checkbox"} type @param {string} name @param {string} value @param {string} text @param {boolean} on @param {(on: boolean) => void} change */
function choice(type, name, value, text, on, change) {
  const label = el("label", "check");
  const box = Object.assign(document.createElement("input"), { type, name, value, checked: on });
  box.addEventListener("change", () => change(box.checked));
  label.append(box, text);
  return label;
}

function densityNow() {
  return document.documentElement.dataset["density"] ?? "usual";
}

/** @param {string} value */
export function setDensity(value) {
  if (value === "usual") delete document.documentElement.dataset["density"];
  else document.documentElement.dataset["density"] = value;
  localStorage.setItem("density", value);
  // Lists measure their rows when their size changes; this is no change of size.
  document.dispatchEvent(new CustomEvent("density"));
}

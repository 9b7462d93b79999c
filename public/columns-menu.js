// The menu of the list's columns: a box for each that can be left out.
import { el } from "./dom.js";
import { COLUMNS } from "./shown/columns.ts";
import { t } from "./words.js";

/** @param {HTMLElement} menu @param {readonly string[]} chosen @param {(chosen: string[]) => void} onChange */
export function fillColumnsMenu(menu, chosen, onChange) {
  for (const { id, title, worth } of COLUMNS) {
    if (worth === 9) continue;
    const label = el("label", "check");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = id;
    box.checked = chosen.includes(id);
    label.append(box, t(`column.${title}`));
    menu.append(label);
  }
  menu.addEventListener("change", () =>
    onChange([...menu.querySelectorAll("input")].flatMap((box) => (box.checked ? [box.value] : []))),
  );
}

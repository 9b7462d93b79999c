// The filter line. What the index can answer goes to the server; the chips are about rows and run here.
import { $, ask } from "./dom.js";
import { count } from "./words.js";

const MENUS = ["model", "dialect", "upstream", "status"];

const chips = {
  streaming: (row) => row.state !== "done",
  tools: (row) => row.tools.length > 0,
  errors: (row) => row.status >= 400 || (row.ending !== null && row.ending !== "complete"),
  slow: (row) => row.ttft_ms > 2000 || row.duration_ms > 20_000,
  problems: (row) => row.problems > 0,
};

/** A filter from the address, where it is kept. */
export function filterOf(search) {
  const said = new URLSearchParams(search);
  const filter = {
    q: said.get("q")?.trim() ?? "",
    is: (said.get("is") ?? "").split(",").filter((it) => it in chips),
  };
  for (const menu of MENUS) filter[menu] = said.get(menu) ?? "";
  return finished(filter);
}

function finished(filter) {
  const query = serverQuery(filter);
  if (filter.is.length > 0) query.set("is", filter.is.join(","));
  const search = query.toString();
  return { ...filter, search, active: search !== "", local: filter.is.length > 0 };
}

export function serverQuery(filter) {
  const query = new URLSearchParams();
  for (const name of ["q", ...MENUS]) if (filter[name]) query.set(name, filter[name]);
  return query;
}

/** What the server would say too, for rows that come live: of their words only the story is searched. */
export function matches(row, filter) {
  if (!filter.active) return true;
  if (!filter.is.every((chip) => chips[chip](row))) return false;
  for (const name of ["model", "dialect", "upstream"])
    if (filter[name] && row[name] !== filter[name]) return false;
  if (filter.status && String(row.status) !== filter.status && row.ending !== filter.status) return false;
  if (!filter.q || row.state === "done") return true;
  const story = [row.asked, row.answered, row.model, row.path, ...row.tools].join("\n").toLowerCase();
  return filter.q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => story.includes(word.replaceAll('"', "")));
}

export function startFilter(filter, onChange) {
  const form = $("#filter");
  const input = form.elements.q;
  let timer = null;
  write(filter);
  fillMenus(form, filter);

  form.addEventListener("submit", (event) => (event.preventDefault(), change()));
  form.addEventListener("reset", () => setTimeout(() => (write(filterOf("")), change())));
  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(change, 150);
  });
  input.addEventListener("compositionend", change);
  for (const menu of MENUS) form.elements[menu].addEventListener("change", change);
  form.addEventListener("focusin", () => fillMenus(form, read()), { once: true });
  form.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-chip]");
    if (!chip) return;
    chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
    change();
  });

  function read() {
    const is = [...form.querySelectorAll('[data-chip][aria-pressed="true"]')].map(
      (chip) => chip.dataset.chip,
    );
    const said = { q: input.value.trim(), is };
    for (const menu of MENUS) said[menu] = form.elements[menu].value;
    return finished(said);
  }

  function change() {
    clearTimeout(timer);
    const next = read();
    for (const menu of MENUS) form.elements[menu].classList.toggle("set", next[menu] !== "");
    if (next.search === filter.search) return;
    filter = next;
    onChange(next);
  }

  function write(to) {
    input.value = to.q;
    for (const chip of form.querySelectorAll("[data-chip]"))
      chip.setAttribute("aria-pressed", String(to.is.includes(chip.dataset.chip)));
    for (const menu of MENUS) choose(form.elements[menu], to[menu]);
  }
}

function choose(select, value) {
  if (value && ![...select.options].some((option) => option.value === value))
    select.add(new Option(value, value));
  select.value = value;
  select.classList.toggle("set", value !== "");
}

/** Values with counts from the data at hand. */
async function fillMenus(form, filter) {
  const facets = await ask("/api/facets").catch(() => ({}));
  for (const menu of MENUS) {
    const select = form.elements[menu];
    while (select.options.length > 1) select.remove(1);
    for (const { value, count: n } of facets[menu] ?? [])
      select.add(new Option(`${value} (${count(n)})`, value));
    choose(select, filter[menu]);
  }
}

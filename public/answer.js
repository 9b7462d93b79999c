// The answer as it comes: text nodes that grow, once for each reply of the server.
import { $, el } from "./dom.js";
import { t } from "./words.js";

/** `live.parts` is the whole answer so far; only what is new is written. */
export function drawAnswer(section, live) {
  const panel = document.getElementById("panel");
  const stick = panel.scrollTop + panel.clientHeight >= panel.scrollHeight - 8;
  const place = $(".live-parts", section);
  const { parts } = live;
  for (const [n, part] of parts.entries()) write(place.children[n] ?? block(place, part), part);
  for (const [n, it] of [...place.children].entries()) it.classList.toggle("growing", n === parts.length - 1);
  for (const it of place.querySelectorAll(".body"))
    it.classList.toggle("caret", live.state !== "done" && it.parentElement.classList.contains("growing"));
  const word = $(".flying", section);
  if (word)
    word.textContent = live.state === "waiting" ? t("waiting") : live.state === "done" ? "" : t("streaming");
  if (stick && panel.scrollHeight > panel.clientHeight) panel.scrollTop = panel.scrollHeight;
}

/** Parts without a word of their own are shown as text. */
const titled = /^(reasoning|tool_call|refusal)$/;
const looks = { tool_call: "body code", reasoning: "body prose thinking" };

function block(place, { type }) {
  const it = el("div");
  if (titled.test(type)) it.append(el("h4", "", t(`part.${type}`)));
  const body = el(type === "tool_call" ? "pre" : "div", looks[type] ?? "body prose");
  body.append("");
  it.append(body);
  place.append(it);
  return it;
}

function write(it, part) {
  const heading = $("h4", it);
  if (heading && part.name) {
    const words = `${t(`part.${part.type}`)} ${part.name}`;
    if (heading.textContent !== words) heading.textContent = words;
  }
  const text = $(".body", it).firstChild;
  const old = text.data;
  if (part.text === old) return;
  if (part.text.startsWith(old)) text.appendData(part.text.slice(old.length));
  else text.data = part.text;
}

/** Pieces of messages as a person reads them. An answer is whole; of a long message the beginning is open, the rest a click away. */
import { stringifyExact } from "../fact/json-source.ts";
import { count, size } from "../shown/numbers.ts";
import { html, type Html } from "./html.ts";
import { icon } from "./icons.ts";
import { indentedStart, isJson } from "./indent.ts";
import { markdown } from "./markdown.ts";
import type { MediaPart, Part, Tool, Turn } from "../read/reading.ts";
import { marked, type Source } from "./terms.ts";
import type { View } from "./view.ts";

/** Characters of one piece of JSON that are shown at once; the Wire panel lays out all of it. */
const SHOWN_CHARS = 12_000;
/** Of a message: what stands open without a click, and what one click brings. Requests carry whole files again and again. */
const OPEN = 1_500;
const LONG = 60_000;
/** Of an answer: no model writes so much at once, and a page with more would not scroll. */
const WHOLE = 2_000_000;

/** A message may be folded, what the model just answered may not: somebody is reading it. */
export type How = "folded" | "whole";

export type Numbers = ReadonlyMap<string, number>;

/** Tools carry a number in the list and at each call, so that the eye finds one from the other. */
export function numbered(tools: readonly Tool[]): Numbers {
  return new Map(tools.map(({ name }, n) => [name, n + 1]));
}

/** `call` draws a tool call, where more is known of it than it says itself. */
export function drawTurn(
  view: View,
  { role, parts, name }: Turn,
  numbers: Numbers,
  n: number | null,
  call: (part: Call) => Html = (part) => drawCall(view, part, numbers),
): Html {
  const { t } = view;
  return html`<section class="turn role-${roleClass(role)}" ${n !== null && html`id="message-${n}"`}>
    <h3>
      <span class="role">${roleName(view, role)}</span
      >${name && html` <code>${name}</code>`}${n !== null && html`<small class="nth">${n}</small>`}
    </h3>
    ${parts.length === 0 && html`<p class="empty">${t("part.empty")}</p>`}
    ${parts.map((part) => (part.type === "tool_call" ? call(part) : drawPart(view, part, numbers)))}
  </section>`;
}

export function drawPart(view: View, part: Part, numbers: Numbers, how: How = "folded"): Html {
  const { t, lang } = view;
  switch (part.type) {
    case "text":
      return prose(view, part.text, how);
    case "reasoning":
      return html`<details class="reasoning" open>
        <summary>
          ${t("part.reasoning")}
          ${part.redacted && html`<small>${t("part.redacted")}</small>`}${part.encrypted && html`<small>${t("part.encrypted")}</small>`}${part.signature && html`<small>${t("part.signed")}</small>`}
        </summary>
        ${part.text === null ? html`<p class="empty">${t("part.hidden")}</p>` : prose(view, part.text, how)}
      </details>`;
    case "refusal":
      return html`<div class="refusal"><b>${t("part.refusal")}</b>${prose(view, part.text, how)}</div>`;
    case "tool_call":
      return drawCall(view, part, numbers);
    case "tool_result":
      return drawResult(view, part, numbers);
    case "image":
    case "audio":
    case "video":
    case "file":
      return media(view, part);
    case "citation":
      return html`<div class="media">
        <b>${t("part.citation")}</b> ${part.title} ${part.url && html`<code>${part.url}</code>`} ${part.text}
      </div>`;
    case "unknown":
      return html`<details class="unknown">
        <summary>${t("part.unknown")} <code>${part.kind}</code></summary>
        ${json(view, part.value)}
      </details>`;
    default:
      return html`${count(0, lang)}${part satisfies never}`;
  }
}

export type Result = Extract<Part, { type: "tool_result" }>;

/** Folded: a line says what came back, the rest is a click away; a failure stands open. */
export function drawResult(view: View, result: Result, numbers: Numbers): Html {
  const { t, lang } = view;
  const text = result.parts.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join(" ");
  const isShort = text.length <= SHORT;
  return html`<details class="result ${result.error && "bad"}" ${(isShort || result.error) && html`open`}>
    <summary>
      ${icon("back")}<b>${t("part.result")}</b> ${result.name && html`<code>${result.name}</code>`}
      ${result.error && html`<b class="bad">${t("part.failed")}</b>`}<span class="says"
        >${text.slice(0, FIRST)}</span
      ><small>${t("part.chars", { n: count(text.length, lang) })}</small>
    </summary>
    ${result.parts.length === 0 ? html`<p class="empty">${t("part.empty")}</p>` : result.parts.map((inner) => inResult(view, inner, numbers))}
  </details>`;
}

/** Characters of a result that stands open, and of the line that says what is folded. */
const SHORT = 400;
const FIRST = 160;

/** What a tool gives back is mostly JSON in a text. */
function inResult(view: View, part: Part, numbers: Numbers): Html {
  const isJson = part.type === "text" && /^\s*[[{]/.test(part.text);
  return isJson ? written(view, part.text) : drawPart(view, part, numbers);
}

export type Call = { id: string | null; name: string; arguments: string; by?: "client" | "server" };

/** `beside`: what is known of who served it, and what came back. `place`: its number in the answer, for an address. */
export function drawCall(
  view: View,
  call: Call,
  numbers: Numbers,
  beside: Html | false = false,
  place: string | null = null,
): Html {
  const { t } = view;
  const n = numbers.get(call.name);
  const flat = call.arguments.trim();
  const isLine = flat.length <= LINE && !flat.includes("\n");
  return html`<div class="call" ${place !== null && html`id="call-${place}" tabindex="-1"`}>
    <h4>
      ${icon("tool")} ${n !== undefined && html`<i class="n">${n}</i>`}<code class="name">${call.name}</code>
      ${isLine && html`<code class="line">${flat === "" ? t("part.none") : flat}</code>`}
      ${call.by === "server" && html`<small>${t("part.server")}</small>`}
      ${call.id && html`<code class="id">${call.id}</code>`}
    </h4>
    ${!isLine && written(view, call.arguments)} ${beside}
  </div>`;
}

/** Arguments that are read at a glance need no lines of their own. */
const LINE = 72;

/** JSON in a string, indented for reading when it is JSON; as it came when it is not. */
export function written(view: View, text: string): Html {
  if (text.trim() === "") return html`<p class="empty">${view.t("part.none")}</p>`;
  const { shown, hidden } = isJson(text)
    ? indentedStart(text, SHOWN_CHARS)
    : { shown: text.slice(0, SHOWN_CHARS), hidden: text.length - SHOWN_CHARS };
  return html`<pre class="code" tabindex="0">${shown}</pre>
    ${more(view, hidden)}`;
}

/** With a source, names that the glossary knows can be asked about. */
export function json(view: View, value: unknown, source?: Source): Html {
  const { shown, hidden } = indentedStart(stringifyExact(value) ?? String(value), SHOWN_CHARS);
  return html`<pre class="code" tabindex="0">${source ? marked(value, source, SHOWN_CHARS) : shown}</pre>
    ${more(view, hidden)}`;
}

function prose(view: View, text: string, how: How): Html {
  if (how === "whole") return html`${readable(view, text.slice(0, WHOLE))}${more(view, text.length - WHOLE)}`;
  if (text.length <= OPEN * 2) return readable(view, text);
  return html`<details class="long">
    <summary>
      <span class="prose">${text.slice(0, OPEN)}…</span
      ><span class="link">${view.t("part.all", { n: count(text.length, view.lang) })}</span>
    </summary>
    ${readable(view, text.slice(0, LONG))} ${more(view, text.length - LONG)}
  </details>`;
}

/** As Markdown, or as it was written, in pieces of which the browser lays out those in sight. */
function readable(view: View, text: string): Html {
  if (view.as !== "source") return markdown(view, text);
  const pieces = Array.from({ length: Math.ceil(text.length / PIECE) }, (_, n) =>
    text.slice(n * PIECE, (n + 1) * PIECE),
  );
  return html`${pieces.map((piece) => html`<div class="prose md-part">${piece}</div>`)}`;
}

const PIECE = 8_000;

/** Pictures and sound that were recorded are shown after a click, others are named. */
function media({ t }: View, { type, mime, name, bytes, url, data }: MediaPart): Html {
  return html`<div class="media">
    <b>${t(`part.${type}`)}</b> ${mime} ${name} ${bytes !== null && size(bytes)}
    ${url && html`<code>${url.slice(0, 500)}</code>`}
    ${data !== null && html`<button class="button" data-media="${data}">${t("part.show")}</button>`}
    <div class="media-place"></div>
  </div>`;
}

/** `hidden`: how many characters are not shown. */
function more({ t, lang }: View, hidden: number): Html | false {
  return hidden > 0 && html`<p class="cut">${t("part.cut", { n: count(hidden, lang) })}</p>`;
}

function roleName({ t }: View, role: string): string {
  switch (role) {
    case "system":
    case "developer":
    case "user":
    case "assistant":
    case "tool":
      return t(`role.${role}`);
    default:
      return role;
  }
}

function roleClass(role: string): string {
  return /^(system|developer|user|assistant|tool)$/.test(role) ? role : "other";
}

/** Pieces of messages as a person reads them. Long text is cut here and says so; the Raw panel has every byte. */
import { stringifyExact } from "../fact/json-source.ts";
import { count, size } from "../shown/numbers.ts";
import { html, type Html } from "./html.ts";
import { icon } from "./icons.ts";
import { indentedStart, isJson } from "./indent.ts";
import type { Part, Tool, Turn } from "../read/reading.ts";
import { marked, type Source } from "./terms.ts";
import type { View } from "./view.ts";

/** Characters of one piece that are shown at once, and what stands open without a click. */
const SHOWN = 12_000;
const OPEN = 1_500;

export type Numbers = ReadonlyMap<string, number>;

/** Tools carry a number in the list and at each call, so that the eye finds one from the other. */
export function numbered(tools: readonly Tool[]): Numbers {
  return new Map(tools.map(({ name }, n) => [name, n + 1]));
}

export function drawTurn(view: View, { role, parts, name }: Turn, numbers: Numbers, n: number | null): Html {
  const { t } = view;
  return html`<section class="turn role-${roleClass(role)}">
    <h3>
      <span class="role">${roleName(view, role)}</span
      >${name && html` <code>${name}</code>`}${n !== null && html`<small class="nth">${n}</small>`}
    </h3>
    ${parts.length === 0 && html`<p class="empty">${t("part.empty")}</p>`}
    ${parts.map((part) => drawPart(view, part, numbers))}
  </section>`;
}

export function drawPart(view: View, part: Part, numbers: Numbers): Html {
  const { t, lang } = view;
  switch (part.type) {
    case "text":
      return prose(view, part.text);
    case "reasoning":
      return html`<details class="reasoning" open>
        <summary>
          ${t("part.reasoning")}
          ${part.redacted && html`<small>${t("part.redacted")}</small>`}${part.encrypted && html`<small>${t("part.encrypted")}</small>`}${part.signature && html`<small>${t("part.signed")}</small>`}
        </summary>
        ${part.text === null ? html`<p class="empty">${t("part.hidden")}</p>` : prose(view, part.text)}
      </details>`;
    case "refusal":
      return html`<div class="refusal"><b>${t("part.refusal")}</b>${prose(view, part.text)}</div>`;
    case "tool_call":
      return drawCall(view, part, numbers);
    case "tool_result":
      return html`<div class="result ${part.error && "bad"}">
        <h4>
          ${icon("tool")} ${t("part.result")} ${part.name && html`<code>${part.name}</code>`}
          ${part.error && html`<b class="bad">${t("part.failed")}</b>`}
          ${part.id && html`<code class="id">${part.id}</code>`}
        </h4>
        ${part.parts.length === 0 ? html`<p class="empty">${t("part.empty")}</p>` : part.parts.map((inner) => drawResult(view, inner, numbers))}
      </div>`;
    case "image":
    case "audio":
    case "video":
    case "file":
      return html`<div class="media">
        <b>${t(`part.${part.type}`)}</b> ${part.mime} ${part.name} ${part.bytes !== null && size(part.bytes)}
        ${part.url && html`<code>${part.url.slice(0, 500)}</code>`}
      </div>`;
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

/** What a tool gives back is mostly JSON in a text. */
function drawResult(view: View, part: Part, numbers: Numbers): Html {
  const isJson = part.type === "text" && /^\s*[[{]/.test(part.text);
  return isJson ? written(view, part.text) : drawPart(view, part, numbers);
}

type Call = { id: string | null; name: string; arguments: string; by?: "client" | "server" };

export function drawCall(view: View, call: Call, numbers: Numbers): Html {
  const { t } = view;
  const n = numbers.get(call.name);
  return html`<div class="call">
    <h4>
      ${icon("tool")} ${t("part.call")} ${n !== undefined && html`<i class="n">${n}</i>`}<code class="name"
        >${call.name}</code
      >
      ${call.by === "server" && html`<small>${t("part.server")}</small>`}
      ${call.id && html`<code class="id">${call.id}</code>`}
    </h4>
    ${written(view, call.arguments)}
  </div>`;
}

/** JSON in a string, indented for reading when it is JSON; as it came when it is not. */
export function written(view: View, text: string): Html {
  if (text.trim() === "") return html`<p class="empty">${view.t("part.none")}</p>`;
  const { shown, hidden } = isJson(text)
    ? indentedStart(text, SHOWN)
    : { shown: text.slice(0, SHOWN), hidden: text.length - SHOWN };
  return html`<pre class="code" tabindex="0">${shown}</pre>
    ${more(view, hidden)}`;
}

/** With a source, names that the glossary knows can be asked about. */
export function json(view: View, value: unknown, source?: Source): Html {
  const { shown, hidden } = indentedStart(stringifyExact(value) ?? String(value), SHOWN);
  return html`<pre class="code" tabindex="0">${source ? marked(value, source, SHOWN) : shown}</pre>
    ${more(view, hidden)}`;
}

function prose(view: View, text: string): Html {
  if (text.length <= OPEN * 2) return html`<div class="prose">${text}</div>`;
  return html`<details class="long">
    <summary>
      <span class="prose">${text.slice(0, OPEN)}…</span
      ><span class="link">${view.t("part.all", { n: count(text.length, view.lang) })}</span>
    </summary>
    <div class="prose">${text.slice(0, SHOWN)}</div>
    ${more(view, text.length - SHOWN)}
  </details>`;
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

/** What a thing is, why it is here now and what comes next: the card that stands below what is selected. */
import type { Explained } from "../../read/learn/explained.ts";
import type { Said } from "../../read/learn/note.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Lang, T } from "../language.ts";

type Reader = { readonly t: T; readonly lang: Lang };

export function card(reader: Reader, explained: Explained): Html {
  return html`<h3>${icon("learn")} <code>${explained.name.slice(0, MOST_NAME_CHARS)}</code></h3>
    ${lines(reader, explained)}`;
}

/** The three lines, what it is called elsewhere, and the source. */
export function lines({ t, lang }: Reader, { what, why, next, same, source }: Explained): Html {
  const line = (title: string, words: readonly Said[]) =>
    words.length > 0 &&
    html`<div>
      <dt>${title}</dt>
      <dd>${words.map((it) => html`<p>${prose(it[lang])}</p>`)}</dd>
    </div>`;
  return html`<dl>
      ${line(t("learn.what"), what.length > 0 ? what : why.length > 0 ? [] : [UNKNOWN])}
      ${line(t("learn.why"), why)} ${line(t("learn.next"), next)}
    </dl>
    ${(same.length > 0 || source !== null) && html`<p class="same">${same.length > 0 && html`${t("learn.same")} ${same.map((it) => html`<span>${it.dialect} <code>${it.name}</code></span> `)}`}${source !== null && html`<a href="${source}" target="_blank" rel="noreferrer">${t("learn.source")}</a>`}</p>`}`;
}

/** A name of somebody's may be of any length. */
const MOST_NAME_CHARS = 200;

const UNKNOWN: Said = {
  en: "No document that we know defines this. It is shown as it came.",
  zh: "我们所知的文档都没有定义它，此处按原样显示。",
};

/** Names of the wire stand between backticks. */
export function prose(text: string): Html[] {
  return text.split("`").map((piece, n) => (n % 2 ? html`<code>${piece}</code>` : html`${piece}`));
}

/** Where nothing is selected, or what is selected has no explanation. */
export function hint({ t }: Reader): Html {
  return html`<h3>${icon("learn")} ${t("learn.title")}</h3>
    <p class="hint">${t("learn.hint")} <a href="/learn">${t("lessons.title")}</a></p>`;
}

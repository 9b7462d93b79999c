/**
 * Markdown as the model wrote it, made readable: a library takes it apart, our own templates put it together, so that
 * every text in it is escaped like any other. HTML in it is text. Links are words with their address beside them, and
 * pictures from elsewhere are named, never loaded.
 */
import { lexer, type Token, type Tokens } from "marked";
import { blocksOf } from "./markdown-blocks.ts";
import { html, type Hole, type Html } from "./html.ts";
import type { View } from "./view.ts";

/** Time for the texts of one fragment, beside the record: what hostile ones do not get through stays as it came. */
const MOST_MS = 400;
const spent = new WeakMap<View, number>();
/** Lists in quotes in lists: deeper nobody reads. */
const DEEPEST = 24;

export function markdown(view: View, text: string): Html {
  return html`<div class="md">
    ${blocksOf(text).map((block) => {
      if (block.kind === "code") return code(block.text, block.lang);
      if (block.kind === "source" || (spent.get(view) ?? 0) > MOST_MS) return source(block.text);
      return html`<div class="md-part">${tokens(view, taken(view, block.text), 0)}</div>`;
    })}
  </div>`;
}

/** A text that the library fails at is shown as it is. */
function taken(view: View, text: string): Token[] {
  const began = performance.now();
  try {
    return lexer(text);
  } catch {
    return [{ type: "text", raw: text, text }];
  } finally {
    spent.set(view, (spent.get(view) ?? 0) + performance.now() - began);
  }
}

function source(text: string): Html {
  return html`<div class="prose md-part">${text}</div>`;
}

function tokens(view: View, list: readonly Token[] | undefined, depth: number): Hole[] {
  if (depth > DEEPEST) return (list ?? []).map(({ raw }) => raw);
  return (list ?? []).map((token) => block(view, token as Tokens.Generic, depth + 1));
}

/** What stands inside of a token, or its text where it holds nothing else. */
function inside(view: View, token: Tokens.Generic, depth: number): Hole {
  return token.tokens ? tokens(view, token.tokens, depth) : plain(String(token["text"] ?? token.raw));
}

function block(view: View, token: Tokens.Generic, depth: number): Hole {
  switch (token.type) {
    case "space":
    case "def":
      return false;
    case "heading":
      return html`<h5 class="md-h md-h${Number(token["depth"]) || 1}">${inside(view, token, depth)}</h5>`;
    case "paragraph":
      return html`<p>${inside(view, token, depth)}</p>`;
    case "code":
      return code(String(token["text"]), String(token["lang"] ?? ""));
    case "blockquote":
      return html`<blockquote>${inside(view, token, depth)}</blockquote>`;
    case "hr":
      return html`<hr />`;
    case "list":
      return list(view, token as unknown as Tokens.List, depth);
    case "table":
      return table(view, token as unknown as Tokens.Table, depth);
    case "html":
      return token["block"] ? html`<p>${plain(token.raw.trimEnd())}</p>` : token.raw;
    default:
      return inline(view, token, depth);
  }
}

function inline(view: View, token: Tokens.Generic, depth: number): Hole {
  switch (token.type) {
    case "strong":
      return html`<strong>${inside(view, token, depth)}</strong>`;
    case "em":
      return html`<em>${inside(view, token, depth)}</em>`;
    case "del":
      return html`<del>${inside(view, token, depth)}</del>`;
    case "codespan":
      return html`<code>${String(token["text"])}</code>`;
    case "br":
      return html`<br />`;
    case "link":
      return link(inside(view, token, depth), String(token["href"]), String(token["text"]));
    case "image":
      return picture(view, String(token["href"]), String(token["text"]));
    case "text":
    case "escape":
      return inside(view, token, depth);
    default:
      return token.raw;
  }
}

/** Words of the model can lead anywhere: the address is read, not clicked. */
function link(words: Hole, href: string, text: string): Html {
  return html`<span class="md-link">${words}</span
    >${href !== text && href !== `mailto:${text}` && html` <small class="md-address">${href}</small>`}`;
}

/** What is read of an address at a glance. A longer one is not offered: what its end carries away nobody would have seen. */
const SHOWN_ADDRESS = 500;

/** No link: what a model wrote is no element that leads away, neither by a stray click nor by a key. */
function picture({ t }: View, href: string, words: string): Html {
  const mayBeLoaded = /^https?:\/\//i.test(href) && href.length <= SHOWN_ADDRESS;
  return html`<span class="md-picture"
    >${t("md.picture")} ${words}
    <small class="md-address">${href.slice(0, SHOWN_ADDRESS)}</small>
    ${mayBeLoaded && html`<button class="button" data-address="${href}">${t("md.load")}</button>`}</span
  >`;
}

function list(view: View, { ordered, start, items }: Tokens.List, depth: number): Html {
  const rows = items.map(
    ({ task, checked, tokens: inner }) =>
      html`<li>
        ${task && html`<span class="md-task">${checked ? "☑" : "☐"}</span> `}${tokens(view, inner, depth)}
      </li>`,
  );
  if (!ordered)
    return html`<ul>
      ${rows}
    </ul>`;
  return html`<ol start="${String(Number(start) || 1)}">
    ${rows}
  </ol>`;
}

function table(view: View, { header, rows, align }: Tokens.Table, depth: number): Html {
  const side = (n: number) => html`class="md-${align[n] ?? "left"}"`;
  return html`<div class="md-table" tabindex="0" role="region" aria-label="${view.t("md.table")}">
    <table>
      <thead>
        <tr>
          ${header.map((cell, n) => html`<th scope="col" ${side(n)}>${tokens(view, cell.tokens, depth)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, n) => html`<td ${side(n)}>${tokens(view, cell.tokens, depth)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function code(text: string, lang: string): Html {
  const name = lang.split(/\s/)[0] ?? "";
  return html`<figure class="md-code md-part">
    ${name !== "" && html`<figcaption>${name.slice(0, 40)}</figcaption>`}
    <pre class="code" tabindex="0">${text}</pre>
  </figure>`;
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " " };

/** Models break their lines where they mean to: a break stays one. */
function plain(text: string): Hole {
  const decoded = text.replace(
    /&(amp|lt|gt|quot|#39|nbsp);/g,
    (whole, name: string) => ENTITIES[name] ?? whole,
  );
  const [first = "", ...rest] = decoded.split("\n");
  return [first, ...rest.map((line) => html`<br />${line}`)];
}

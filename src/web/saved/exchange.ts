/** One exchange to be kept: its story whole, what its stream added and when, what filled its window, what passed. */
import type { Exchange } from "../../fact/exchange.ts";
import { joined } from "../../fact/exchange.ts";
import { eventRow } from "../../read/event-row.ts";
import { count, ms, size } from "../../shown/numbers.ts";
import { badge, facts } from "../detail-head.ts";
import { drawnSoon } from "../drawn.ts";
import { html, type Html } from "../html.ts";
import { context } from "../panels/context.ts";
import { headers } from "../panels/headers.ts";
import { story, wholeStory } from "../panels/story.ts";
import type { Seen } from "../readings.ts";
import { expertLine } from "../expert-line.ts";
import { trouble } from "../trouble.ts";
import type { View } from "../view.ts";

/** A browser opens a file of some megabytes at once; the recording itself has the rest. */
const MOST_EVENTS = 5_000;
const MOST_BODY = 2 * 1024 * 1024;

export async function savedExchange(view: View, seen: Seen): Promise<Html> {
  const { exchange } = seen;
  const { t } = view;
  const parts: (Html | false)[] = [
    story.shows(seen) && (await section(view, t("panel.story"), () => wholeStory(view, seen))),
    seen.look.stream !== null && (await section(view, t("panel.stream"), () => events(view, seen))),
    context.shows(seen) && (await section(view, t("panel.context"), () => context.draw(view, seen, ""))),
    await section(view, t("panel.wire"), () => headers(view, seen)),
    await section(view, t("wire.request"), () => body(view, exchange, "request")),
    await section(view, t("wire.response"), () => body(view, exchange, "response")),
  ];
  return html`<article class="exchange" data-id="${exchange.id}">
    <header class="exchange-head">
      <div class="line">
        ${badge(view, seen)}
        <h1><span class="method">${exchange.method}</span> <span class="path">${exchange.path}</span></h1>
      </div>
      <dl class="facts">${facts(view, seen)}</dl>
      ${trouble(view, seen)} ${expertLine(view, seen, "open")}
    </header>
    ${parts}
  </article>`;
}

async function section(view: View, title: string, draw: () => Html | Promise<Html>): Promise<Html> {
  return html`<section class="kept">
    <h2>${title}</h2>
    ${await drawnSoon(view, draw)}
  </section>`;
}

/** What each event added. Its own text stands in the body. */
function events({ t, lang }: View, { look, exchange }: Seen): Html {
  const { frames = [] } = look.stream ?? {};
  let before = exchange.response?.ttfb ?? 0;
  const rows = frames.slice(0, MOST_EVENTS).map((frame) => {
    const [n, at, since, bytes, type, lane, adds] = eventRow(frame, look.added.get(frame.n) ?? [], before);
    before = frame.t;
    return html`<tr class="lane-${lane}">
      <td class="num">${n}</td>
      <td class="num">${ms(at)}</td>
      <td class="num">${ms(since)}</td>
      <td class="num">${bytes}</td>
      <td><code>${type}</code></td>
      <td>${adds}</td>
    </tr>`;
  });
  const left = frames.length - rows.length;
  return html`<table class="sheet events">
      <thead>
        <tr>
          <th class="num">#</th>
          <th class="num">${t("timeline.at")}</th>
          <th class="num">${t("timeline.since")}</th>
          <th class="num">${t("timeline.bytes")}</th>
          <th>${t("timeline.event")}</th>
          <th>${t("timeline.adds")}</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    ${left > 0 && html`<p class="cut">${t("saved.more-events", { n: count(left, lang) })}</p>`}`;
}

function body({ t }: View, exchange: Exchange, side: "request" | "response"): Html {
  const it = side === "request" ? exchange.request : exchange.response;
  if (!it) return html`<p class="empty">${t("answer.no-response")}</p>`;
  const lines = () => it.pieces.map(({ bytes, frame }) => textOf(bytes, frame === "binary")).join("\n");
  const bytes = joined(it.pieces);
  if (bytes.byteLength === 0) return html`<p class="empty">${t("raw.empty")}</p>`;
  const text = exchange.wire === "websocket" ? lines() : textOf(bytes, false);
  const left = text.length - MOST_BODY;
  return html`<pre class="code">${text.slice(0, MOST_BODY)}</pre>
    ${left > 0 && html`<p class="cut">${t("saved.cut", { size: size(left) })}</p>`}`;
}

/** Bytes that are no text are written so that each can be known again. */
function textOf(bytes: Uint8Array, isBinary: boolean): string {
  if (isBinary) return bytes.toBase64();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return bytes.toBase64();
  }
}

/** The head of an exchange: how it stands, its numbers, where it stands in its conversation. */
import { header, type Exchange } from "../fact/exchange.ts";
import { filterOf } from "../filter/filter.ts";
import { count, dollars, ms, size } from "../shown/numbers.ts";
import { askedAgain, type Attempt } from "./asked-again.ts";
import { html, type Html } from "./html.ts";
import { icon, type Icon } from "./icons.ts";
import type { Seen } from "./readings.ts";
import type { View } from "./view.ts";

type Hole = Html | false;

export function stateOf({ exchange }: Seen): "waiting" | "streaming" | "done" {
  if (exchange.close) return "done";
  return exchange.response ? "streaming" : "waiting";
}

export function badge({ t }: View, seen: Seen): Html {
  const { close, response } = seen.exchange;
  const [tone, sign, words] = toneOf(seen);
  const code = response && html`<b>${statusOf(seen)}</b> `;
  const ending = close?.ending === "complete" && response ? false : t(`ending.${words}`);
  return html`<span class="state ${tone}">${icon(sign)}${code}${ending}</span>`;
}

/** On a socket the status of what was refused stands in the error: 101 is the socket's own. */
function statusOf({ exchange, reading }: Seen): number {
  return (exchange.part && reading.error?.status) ?? exchange.response?.status ?? 0;
}

type Standing =
  "waiting" | "streaming" | "complete" | "client-gone" | "upstream-error" | "refused" | "interrupted";

function toneOf(seen: Seen): [tone: string, sign: Icon, words: Standing] {
  const { close } = seen.exchange;
  const state = stateOf(seen);
  if (close === null || state !== "done")
    return ["flying", state === "waiting" ? "wait" : "stream", state === "waiting" ? "waiting" : "streaming"];
  const has = (rule: string) => seen.reading.problems.some((problem) => problem.rule === rule);
  // Left behind the last event, or only tried what there is: neither is a fault.
  if (has("transfer/client-left")) return ["fine", "ok", close.ending];
  if (has("request/probe-failed")) return ["warned", "ok", "complete"];
  if (close.ending === "client-gone") return ["warned", "aborted", close.ending];
  if (close.ending === "interrupted") return ["warned", "cut", close.ending];
  if (close.ending !== "complete") return ["failed", "err", close.ending];
  return statusOf(seen) >= 400 ? ["failed", "err", "complete"] : ["fine", "ok", "complete"];
}

/** What is quicker came in one network read, so the measured time says nothing. */
const FASTEST = 10_000;

export function facts({ t, lang }: View, { exchange, reading }: Seen): Hole[] {
  const { timing, usage, cost } = reading;
  const fact = (
    name: string,
    value: string | Html | null,
    more: string | null = null,
    why: string | null = null,
  ) =>
    value !== null &&
    value !== "–" &&
    html`<div ${why !== null && html`title="${why}"`}>
      <dt>${name}</dt>
      <dd>${value}${more !== null && html` <small>${more}</small>`}</dd>
    </div>`;
  const closed = exchange.close?.socket;
  const bytesOut = (exchange.response?.pieces ?? []).reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  const cached = usage?.cached ? t("detail.cached", { n: count(usage.cached, lang) }) : null;
  return [
    fact(t("detail.model"), reading.model, reading.provider ?? exchange.upstream),
    fact(t("detail.api"), reading.dialect),
    fact("TTFT", ms(timing.ttft_ms), null, t("detail.ttft.why")),
    exchange.close
      ? fact(t("detail.total"), ms(timing.duration_ms))
      : html`<div>
          <dt>${t("detail.total")}</dt>
          <dd data-since="${exchange.at}">…</dd>
        </div>`,
    fact(t("detail.in"), usage?.input == null ? null : count(usage.input, lang), cached),
    fact(t("detail.out"), usage?.output == null ? null : count(usage.output, lang)),
    timing.tokens_per_s !== null &&
      timing.tokens_per_s < FASTEST &&
      fact(t("detail.speed"), `${timing.tokens_per_s.toFixed(0)} tok/s`),
    cost !== null && fact(t("detail.cost"), dollars(cost.total)),
    fact(t("detail.bytes"), size(bytesOut)),
    closed !== undefined &&
      fact(t("detail.closed"), `${closed.code} ${closed.reason}`, t(`detail.closed.${closed.from}`)),
  ];
}

/** Where it stands in its conversation, and the way to the turns beside it. */
/** Where it was recorded, as a team's store says it. */
export async function originOf({ t, sources }: View, id: string): Promise<Html | false> {
  const origin = (await sources.index.exchange(id))?.origin;
  if (origin === undefined) return false;
  const { recorder, user, host, project } = origin;
  const names = [recorder, user, host === recorder ? null : host, project].filter((name) => name !== null);
  return html`<div>
    <dt>${t("detail.origin")}</dt>
    <dd>${names.join(" · ")}</dd>
  </div>`;
}

export async function turns({ t, sources }: View, id: string): Promise<Html | false> {
  const conversation = (await sources.index.exchange(id))?.conversation ?? null;
  if (conversation === null) return false;
  const at = await sources.index.standing(id, { filter: filterOf({ conv: conversation }) });
  if (at === null || at.of < 2) return false;
  const way = (to: string | null, name: "prev" | "next") =>
    to !== null &&
    html`<a class="turn-link" href="/llm/${to}" data-do="turn" data-to="${to}" data-turn="${name}"
      >${t(`detail.turn.${name}`)}</a
    > `;
  return html`<div>
    <dt>${t("detail.turn")}</dt>
    <dd>${t("detail.turn.of", { n: at.n, m: at.of })} ${way(at.older, "prev")}${way(at.newer, "next")}</dd>
  </div>`;
}

/** Of a response that was made on a WebSocket: which of how many, and the way to the socket. */
export async function ofSocket({ t, sources }: View, { exchange: { part } }: Seen): Promise<Html | false> {
  if (!part) return false;
  const { socket, n } = part;
  const row = sources.inFlight().find(({ id }) => id === socket) ?? (await sources.index.exchange(socket));
  const words = row?.responses ? t("socket.part.of", { n, m: row.responses }) : t("socket.part.nth", { n });
  return html`<div>
    <dt>${t("socket.part")}</dt>
    <dd>
      ${row ? html`<a class="turn-link" href="/llm/${socket}" data-do="turn" data-to="${socket}">${words}</a>` : words}
    </dd>
  </div>`;
}

/** Where it is one of several attempts at the same step: which, and the way to the others. */
export async function attempts({ t, sources }: View, { exchange }: Seen): Promise<Html | false> {
  const { id } = exchange;
  const steps = await sources.index.stepsOf(id);
  const step = steps.find((it) => it.kind === "model" && it.attempts.some((one) => one.exchange === id));
  const known = step?.attempts ?? [];
  const all = known.length > 1 || !mayBeOneOfSeveral(exchange) ? known : await near(sources, id);
  if (all.length < 2) return false;
  const n = all.findIndex((one) => one.exchange === id);
  const way = (at: number) => {
    const other = all[at];
    return (
      other &&
      html`<a class="turn-link" href="/llm/${other.exchange}" data-do="turn" data-to="${other.exchange}"
        >${other.status ?? t("ending.upstream-error")}</a
      > `
    );
  };
  return html`<div title="${t("detail.attempt.why")}">
    <dt>${t("detail.attempt")}</dt>
    <dd>${t("detail.turn.of", { n: n + 1, m: all.length })} ${way(n - 1)}${way(n + 1)}</dd>
  </div>`;
}

/** It failed, or its client says that it tries again. */
function mayBeOneOfSeveral({ request, response, close }: Exchange): boolean {
  const tries = Number(header(request.headers, "x-stainless-retry-count") ?? 0);
  return tries > 0 || (response?.status ?? 0) >= 400 || (close !== null && close.ending !== "complete");
}

async function near(sources: View["sources"], id: string): Promise<readonly Attempt[]> {
  const row = await sources.index.exchange(id);
  return row ? askedAgain(sources, row) : [];
}

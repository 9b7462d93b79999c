/** What went wrong: said once, in the provider's words, with what to do about it. */
import { header, type Exchange } from "../fact/exchange.ts";
import { isObject } from "../read/json.ts";
import { ownAnswer } from "../read/own-answer.ts";
import type { ReadError } from "../read/reading.ts";
import { count } from "../shown/numbers.ts";
import { html, type Html } from "./html.ts";
import { saidIn } from "./two-sayings.ts";
import { icon } from "./icons.ts";
import type { Seen } from "./readings.ts";
import { named, namedFirst } from "./terms.ts";
import type { View } from "./view.ts";
import { warningIn } from "./warnings.ts";

export function trouble({ t, lang }: View, { exchange, reading, look }: Seen): Html | false {
  const { error } = reading;
  const own = ownAnswer(exchange);
  const said = exchange.close?.error ?? null;
  const advice = own ? OWN_ADVICE[own.why] : adviceFor(exchange);
  const wait = own ? null : waitOf(exchange);
  const gaps = exchange.gaps.map(({ from, lost, why }) => {
    const who = from === "stderr" ? from : t(`mcp.from.${from}`);
    const words = { from: who, n: count(lost, lang), why: warningIn(lang, why) };
    return lost < 0 ? t("detail.gap.unknown", words) : t("detail.gap", words);
  });
  if (said === null && error === null && advice === null && gaps.length === 0) return false;
  const isSaid = said !== null && (own !== null || error === null || !error.message.includes(said));
  return html`<div class="trouble">
    ${icon("warn")}
    <div>
      ${error && !own && html`<p><b>${kindOf(reading.dialect, error) ?? t("detail.error")}</b> ${codeOf(reading.dialect, error, look.glimpse.responseBody)} ${error.message}</p>`}${isSaid && html`<p>${saidIn(lang, said)}</p>`}${advice !== null && html`<p class="advice">${wait === null ? t(advice) : t("advice.wait", { n: wait })}</p>`}${gaps.map((gap) => html`<p>${gap}</p>`)}
    </div>
  </div>`;
}

/** The type by its entry; one that nobody has written down is explained by the status that it came with. */
function kindOf(dialect: string, { type, status }: ReadError): Html | null {
  if (type === null || type === "") return null;
  return namedFirst(dialect, [`error:${type}`, `error:${status}`], type);
}

/** What stands beside the type says the same more closely: `rate_limit_exceeded` of `tokens`. */
function codeOf(dialect: string, { type, status, message }: ReadError, body: unknown): Html | false {
  const inside = isObject(body) && isObject(body["error"]) ? body["error"] : {};
  const code = inside["code"];
  if (typeof code !== "string" || code === "" || code.length > LONGEST_CODE) return false;
  if (code === type || code === String(status) || message.includes(code)) return false;
  return html`<code>${named(dialect, `error:${code}`, code)}</code>`;
}

/** Longer is a sentence, and stands in the body. */
const LONGEST_CODE = 80;

/** The provider's own word for how long to wait, in seconds. RFC 9110 10.2.3: a number, or a date. */
function waitOf({ response, at }: Exchange): number | null {
  if (!response || response.status < 400) return null;
  const millis = Number(header(response.headers, "retry-after-ms") ?? Number.NaN);
  if (millis > 0) return Math.ceil(millis / 1000);
  const said = header(response.headers, "retry-after");
  if (said === undefined) return null;
  const seconds = /^\d+$/.test(said.trim()) ? Number(said) : (Date.parse(said) - at - response.ttfb) / 1000;
  return seconds > 0 ? Math.ceil(seconds) : null;
}

/** What to do where the answer is the proxy's own. */
const OWN_ADVICE = {
  "not-running": "advice.not-running",
  unreachable: "advice.unreachable",
  broken: "advice.broken",
  "unknown-upstream": "advice.upstream",
  refused: "advice.refused",
} as const;

function adviceFor({ close, response }: Exchange) {
  if (!close) return null;
  const status = response?.status ?? null;
  if (status === null && close.ending === "upstream-error") return "advice.broken";
  if (status === 401 || status === 403) return "advice.key";
  if (status === 404) return "advice.path";
  if (status === 429) return "advice.rate";
  return close.ending === "client-gone" ? "advice.gone" : null;
}

/**
 * Whether an answer is the proxy's own, and why it gave one. The wire says so in a header, the body in JSON
 * (`src/capture/refusal.ts`); an exchange of an upstream that sends the same header has another ending.
 */
import { firstBytes, header, type Exchange } from "../fact/exchange.ts";
import { decode } from "./frames/frame.ts";
import { object, parseJson, text } from "./json.ts";

export type OwnAnswer = {
  /**
   * `unreachable`: no connection could be made. `not-running`: and that is because nothing listens at the address.
   * `broken`: there was one, and nothing came over it that is an answer. `unknown-upstream`: the address names an
   * upstream that there is not. `refused`: the request was sent to nobody for another reason.
   */
  readonly why: "unreachable" | "not-running" | "broken" | "unknown-upstream" | "refused";
};

/** Errors of a connection that was there. */
const BROKEN = /^(?:ECONNRESET|EPIPE|EPROTO|ALPN|HTTP2)$/;

export function ownAnswer({ close, response }: Exchange): OwnAnswer | null {
  if (close?.ending === "refused")
    return { why: /\bno upstream is called\b/.test(close.error ?? "") ? "unknown-upstream" : "refused" };
  if (close?.ending !== "upstream-error" || !response) return null;
  if (header(response.headers, "x-proxy-error") === undefined) return null;
  const body = parseJson(decode(firstBytes(response.pieces, MOST_BYTES)));
  const error = object(object(body)["error"]);
  if (text(error["type"]) !== "proxy_error") return null;
  const cause = text(error["cause"]) ?? "";
  if (BROKEN.test(cause)) return { why: "broken" };
  return { why: cause === "ECONNREFUSED" ? "not-running" : "unreachable" };
}

/** Ours are some hundred bytes. */
const MOST_BYTES = 64 * 1024;

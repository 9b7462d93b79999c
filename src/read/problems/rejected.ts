/** What the API refused, and what that usually means. The wire's own words first. */
import { header, type Exchange } from "../../fact/exchange.ts";
import { ownAnswer } from "../own-answer.ts";
import { isProbe } from "../probe.ts";
import type { Problem, ReadError } from "../reading.ts";
import { waitOf } from "./wait.ts";
import { problem, type Rule } from "./rule.ts";

const STATUS = "https://www.rfc-editor.org/rfc/rfc9110#section-15";

export const rejected: readonly Rule[] = [refused];

function refused({ exchange, seen, reading: { error } }: Parameters<Rule>[0]): Problem[] {
  const status = exchange.response?.status ?? 0;
  // The proxy's own words are no refusal of an API: how the transfer ended says all.
  if (status < 400 || ownAnswer(exchange)) return [];
  const said = [error?.type, error?.message].filter(Boolean).join(": ");
  const words = withoutEnd(said);
  if (isProbe(exchange)) {
    const what = `${status}${words ? ` ${words}` : ""}. The client only tried what there is`;
    return [problem("note", "request/probe-failed", "request", what, STATUS)];
  }
  if (isSignatureRefused(exchange, said)) {
    const what = `${status}. ${SIGNED} AWS says: ${words || "nothing"}`;
    return [problem("error", "request/rejected", "request", what, SIGV4)];
  }
  const wait = waitOf(exchange, error, seen.message);
  const what = `${status}${words ? ` ${words}` : ""}. ${meaning(status, error)}${wait === null ? "" : ` ${wait}`}`;
  return [problem("error", "request/rejected", "request", what, STATUS)];
}

/** Full stops and spaces go, from the end: an expression would look for it anew from each of them. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && /[.\s]/.test(text[end - 1] ?? "")) end--;
  return text.slice(0, end);
}

const SIGV4 = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html";
const SIGNED =
  "The request is signed by SigV4 over the Host that it was sent to, this proxy, and AWS sees another Host: such a signature cannot survive a proxy. What works: a Bedrock API key (AWS_BEARER_TOKEN_BEDROCK), which signs nothing, or intercepting HTTPS, where the Host stays AWS's own.";

/** Only a signature that was refused as such: an expired or unknown key is another matter. */
function isSignatureRefused({ request, path, response }: Exchange, said: string): boolean {
  const signed =
    /^AWS4-/i.test(header(request.headers, "authorization") ?? "") || /[?&]X-Amz-Signature=/i.test(path);
  const named = header(response?.headers ?? [], "x-amzn-errortype") ?? "";
  return (
    signed &&
    /signature.{0,12}(does ?n.t match|not ?match)|(invalid|incomplete)signature|signature we calculated/i.test(
      `${named} ${said}`,
    )
  );
}

/** By the words of the error where they are well known, else by the status. */
export function meaning(status: number, error: ReadError | null): string {
  const words = `${error?.type ?? ""} ${error?.message ?? ""}`.toLowerCase();
  for (const [pattern, sentence] of WORDS) if (pattern.test(words)) return sentence;
  return (
    STATUSES[status] ??
    (status >= 500 ? "The API failed; the request may be right. Try again." : "The API refused the request.")
  );
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [
    /insufficient_quota|exceeded your current quota|credit balance|insufficient (balance|credits)|billing/,
    "The account has no credit left; waiting does not help.",
  ],
  [
    /context.?length|context window|too many (prompt_)?tokens|too_many_prompt_tokens|prompt is too long|maximum context|total length of all messages|maximum number of tokens/,
    "The messages together are longer than the model can read: shorten or summarise them.",
  ],
  [
    /model.{0,60}(not exist|not found|not_found)|deploymentnotfound|unknown model|no endpoints found/,
    "The model's name (or the deployment) is wrong, or this key may not use it.",
  ],
  [
    /did not call a tool|tool call validation failed|failed to call a function/,
    "The model's call did not fit the tools of the request. Trying again often helps; simpler schemas too.",
  ],
  [
    /no tool output|tool_call_id|tool_use.{0,40}without|tool_result.{0,60}(no|without|corresponding)|must be followed by tool messages/,
    "Every tool call in the history needs its result right after it, and every result its call.",
  ],
  [
    /unsupported.{0,12}(parameter|value)|unrecognized request argument|unknown (parameter|name|field)|extra inputs|(not|n't) support/,
    "This model or API does not know a parameter that was sent.",
  ],
  [
    /expired|invalid.{0,12}(api.?key|token|signature)|incorrect api key|no auth|missing auth|unauthori[sz]ed|authentication/,
    "The credentials are missing, wrong or expired. Look at the key and at the upstream that it belongs to.",
  ],
  [/overloaded/, "The API has too much to do at the moment. Wait and try again."],
  [
    /rate.?limit|too many requests/,
    "Too many requests or tokens in a short time. Wait as long as retry-after says.",
  ],
  [/content.?(filter|policy|management)|safety|moderation/, "A content filter refused the request."],
];

const STATUSES: Readonly<Record<number, string>> = {
  400: "The request has the wrong form: a field is missing, unknown or has a wrong value.",
  401: "The credentials are missing, wrong or expired. Look at the key and at the upstream that it belongs to.",
  402: "The account has no credit left.",
  403: "The key is known but may not do this (model, region, project or content).",
  404: "The path or the model does not exist at this upstream.",
  405: "The path exists, but not for this method.",
  408: "The API waited too long for the request.",
  409: "The request contradicts the state of the resource.",
  413: "The request's body is larger than the API accepts.",
  415: "The content-type of the request is not one that the API reads.",
  422: "The JSON is right but its content is not: a field has a wrong type or value.",
  429: "Too many requests or tokens in a short time, or no quota left. Look at retry-after and the rate limit headers.",
  500: "The API failed; the request may be right. Try again.",
  502: "A gateway in front of the API got no right answer. Try again.",
  503: "The API is not available or overloaded. Try again later.",
  504: "A gateway in front of the API waited too long.",
  529: "The API is overloaded. Wait and try again.",
};

/** Whether a request is let in, and as whose: by its connection, the name it was sent to, and the token. */
import type { Header } from "../fact/fact.ts";
import { isTrusted, type Standing } from "../door/sender.ts";
import { isToken, type Brake } from "../door/token.ts";
import type { Admission } from "./head-facts.ts";
import { isLocalName, namesUs } from "./headers.ts";
import { isCalled, type RequestHead } from "./http1/head.ts";
import { refusal, type Refusal } from "./refusal.ts";
import type { Request } from "./request.ts";
import { isFromBrowser, isFromPage } from "./web-page.ts";

export type Sender = { readonly address: string; readonly standing: Standing };

export type AdmissionRules = {
  /** True for the names under which this proxy may be reached. */
  readonly isOwnHost: (host: string) => boolean;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly token: string | null;
  /** The user gave the token: who cannot be told from other users has to say it. */
  readonly tokenIsGiven: boolean;
  readonly brake: Brake;
};

/** Without our token in its head. */
export type Admitted = Request & Admission;

/** `sender`: the same one for all requests with these facts. */
export function admit(request: Request, sender: Sender, rules: AdmissionRules): Admitted | Refusal {
  const { facts, framing, path, token } = request;
  const before = facts.admitted;
  if (before !== null && token === null) {
    const head = before.from === request.head ? before.head : tokenLess(request.head, rules.token);
    return { ...before.admission, head, framing, path, token, facts };
  }
  const admission = admissionOf(request, sender, rules);
  if ("status" in admission) return admission;
  const head = tokenLess(request.head, rules.token);
  facts.admitted = { admission, head, from: request.head };
  return { ...admission, head, framing, path, token, facts };
}

function admissionOf(request: Request, sender: Sender, rules: AdmissionRules): Admission | Refusal {
  const { token, tokenIsGiven } = rules;
  const { standing } = sender;
  const isKnown = isTrusted(standing) && !(standing === "this-machine" && tokenIsGiven && token !== null);
  const { headers } = request.head;
  const signedIn = isKnown ? "not" : signIn(request, sender, rules);
  if (signedIn === "wrong") return refusal(401, "that is not this proxy's token");
  if (signedIn === "too many guesses") return refusal(429, TOO_MANY);
  // Who knows the token is no page that has made a name of its own mean this machine.
  const isNamed = (host: string) => rules.isOwnHost(host) || (isLocalName(host) && !isFromBrowser(headers));
  if (signedIn !== "right" && !namesUs(headers, isNamed)) return refusal(403, NOT_OUR_NAME);
  if (signedIn !== "right" && standing === "other-user") return refusal(403, OTHER_USER);
  if (signedIn !== "right" && standing === "this-machine" && !isKnown) return refusal(401, ASKS_FOR_TOKEN);
  return {
    isTrusted: isKnown || signedIn === "right",
    isFromPage: isFromPage(headers, rules.allowedOrigins),
    namesUs: signedIn === "right" || namesUs(headers, rules.isOwnHost),
    isSignedIn: signedIn === "right",
  };
}

type SignedIn = "not" | "right" | "wrong" | "too many guesses";

/**
 * Said to us, in the path or in the header for proxies; or where a client keeps its key, which takes no guess: there
 * what is no token is a key.
 */
function signIn(
  { head, token: said }: Request,
  { address }: Sender,
  { token, brake }: AdmissionRules,
): SignedIn {
  if (token === null) return "not";
  if (said === null) {
    const isSaid = token.length >= UNGUESSABLE && head.headers.some((header) => saysToken(header, token));
    return isSaid ? "right" : "not";
  }
  if (!brake.mayTry(address)) return "too many guesses";
  if (isToken(said, token)) return "right";
  brake.wrong(address, said);
  return "wrong";
}

/** The letters of a made-up one are 32; whoever tries this many has tried long enough. */
const UNGUESSABLE = 20;

const KEYS = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];

function saysToken([name, value]: Header, token: string): boolean {
  return (
    value.length >= token.length &&
    KEYS.some((key) => isCalled(name, key)) &&
    isToken(value.replace(/^Bearer +/i, ""), token)
  );
}

/** Ours is nobody else's business: where a client keeps its key, it is taken for none. */
function tokenLess(head: RequestHead, token: string | null): RequestHead {
  if (token === null || token.length < UNGUESSABLE) return head;
  if (!head.headers.some((header) => saysToken(header, token))) return head;
  return { ...head, headers: head.headers.filter((header) => !saysToken(header, token)) };
}

/** Why somebody who is not trusted does not get there. */
export function notForStrangers(what: "an MCP server" | "a server of this machine"): Refusal {
  return refusal(
    403,
    `this request comes from another machine, and what it asks for is ${what}: ${HOW_TO_SIGN_IN}`,
  );
}

const HOW_TO_SIGN_IN =
  "say the token that the terminal printed (Proxy-Authorization: Bearer TOKEN, or /@token:TOKEN in front of the path), or start the proxy with --allow-remote";
export const NOT_OUR_NAME =
  "the Host of this request is not a name of this machine, so a web page may be behind it; --allow-host adds a name";
const OTHER_USER = `this proxy belongs to another user of this machine: ${HOW_TO_SIGN_IN}`;
const ASKS_FOR_TOKEN = `this proxy was started with a token: ${HOW_TO_SIGN_IN}`;
const TOO_MANY = "too many wrong tokens came from this address; try again in some seconds";

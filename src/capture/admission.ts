/** Whether a request is let in, and as whose: by its connection, the name it was sent to, and the token. */
import type { Header } from "../fact/fact.ts";
import { isTrusted, type Standing } from "../door/sender.ts";
import { isToken, type Brake } from "../door/token.ts";
import { isLocalName, namesUs } from "./headers.ts";
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

/**
 * `isTrusted`: may spend our keys and reach servers of this machine. `isFromPage`: a web page may be behind it.
 * `namesUs`: it was sent to a name that is this machine's for certain.
 */
export type Admitted = Request & {
  readonly isTrusted: boolean;
  readonly isFromPage: boolean;
  readonly namesUs: boolean;
  /** It said the token: then it matters to which name it was sent as little as from where. */
  readonly isSignedIn: boolean;
};

export function admit(request: Request, sender: Sender, rules: AdmissionRules): Admitted | Refusal {
  const { token, tokenIsGiven } = rules;
  const { standing } = sender;
  const isKnown = isTrusted(standing) && !(standing === "this-machine" && tokenIsGiven && token !== null);
  const { head, framing, path } = request;
  const { headers } = head;
  const signedIn = isKnown ? "not" : signIn(request, sender, rules);
  if (signedIn === "wrong") return refusal(401, "that is not this proxy's token");
  if (signedIn === "too many guesses") return refusal(429, TOO_MANY);
  // Who knows the token is no page that has made a name of its own mean this machine.
  const isNamed = (host: string) => rules.isOwnHost(host) || (isLocalName(host) && !isFromBrowser(headers));
  if (signedIn !== "right" && !namesUs(headers, isNamed)) return refusal(403, NOT_OUR_NAME);
  if (signedIn !== "right" && standing === "other-user") return refusal(403, OTHER_USER);
  if (signedIn !== "right" && standing === "this-machine" && !isKnown) return refusal(401, ASKS_FOR_TOKEN);
  const left = ownTokenLess(headers, token);
  return {
    head: left === headers ? head : { ...head, headers: left },
    framing,
    path,
    token: request.token,
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

const KEYS = new Set(["authorization", "x-api-key", "api-key", "x-goog-api-key"]);

function saysToken([name, value]: Header, token: string): boolean {
  return KEYS.has(name.toLowerCase()) && isToken(value.replace(/^Bearer +/i, ""), token);
}

/** Ours is nobody else's business: where a client keeps its key, it is taken for none. */
function ownTokenLess(headers: Header[], token: string | null): Header[] {
  if (token === null || token.length < UNGUESSABLE) return headers;
  if (!headers.some((header) => saysToken(header, token))) return headers;
  return headers.filter((header) => !saysToken(header, token));
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

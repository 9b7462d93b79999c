/**
 * What follows from a request's head, whatever the length of its body: worked out when it is first asked for, and kept,
 * since the next request of a connection nearly always has the same head.
 */
import { asksUpgrade } from "./headers.ts";
import { keepsOpen, tokens, type RequestHead } from "./http1/head.ts";
import { isMcpByHead } from "./mcp/astray.ts";
import type { Refusal } from "./refusal.ts";
import { splitPath, type Route, type Split, type Upstream } from "./upstreams.ts";
import { isNavigation } from "./web-page.ts";

/**
 * `isTrusted`: may spend our keys and reach servers of this machine. `isFromPage`: a web page may be behind it.
 * `namesUs`: it was sent to a name that is this machine's for certain.
 */
export type Admission = {
  readonly isTrusted: boolean;
  readonly isFromPage: boolean;
  readonly namesUs: boolean;
  /** It said the token: then it matters to which name it was sent as little as from where. */
  readonly isSignedIn: boolean;
};

export class HeadFacts {
  readonly #head: RequestHead;
  readonly #path: string;
  #split: Split | undefined;
  #isMcp: boolean | undefined;
  #isWebSocket: boolean | undefined;
  #isNavigation: boolean | undefined;
  #keepsOpen: boolean | undefined;
  /** As whose it was let in, and its head without our token. Null until it was. */
  admitted: { readonly admission: Admission; readonly head: RequestHead; readonly from: RequestHead } | null =
    null;
  /** Where it goes when this upstream is asked. */
  routed: { readonly upstream: Upstream; readonly found: Route | Refusal } | null = null;
  /** What was said upstream for it. */
  sent: {
    readonly head: RequestHead;
    readonly route: Route;
    readonly addKey: boolean;
    readonly bytes: Buffer;
  } | null = null;

  constructor(head: RequestHead, path: string) {
    this.#head = head;
    this.#path = path;
  }

  get split(): Split {
    return (this.#split ??= splitPath(this.#path));
  }

  /** Where it names no relay. */
  get isMcp(): boolean {
    return (this.#isMcp ??= isMcpByHead(this.#head, this.split.rest));
  }

  get isWebSocket(): boolean {
    const { headers } = this.#head;
    return (this.#isWebSocket ??= asksUpgrade(headers) && tokens(headers, "upgrade").includes("websocket"));
  }

  get isNavigation(): boolean {
    return (this.#isNavigation ??= isNavigation(this.#head));
  }

  /** The connection stays open behind it. */
  get keepsOpen(): boolean {
    return (this.#keepsOpen ??= keepsOpen(this.#head));
  }
}

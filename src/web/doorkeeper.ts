/** Who is let in to the page: whoever says its token, and where it has none, this machine's own user. */
import { isTrusted, type Standing } from "../door/sender.ts";
import { Brake, isToken } from "../door/token.ts";
import { cookie, saidTokens, tokenCookie } from "./guard.ts";
import { closedPage, signInPage } from "./sign-in.ts";

/** `standing`: null where the program that serves the page does not ask. */
export type Visitor = { readonly address: string; readonly standing: Standing | null };

/** Undefined lets the request in. A visit with the token in its address keeps it as a cookie instead. */
export type Doorkeeper = (request: Request, visitor: Visitor) => Response | undefined;

export function createDoorkeeper(token: string | null, brake = new Brake()): Doorkeeper {
  /** Who has signed in is not slowed by somebody who guesses at the same address (behind one gateway, say). */
  const known = new Set<string>();

  function letIn(url: URL): Response {
    const name = crypto.randomUUID();
    known.add(name);
    const [oldest] = known;
    if (known.size > MOST_BROWSERS && oldest !== undefined) known.delete(oldest);
    url.searchParams.delete("token");
    // Two slashes would begin another host's name.
    const headers = new Headers({ location: `/${url.pathname.replace(/^[/\\]+/, "")}${url.search}` });
    headers.append("set-cookie", tokenCookie(TOKEN_COOKIE, token ?? ""));
    headers.append("set-cookie", tokenCookie(VISITOR_COOKIE, name));
    return new Response(null, { status: 303, headers });
  }

  return (request, { address, standing }) => {
    const url = new URL(request.url);
    // Ours and public anyway: the page that asks for the token needs its looks.
    if (url.pathname === "/healthz" || url.pathname.startsWith("/public/")) return undefined;
    const isPage = request.headers.get("accept")?.includes("text/html") ?? false;
    if (token === null) {
      if (standing === null || isTrusted(standing)) return undefined;
      return isPage ? closedPage(request, "closed", 403) : sentence(403, CLOSED);
    }
    const isKnown = known.has(cookie(request, VISITOR_COOKIE) ?? "");
    if (!isKnown && !brake.mayTry(address))
      return isPage ? closedPage(request, "slow", 429) : sentence(429, SLOW);
    const said = saidTokens(request, TOKEN_COOKIE);
    if (!said.some((it) => isToken(it, token))) {
      if (said.length > 0 && !isKnown) brake.wrong(address, said.join("\n"));
      return isPage ? signInPage(request) : sentence(401, ASKS);
    }
    const isVisit = request.method === "GET" && !url.pathname.startsWith("/api/") && url.pathname !== "/ws";
    return isVisit && url.searchParams.has("token") ? letIn(url) : undefined;
  };
}

/** Both are kept from upstreams by what their names begin with (`src/capture/headers.ts`). */
const TOKEN_COOKIE = "mcp-proxy-logger-token";
const VISITOR_COOKIE = "mcp-proxy-logger-visitor";

/** Browsers of one person, many times over. */
const MOST_BROWSERS = 1000;

const ASKS = "this page asks for its token: add ?token=… as the terminal printed it";
const SLOW = "too many wrong tokens came from this address; try again in some seconds";
const CLOSED =
  "this page belongs to another user or another machine; whoever started it lets others in with --token or --allow-remote";

function sentence(status: number, error: string): Response {
  return Response.json({ error }, { status });
}

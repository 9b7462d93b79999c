/**
 * Who may ask. A page of another origin can reach a port of this machine, by its own name (DNS rebinding: `Host`) or
 * by ours (`Origin`, `Sec-Fetch-Site`). Both are checked on every request, the socket's upgrade included.
 */

export type Rules = {
  readonly token: string | null;
  readonly allowedHosts: readonly string[];
  /** Other machines are let in, which say one of this machine's addresses. */
  readonly isOpen?: boolean;
};
export type Refusal = { readonly status: 400 | 401 | 403 | 421; readonly error: string };

/** No inline script or style anywhere, nothing from elsewhere. What htmx needs of it was measured: nothing unsafe. */
export const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src blob:; connect-src 'self'; " +
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** Null when the request may pass. */
export function refusal(request: Request, rules: Rules): Refusal | null {
  const host = request.headers.get("host");
  const name = host === null ? null : nameOf(host);
  if (host === null || name === null) return { status: 400, error: "this request has no usable Host header" };
  if (!isOurs(name, rules)) {
    return {
      status: 421,
      error: `the page does not answer to the host "${name}"; open it as localhost or allow that name`,
    };
  }
  const origin = request.headers.get("origin");
  if (origin !== null && !isSame(origin, host)) {
    return { status: 403, error: `a page of another origin (${origin}) may not ask this page` };
  }
  // Another port of this machine is another origin, and the same site: a browser's `same-site` is no better than others.
  const site = request.headers.get("sec-fetch-site") ?? "none";
  if (site !== "same-origin" && site !== "none" && !isVisit(request)) {
    return { status: 403, error: "a page of another origin may not load parts of this page" };
  }
  return null;
}

/** A link on another site may open the page; it may not embed it, post to it or fetch from it. */
function isVisit({ method, headers }: Request): boolean {
  return (
    method === "GET" &&
    headers.get("sec-fetch-mode") === "navigate" &&
    headers.get("sec-fetch-dest") === "document"
  );
}

function isOurs(name: string, { token, allowedHosts, isOpen = false }: Rules): boolean {
  if (LOOPBACK.has(name) || allowedHosts.some((host) => host.toLowerCase() === name)) return true;
  // An address cannot be rebound to another one: beyond loopback any is right.
  return (token !== null || isOpen) && (/^[\d.]+$/.test(name) || name.startsWith("["));
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

function nameOf(host: string): string | null {
  if (!/^[\w.:[\]-]+$/.test(host)) return null;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : null;
}

function isSame(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: said } = new URL(origin);
  if (protocol !== "http:" && protocol !== "https:") return false;
  return said === new URL(`${protocol}//${host}`).host;
}

/** The token as the browser keeps it, or as a program sends it (`Authorization: Bearer`, or `?token=`). */
export function saidTokens(request: Request, cookieName: string): string[] {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const query = new URL(request.url).searchParams.get("token");
  return [bearer, cookie(request, cookieName), query].filter((it) => typeof it === "string");
}

export function tokenCookie(name: string, value: string): string {
  return `${name}=${encodeURIComponent(value)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000`;
}

export function cookie(request: Request, name: string): string | null {
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const [key, ...value] = pair.split("=");
    if (key?.trim() === name) return decoded(value.join("=").trim());
  }
  return null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not encoded by us: as it came
  }
}

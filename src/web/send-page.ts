/** A page or a fragment as an answer; a language that the address names is remembered. */
import { type Html, render } from "./html.ts";
import { LANG_COOKIE } from "./language.ts";

export function sendPage(request: Request, page: Html, status: number): Response {
  const headers = new Headers({
    "content-type": "text/html; charset=utf-8",
    vary: "HX-Request, Cookie, Accept-Language",
  });
  const chosen = new URL(request.url).searchParams.get("lang");
  if (chosen === "en" || chosen === "zh")
    headers.set("set-cookie", `${LANG_COOKIE}=${chosen}; Path=/; SameSite=Strict; Max-Age=31536000`);
  return new Response(render(page), { status, headers });
}

/** The page of a visitor who is not let in: it asks for the token, or says why not. Shows nothing that was recorded. */
import { html, render, type Html } from "./html.ts";
import { styleLinks } from "./styles.ts";
import { languageOf, translator } from "./language.ts";

/** Sent with 401. */
export function signInPage(request: Request): Response {
  const t = translator(languageOf(request));
  const wrong = new URL(request.url).searchParams.has("token");
  const form = html`<h1>${t("door.title")}</h1>
    <p>${t("door.why")}</p>
    <form method="get">
      <input
        type="password"
        name="token"
        required
        autocomplete="current-password"
        aria-label="${t("door.token")}"
      />
      <button class="button primary">${t("door.open")}</button>
    </form>
    ${wrong && html`<p class="bad" role="alert">${t("door.wrong")}</p>`}`;
  return doorPage(request, form, 401);
}

/** Where there is nothing to type. */
export function closedPage(request: Request, why: "closed" | "slow", status: number): Response {
  const t = translator(languageOf(request));
  return doorPage(
    request,
    html`<h1>${t(`door.${why}.title`)}</h1>
      <p>${t(`door.${why}.why`)}</p>`,
    status,
  );
}

function doorPage(request: Request, content: Html, status: number): Response {
  const page = html`<!doctype html>
    <html lang="${languageOf(request) === "zh" ? "zh-CN" : "en"}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>MCP Proxy Logger</title>
        <script src="/public/theme.js"></script>
        ${styleLinks(["base", "bars", "welcome"])}
        <link rel="icon" type="image/svg+xml" href="/public/icon.svg" />
      </head>
      <body>
        <main class="door">${content}</main>
      </body>
    </html>`;
  return new Response(render(page), { status, headers: { "content-type": "text/html; charset=utf-8" } });
}

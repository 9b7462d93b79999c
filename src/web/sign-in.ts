/** The page of a visitor who did not say the token: it asks for it. Sent with 401, without anything recorded. */
import { html, render } from "./html.ts";
import { styleLinks } from "./styles.ts";
import { languageOf, translator } from "./language.ts";

export function signInPage(request: Request): Response {
  const lang = languageOf(request);
  const t = translator(lang);
  const wrong = new URL(request.url).searchParams.has("token");
  const page = html`<!doctype html>
    <html lang="${lang === "zh" ? "zh-CN" : "en"}">
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
        <main class="door">
          <h1>${t("door.title")}</h1>
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
          ${wrong && html`<p class="bad" role="alert">${t("door.wrong")}</p>`}
        </main>
      </body>
    </html>`;
  return new Response(render(page), { status: 401, headers: { "content-type": "text/html; charset=utf-8" } });
}

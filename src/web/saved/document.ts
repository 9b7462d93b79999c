/**
 * What the page shows as one HTML file that needs nothing else: styles inside, no script, no address of ours. For a bug
 * report, a colleague, a printer. Everything is unfolded, and what only a click could do is taken out.
 */
import { html, render, type Html } from "../html.ts";
import { icon, sprite } from "../icons.ts";
import { SHEETS, stylesText } from "../styles.ts";
import type { View } from "../view.ts";

/** Nothing of it may be fetched or run, wherever the file is opened. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

export function savedDocument({ lang, sources, t }: View, title: string, main: Html): string {
  const from = `MCP Proxy Logger ${sources.about.version}`;
  const page = html`<!doctype html>
    <html lang="${lang === "zh" ? "zh-CN" : "en"}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="content-security-policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="${from}" />
        <title>${title}</title>
        <style data-styles></style>
      </head>
      <body class="saved">
        ${sprite()}
        <main>${main}</main>
        <footer>${t("saved.by", { by: from, at: new Date().toISOString() })}</footer>
      </body>
    </html>`;
  return still(render(page), stylesText([...SHEETS, "saved"]));
}

/** The styles are ours, and the one thing that goes in as it is. */
function still(page: string, styles: string): string {
  return new HTMLRewriter()
    .on("style[data-styles]", {
      element(it) {
        it.removeAttribute("data-styles");
        it.setInnerContent(styles.replaceAll("</", "<\\/"), { html: true });
      },
    })
    .on("script, link, button, input, select, textarea, canvas, details.popup, .raw-do, a.button", {
      element: (it) => void it.remove(),
    })
    .on("details", { element: (it) => void it.setAttribute("open", "") })
    .on("[href^='/'], [hx-get], [data-island], [data-do]", {
      element(it) {
        for (const name of ["href", "hx-get", "hx-target", "hx-swap", "data-island", "data-do"])
          it.removeAttribute(name);
      },
    })
    .transform(page);
}

/** The way to the file of what is open. */
export function saveLink({ t }: View, address: string): Html {
  return html`<a
    class="button quiet"
    href="${address}/save"
    download
    title="${t("saved.do")}: ${t("saved.why")}"
    aria-label="${t("saved.do")}"
    >${icon("save")}</a
  >`;
}

/** `what`: letters of our own; an id may hold a colon, which no file of Windows may. */
export function attachment(page: string, what: string, id: string): Response {
  const name = `${what}-${id.replaceAll(/[^\w.-]/g, "_")}.html`;
  return new Response(page, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-disposition": `attachment; filename="${name}"`,
      "content-security-policy": `${POLICY}; sandbox`,
    },
  });
}

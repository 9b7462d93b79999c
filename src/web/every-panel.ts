/**
 * For who works on the page: `/-/panels` draws every panel on every recording that the tests read, so that a change is
 * looked at where it matters. There in a checkout only: what is installed has no recordings.
 */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { replayed } from "../read/recording.ts";
import { drawnSoon } from "./drawn.ts";
import { html, render, type Html } from "./html.ts";
import { sprite } from "./icons.ts";
import { panels } from "./panels.ts";
import { seenOf, type Seen } from "./readings.ts";
import { styleLinks } from "./styles.ts";
import type { View } from "./view.ts";

const RECORDINGS = join(import.meta.dir, "../read/fixtures");

/** All dialects, or every recording of one. */
export async function everyPanel(view: View, dialect: string | null): Promise<Response> {
  if (!existsSync(RECORDINGS))
    return Response.json({ error: "there is nothing at this address" }, { status: 404 });
  return dialect === null
    ? page(view, "/-/panels", await dialects())
    : page(view, dialect, await everyRecording(view, dialect));
}

async function names(folder: string): Promise<string[]> {
  const found = await readdir(folder).catch(() => []);
  return found.filter((name) => name !== "mcp" && !name.endsWith(".reading.json")).toSorted();
}

async function dialects(): Promise<Html> {
  const all = await Promise.all(
    (await names(RECORDINGS)).map(
      async (name) => [name, (await names(join(RECORDINGS, name))).length] as const,
    ),
  );
  return html`<ul>
    ${all.map(([name, n]) => html`<li><a href="/-/panels/${name}">${name}</a> ${n}</li>`)}
  </ul>`;
}

async function everyRecording(view: View, dialect: string): Promise<Html> {
  const folder = join(RECORDINGS, dialect);
  const all = [];
  for (const name of await names(folder)) all.push(await recording(view, name, join(folder, name)));
  return html`<p><a href="/-/panels">/-/panels</a></p>
    ${all}`;
}

async function recording(view: View, name: string, path: string): Promise<Html> {
  const seen = seenOf(replayed(await Bun.file(path).json()));
  const shown = panels.filter((panel) => panel.shows(seen));
  const drawn = [];
  for (const panel of shown)
    drawn.push(await one({ ...view, see: () => Promise.resolve(seen) }, seen, panel));
  return html`<section class="kept">
    <h2>${name}</h2>
    ${drawn}
  </section>`;
}

async function one(view: View, seen: Seen, panel: (typeof panels)[number]): Promise<Html> {
  return html`<h3>${view.t(panel.title)}</h3>
    <div class="panel panel-${panel.name}">${await drawnSoon(view, () => panel.draw(view, seen, ""))}</div>`;
}

function page({ lang }: View, title: string, main: Html): Response {
  const all = html`<!doctype html>
    <html lang="${lang === "zh" ? "zh-CN" : "en"}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        ${styleLinks()}
        <link rel="stylesheet" href="/public/styles/saved.css" />
      </head>
      <body class="saved">
        ${sprite()}
        <main>
          <h1>${title}</h1>
          ${main}
        </main>
      </body>
    </html>`;
  return new Response(render(all), { headers: { "content-type": "text/html; charset=utf-8" } });
}

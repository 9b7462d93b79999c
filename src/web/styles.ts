/** The style sheets of the page, one for each thing that it shows; the order decides between rules of equal weight. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Elysia } from "elysia";
import { html, type Html } from "./html.ts";
import { answerWith, keptText, type KeptText } from "./kept-text.ts";

export const SHEETS = [
  "base",
  "bars",
  "filter",
  "panes",
  "list",
  "overview",
  "groups",
  "socket",
  "detail",
  "conversation",
  "calls",
  "markdown",
  "context",
  "sheet",
  "timeline",
  "raw",
  "mcp",
  "sequence",
  "message",
  "run",
  "run-step",
  "run-tools",
  "hosts",
  "compare",
  "learn",
  "lesson",
  "lesson-frames",
  "welcome",
  "tour",
  "floating",
  "palette",
  "keeping",
  "narrow",
  "touch",
] as const;

export type Sheet = (typeof SHEETS)[number];

/** All of them, in one file: so many requests would be felt before anything is drawn. Or these alone. */
export function styleLinks(wanted?: readonly Sheet[]): Html[] {
  const names = wanted ?? ["all"];
  return names.map((name) => html`<link rel="stylesheet" href="/public/styles/${name}.css" />`);
}

const FOLDER = join(import.meta.dir, "../../public/styles");

export function stylesText(names: readonly string[]): string {
  return names.map((name) => readFileSync(join(FOLDER, `${name}.css`), "utf8")).join("\n");
}

/** Read when it is first asked for. */
export function allStyles() {
  let kept: KeptText | null = null;
  return new Elysia({ detail: { hide: true } }).get("/public/styles/all.css", ({ request }) => {
    kept ??= keptText(stylesText(SHEETS), "text/css; charset=utf-8");
    return answerWith(kept, request);
  });
}

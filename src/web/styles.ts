/** The style sheets of the page, one for each thing that it shows; the order decides between rules of equal weight. */
import { html, type Html } from "./html.ts";

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
  "run",
  "hosts",
  "learn",
  "lesson",
  "welcome",
  "tour",
  "floating",
  "palette",
  "narrow",
  "touch",
] as const;

export type Sheet = (typeof SHEETS)[number];

/** All of them, or these alone. */
export function styleLinks(wanted: readonly Sheet[] = SHEETS): Html[] {
  return wanted.map((name) => html`<link rel="stylesheet" href="/public/styles/${name}.css" />`);
}

/** One sprite, 16 px, `currentColor`. Drawn, not typed: rare signs are empty boxes where a font lacks them. */
import { html, type Html } from "./html.ts";

export type Icon = keyof typeof ICONS;

export const ICONS = {
  logo: html`<path d="M2 4h12M2 8h7M2 12h12" /><circle
      cx="12.5"
      cy="8"
      r="1.8"
      fill="currentColor"
      stroke="none"
    />`,
  chart: html`<path d="M2.5 13.5h11M4 11V8M7 11V4M10 11V6M13 11V9" />`,
  command: html`<path
    d="M6 6H4.5A1.5 1.5 0 1 1 6 4.5zM6 6h4M6 6v4M10 6V4.5A1.5 1.5 0 1 1 11.5 6zM10 6v4M10 10h1.5a1.5 1.5 0 1 1-1.5 1.5zM10 10H6M6 10v1.5A1.5 1.5 0 1 1 4.5 10z"
  />`,
  wait: html`<circle cx="8" cy="8" r="5.5" /><path d="M8 5v3.2l2 1.3" />`,
  stream: html`<circle cx="8" cy="8" r="5.5" /><circle
      cx="8"
      cy="8"
      r="2.2"
      fill="currentColor"
      stroke="none"
    />`,
  ok: html`<path d="m3.5 8.5 3 3 6-7" />`,
  err: html`<path d="m4 4 8 8M12 4l-8 8" />`,
  tool: html`<path
    d="M9.7 6.3a3 3 0 0 1 3.9-3.9l-1.9 1.9v1.4h1.4l1.9-1.9a3 3 0 0 1-3.9 3.9L6 12.8a1.5 1.5 0 0 1-2.1-2.1z"
    transform="translate(-1 .2)"
  />`,
  aborted: html`<circle cx="8" cy="8" r="5.5" /><path d="m4.2 4.2 7.6 7.6" />`,
  cut: html`<path d="M9 2 4 9h3.5L7 14l5-7H8.5z" />`,
  warn: html`<path d="M8 2.5 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.2" />`,
  note: html`<circle cx="8" cy="8" r="5.8" /><path d="M8 7.4v3.6M8 4.9v.2" />`,
  learn: html`<path d="M1.5 6 8 3l6.5 3L8 9zM4.5 7.6v3.2c1.8 1.6 5.2 1.6 7 0V7.6M14.5 6v4" />`,
  flag: html`<path d="M4 14V2.5h7.5L9.8 5.5l1.7 3H4" />`,
  search: html`<circle cx="7" cy="7" r="4.2" /><path d="m10.2 10.2 3.6 3.6" />`,
  funnel: html`<path d="M2.5 3.5h11L9.5 8.5v4l-3 1.2V8.5z" />`,
  system: html`<circle cx="8" cy="8" r="5.5" /><path
      d="M8 2.5v11a5.5 5.5 0 0 0 0-11z"
      fill="currentColor"
    />`,
  light: html`<circle cx="8" cy="8" r="2.8" /><path
      d="M8 1.5v1.7M8 12.8v1.7M1.5 8h1.7M12.8 8h1.7M3.4 3.4l1.2 1.2M11.4 11.4l1.2 1.2M3.4 12.6l1.2-1.2M11.4 4.6l1.2-1.2"
    />`,
  dark: html`<path d="M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1z" />`,
  help: html`<circle cx="8" cy="8" r="6" /><path
      d="M6.2 6.3a1.9 1.9 0 1 1 2.6 1.8c-.6.2-.8.6-.8 1.2M8 11.4v.2"
    />`,
  up: html`<path d="m4 9.5 4-4 4 4" />`,
  down: html`<path d="m4 6.5 4 4 4-4" />`,
  back: html`<path d="m9.5 3.5-4.5 4.5 4.5 4.5" />`,
  right: html`<path d="M2.5 8h10M9 4.5 12.5 8 9 11.5" />`,
  left: html`<path d="M13.5 8h-10M7 4.5 3.5 8 7 11.5" />`,
  bottom: html`<path d="M8 2.5v9M4.5 8.5 8 12l3.5-3.5" />`,
  copy: html`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5" /><path
      d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2"
    />`,
  save: html`<path d="M8 2.5v7.5M4.8 7 8 10.2 11.2 7M2.5 13.5h11" />`,
  play: html`<path d="M5 3.2v9.6l7.5-4.8z" fill="currentColor" />`,
  arrow: html`<path d="M6 4.5 9.5 8 6 11.5" />`,
  minus: html`<path d="M3.5 8h9" />`,
  plus: html`<path d="M3.5 8h9M8 3.5v9" />`,
  fit: html`<path d="M2.5 3v10M13.5 3v10M5 8h6M5 8l2-2M5 8l2 2M11 8 9 6M11 8 9 10" />`,
  trash: html`<path d="M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5M6.8 7v3.8M9.2 7v3.8" />`,
  star: html`<path d="m8 2.2 1.8 3.7 4 .6-2.9 2.8.7 4L8 11.4l-3.6 1.9.7-4-2.9-2.8 4-.6z" />`,
  columns: html`<path d="M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10" />`,
  server: html`<path d="M3 3h10v4H3zM3 9h10v4H3zM5.5 5h.2M5.5 11h.2" />`,
  pause: html`<path d="M5.5 3.5v9M10.5 3.5v9" />`,
  dot: html`<circle cx="8" cy="8" r="2" fill="currentColor" stroke="none" />`,
} as const;

export function icon(name: Icon): Html {
  return html`<svg class="icon" aria-hidden="true"><use href="#i-${name}"></use></svg>`;
}

export function sprite(): Html {
  const symbols = Object.entries(ICONS).map(
    ([name, drawing]) => html`<symbol id="i-${name}" viewBox="0 0 16 16">${drawing}</symbol>`,
  );
  return html`<svg class="sprite" aria-hidden="true">${symbols}</svg>`;
}

/** A treemap in SVG, in percent of its place, so that it fits any width: drawn by the server, said by the table beside it. */
import { treemap } from "../shown/treemap.ts";
import { html, type Html } from "./html.ts";

export type Block = {
  weight: number;
  /** `system`, `tools`, …: gives the colour. */
  kind: string;
  name: string;
  /** What a pointer is told. */
  says: string;
};

/** About what a panel is wide and the picture is high: the shapes are squares there, and near to it elsewhere. */
const [WIDTH, HEIGHT] = [680, 170];
/** Of a place that is smaller a name says nothing. */
const ROOM = { width: 46, height: 18 };

/** `title`: what the areas are. */
export function drawTreemap(title: string, blocks: readonly Block[]): Html {
  return html`<svg class="treemap" role="img" aria-label="${title}" height="${HEIGHT}">
    ${treemap(blocks, WIDTH, HEIGHT).map(
      ({ of, x, y, width, height }) =>
        html`<svg
          x="${percent(x, WIDTH)}"
          y="${percent(y, HEIGHT)}"
          width="${percent(width, WIDTH)}"
          height="${percent(height, HEIGHT)}"
        >
          <title>${of.says}</title>
          <rect class="kind-${of.kind}" width="100%" height="100%"></rect>
          ${width > ROOM.width && height > ROOM.height && html`<text x="6" y="15">${of.name}</text>`}
        </svg>`,
    )}
  </svg>`;
}

function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(3)}%`;
}

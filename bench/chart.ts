/** The chart of a run: bars, drawn by hand, readable on a light and on a dark page. */
import { addedTo, median, type Results } from "./results.ts";

const WIDTH = 760;
const LABEL = 280;
const ROW = 22;

export function chart({ names, rates, times, memories }: Results): string {
  const proxies = names.filter((name) => name !== "direct");
  const groups: [string, [string, number][]][] = [
    [
      "Small requests per second, 16 connections (more is better)",
      proxies.map((name) => [name, median(rates.get(name)![16]!)]),
    ],
    [
      "Added ms to the first byte, 16 streams, 200 KB requests (less is better)",
      proxies
        .filter((name) => times.has(`${name}|16|200000`))
        .map((name) => [name, addedTo(times, name, 16, 200_000)[0]!]),
    ],
    [
      "Peak MB while 1 GB streams through (less is better)",
      proxies.flatMap((name) => (memories.has(name) ? [[name, memories.get(name)!.peak]] : [])),
    ],
  ];
  let y = 0;
  const body = groups.map(([title, bars]) => {
    const most = Math.max(...bars.map(([, value]) => value));
    const rows = bars.map(([name, value], n) => {
      const width = Math.max(1, (Math.max(0, value) / most) * (WIDTH - LABEL - 90));
      const top = y + 34 + n * ROW;
      const kind = name.startsWith("this") ? "ours" : "bar";
      const shown = value >= 100 ? Math.round(value) : value.toFixed(1);
      return `<text x="${LABEL - 8}" y="${top + 13}" text-anchor="end">${escape(name)}</text><rect class="${kind}" x="${LABEL}" y="${top}" width="${width.toFixed(1)}" height="16" rx="2"/><text x="${LABEL + width + 6}" y="${top + 13}">${shown}</text>`;
    });
    const group = `<text class="title" x="0" y="${y + 20}">${escape(title)}</text>${rows.join("")}`;
    y += 34 + bars.length * ROW + 14;
    return group;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" font-family="system-ui, sans-serif" font-size="13">
<style>text{fill:#1f2328}.title{font-weight:600}.bar{fill:#8c959f}.ours{fill:#0969da}@media (prefers-color-scheme:dark){text{fill:#e6edf3}.bar{fill:#6e7681}.ours{fill:#4493f8}}</style>
${body.join("\n")}
</svg>
`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** The columns of the list of exchanges: one table for the page, the first rows of the server and the menu that chooses. */
import type { ExchangeRow } from "../fact/rows.ts";
import type { RunSort, SessionSort, Sort } from "../filter/sort.ts";
import { clockOrDay, count, dollars, ms, size, tokens } from "./numbers.ts";

/** Of any list: where a column stands, how wide it is, who goes first. */
export type Layout = {
  readonly id: string;
  /** Key of its title. */
  readonly title: string;
  /** Width in pixels; a `story` takes what is left, and no less than this. */
  readonly width: number;
  /** Who goes first where there is no room: the lowest number. 9 never goes. */
  readonly worth: number;
  /** Shown before anybody chose. */
  readonly usual: boolean;
  readonly sort?: Sort["by"] | RunSort["by"] | SessionSort["by"];
  readonly align?: "end";
  readonly kind: "sign" | "story" | "status" | "bar" | "text";
};

export type Column = Layout & {
  readonly text?: (row: ExchangeRow, at: Moment) => string;
  readonly title_of?: (row: ExchangeRow) => string;
};

export type Moment = { readonly now: number; readonly lang: string };

export const COLUMNS: readonly Column[] = [
  { id: "sign", title: "state", width: 16, worth: 9, usual: true, kind: "sign" },
  {
    id: "time",
    title: "time",
    width: 92,
    worth: 8,
    usual: true,
    sort: "time",
    kind: "text",
    text: (row, { now }) => clockOrDay(row.at, now),
  },
  {
    id: "client",
    title: "client",
    width: 116,
    worth: 2,
    usual: true,
    sort: "client",
    kind: "text",
    text: ({ client }) => client?.split(" ", 1)[0] ?? "–",
    title_of: ({ client }) => client ?? "",
  },
  {
    id: "upstream",
    title: "upstream",
    width: 92,
    worth: 1,
    usual: false,
    sort: "upstream",
    kind: "text",
    text: ({ upstream }) => upstream,
  },
  {
    id: "api",
    title: "api",
    width: 108,
    worth: 1,
    usual: false,
    sort: "dialect",
    kind: "text",
    text: ({ dialect, upstream }) => dialect ?? upstream,
  },
  {
    id: "model",
    title: "model",
    width: 140,
    worth: 6,
    usual: true,
    sort: "model",
    kind: "text",
    text: ({ model }) => model?.split("/").at(-1) ?? "–",
    title_of: ({ model }) => model ?? "",
  },
  { id: "story", title: "story", width: 120, worth: 9, usual: true, kind: "story" },
  { id: "status", title: "status", width: 84, worth: 9, usual: true, sort: "status", kind: "status" },
  { id: "bar", title: "bar", width: 96, worth: 5, usual: true, sort: "total", kind: "bar" },
  {
    id: "ttft",
    title: "ttft",
    width: 60,
    worth: 3,
    usual: true,
    sort: "ttft",
    align: "end",
    kind: "text",
    text: ({ ttft_ms }) => ms(ttft_ms),
  },
  {
    id: "total",
    title: "total",
    width: 62,
    worth: 7,
    usual: true,
    sort: "total",
    align: "end",
    kind: "text",
    text: (row, { now }) => ms(row.duration_ms ?? (row.state === "done" ? null : Math.max(0, now - row.at))),
  },
  {
    id: "tokens",
    title: "tokens",
    width: 100,
    worth: 4,
    usual: true,
    sort: "in",
    align: "end",
    kind: "text",
    text: ({ tokens_in, tokens_out }, { lang }) =>
      tokens_in === null && tokens_out === null
        ? "–"
        : `${tokens(tokens_in, lang)} → ${tokens(tokens_out, lang)}`,
  },
  {
    id: "cached",
    title: "cached",
    width: 60,
    worth: 1,
    usual: false,
    sort: "cached",
    align: "end",
    kind: "text",
    text: ({ tokens_cached }, { lang }) => tokens(tokens_cached, lang),
  },
  {
    id: "cost",
    title: "cost",
    width: 62,
    worth: 3,
    usual: true,
    sort: "cost",
    align: "end",
    kind: "text",
    text: ({ cost }) => dollars(cost),
  },
  {
    id: "bytes",
    title: "bytes",
    width: 124,
    worth: 1,
    usual: false,
    align: "end",
    kind: "text",
    text: ({ bytes_in, bytes_out }) => `${size(bytes_in)} → ${size(bytes_out)}`,
  },
  {
    id: "problems",
    title: "problems",
    width: 44,
    worth: 1,
    usual: false,
    sort: "problems",
    align: "end",
    kind: "text",
    text: ({ problems }, { lang }) => (problems > 0 ? count(problems, lang) : ""),
  },
  // Of a team's store: one machine has none of these.
  ...(["recorder", "user", "project", "host"] as const).map((id): Column => ({
    id,
    title: id,
    width: 110,
    worth: 2,
    usual: false,
    kind: "text",
    text: ({ origin }) => origin?.[id] ?? "",
  })),
];

/** What a row says: what was asked, what came of it, the tools that it calls beside, and how it failed. */
export type Story = { asked: string; answered: string; tone: "said" | "calls" | "broken"; tools: string[] };

/** The mark of a WebSocket, and of a response that was made on one. */
export function socketMark({ socket, responses }: ExchangeRow): "" | " is-socket" | " of-socket" {
  if (responses) return " is-socket";
  return socket === undefined ? "" : " of-socket";
}

export function storyOf(row: ExchangeRow): Story {
  const asked = row.asked || `${row.method} ${row.path}`;
  if (row.error !== null) return { asked, answered: row.error, tone: "broken", tools: [] };
  const isNamed = (tool: string) => row.answered.includes(tool);
  const tools = row.tools.filter((tool) => !isNamed(tool));
  const onlyCalls = row.tools.some((tool) => row.answered.startsWith(tool));
  return { asked, answered: row.answered, tone: onlyCalls ? "calls" : "said", tools };
}

/** Which of the chosen columns have room in a list of this width, in pixels, gaps and edges included. */
export function fitting<Of extends Layout>(
  all: readonly Of[],
  chosen: readonly string[],
  width: number,
  gap: number,
): readonly Of[] {
  let shown = all.filter(({ id, worth }) => worth === 9 || chosen.includes(id));
  const needed = () => shown.reduce((sum, column) => sum + column.width + gap, 0);
  while (needed() > width) {
    const least = Math.min(...shown.map(({ worth }) => worth));
    if (least === 9) break;
    const last = shown.findLastIndex(({ worth }) => worth === least);
    shown = shown.toSpliced(last, 1);
  }
  return shown;
}

/** For `grid-template-columns`. */
export function tracks(shown: readonly Layout[]): string {
  return shown
    .map(({ kind, width }) => (kind === "story" ? `minmax(${width}px, 1fr)` : `${width}px`))
    .join(" ");
}

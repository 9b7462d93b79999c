/** The recordings that lessons explain: what `scripts/lessons.ts` kept, and how it becomes exchanges and sessions again. */
import type { Exchange } from "../../fact/exchange.ts";
import type { Ending } from "../../fact/fact.ts";
import type { LessonName } from "../../fact/lessons.ts";
import { look } from "../../read/look.ts";
import { sessionList, type SessionList } from "../../read/mcp/session-list.ts";
import { read } from "../../read/read.ts";
import type { Reading } from "../../read/reading.ts";
import { type Recording, replayed } from "../../read/recording.ts";

export type LessonExchange = Recording & {
  /** When it began, ISO 8601. */
  readonly at: string;
  readonly ending: Ending;
  readonly error: string | null;
  /** ms since it began. */
  readonly ended: number;
};

export type LessonItem =
  | { readonly kind: "exchange"; readonly exchange: LessonExchange }
  | { readonly kind: "session"; readonly lines: readonly Record<string, unknown>[] };

/** An item as the page shows and explains it. */
export type Played =
  | {
      readonly kind: "exchange";
      readonly exchange: Exchange;
      readonly look: ReturnType<typeof look>;
      readonly reading: Reading;
      readonly raw: LessonExchange;
    }
  | {
      readonly kind: "session";
      readonly list: SessionList;
      readonly lines: readonly Record<string, unknown>[];
    };

const kept = new Map<LessonName, readonly Played[]>();

/** Read once: they do not change while the program runs. */
export async function recordedOf(name: LessonName): Promise<readonly Played[]> {
  const known = kept.get(name);
  if (known) return known;
  const items = (await Bun.file(fileOf(name)).json()) as LessonItem[];
  const played = items.map(playedOf);
  kept.set(name, played);
  return played;
}

export function fileOf(name: LessonName): string {
  return `${import.meta.dir}/recordings/${name}.json`;
}

function playedOf(item: LessonItem): Played {
  if (item.kind === "session") {
    const list = sessionList("lesson");
    for (const [seq, line] of item.lines.entries()) list.add(line, seq);
    list.news();
    return { kind: "session", list, lines: item.lines };
  }
  const { at, ended, ending, error } = item.exchange;
  const exchange = {
    ...replayed(item.exchange),
    at: Date.parse(at),
    upstream: "demo",
    close: { t: ended, ending, error },
  };
  const seen = look(exchange);
  return { kind: "exchange", exchange, look: seen, reading: read(exchange, seen), raw: item.exchange };
}

/** Calls that may still be answered, by the id under which a side asked and by the exchange of HTTP. */
import { isOpen, type Entry, type Spot } from "./call-entry.ts";
import type { Side } from "./line.ts";
import type { IdKey } from "./message.ts";

export type OpenCalls = ReturnType<typeof openCalls>;

export function openCalls() {
  /** By side and id; several when ids repeat across exchanges. */
  const byId = new Map<string, Entry[]>();
  const byExchange = new Map<string, Entry[]>();
  /** What may be open: looked through instead of all that ever was; what is over leaves when it is met. */
  const maybeOpen = new Set<Entry>();

  return {
    add(entry: Entry, { from, exchange }: Spot): void {
      maybeOpen.add(entry);
      push(byId, idKey(from, entry.key), entry);
      if (exchange !== null) push(byExchange, exchange, entry);
    },

    /** The open request of this id in this exchange; else one of another exchange, oldest first. It waits no more. */
    take(side: Side, key: IdKey, exchange: string | null): Entry | undefined {
      const all = byId.get(idKey(side, key));
      if (all === undefined) return undefined;
      const same = all.findIndex((it) => it.started.exchange === exchange);
      const [entry] = all.splice(Math.max(same, 0), 1);
      if (all.length === 0) byId.delete(idKey(side, key));
      return entry;
    },

    now,

    /** What the client asked in this exchange and has no answer. */
    within(exchange: string | null): Entry[] {
      if (exchange === null) return [];
      const asked = byExchange.get(exchange) ?? [];
      return asked.filter(
        ({ call }) => call.from === "client" && call.state === "pending" && call.exchange === exchange,
      );
    },

    /** The client's open calls of an exchange; without exchange, all of them. Streams are not among them. */
    during(exchange: string | null): Entry[] {
      const asked = exchange === null ? now() : (byExchange.get(exchange) ?? []);
      return asked.filter(({ call }) => call.from === "client" && call.stream === null && isOpen(call));
    },

    /** Nothing is waited for any more. */
    clear: () => byId.clear(),
  };

  function now(): Entry[] {
    for (const entry of maybeOpen) if (!isOpen(entry.call)) maybeOpen.delete(entry);
    return [...maybeOpen];
  }
}

export function other(side: Side): Side {
  return side === "client" ? "server" : "client";
}

export function idKey(side: Side, key: IdKey): string {
  return `${side} ${key}`;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

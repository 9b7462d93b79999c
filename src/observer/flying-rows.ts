/**
 * The rows of exchanges that have no file yet, as they were told last: whoever asks for the list gets what is here, and
 * nothing is read because somebody looks.
 */
import type { Exchange } from "../fact/exchange.ts";
import type { Bytes } from "../fact/fact.ts";
import type { ExchangeRow } from "../fact/rows.ts";
import { passedOf, rowOf } from "./row.ts";

/** What may be written over a row that was read, as more comes. */
export type Grown = Partial<
  Pick<
    ExchangeRow,
    "answered" | "sending" | "tools" | "ttft_ms" | "tokens_in" | "tokens_out" | "tokens_cached" | "responses"
  >
>;

export class FlyingRows {
  readonly #rows = new Map<string, ExchangeRow>();

  all(): ExchangeRow[] {
    return [...this.#rows.values()];
  }

  get(id: string): ExchangeRow | undefined {
    return this.#rows.get(id);
  }

  /** One that comes, or that an earlier life has left. */
  open(exchange: Exchange): ExchangeRow {
    return this.#put(rowOf(exchange, null));
  }

  head({ id, response }: Exchange): ExchangeRow | undefined {
    if (!response) return this.get(id);
    return this.#change(id, { state: "streaming", status: response.status, ttfb_ms: response.ttfb });
  }

  bytes({ id, from, bytes, passed }: Bytes): void {
    const row = this.#rows.get(id);
    if (!row) return;
    // Counted in place: a row that was told is not changed, since telling makes a copy.
    if (from === "client") row.bytes_in += passed ?? bytes.byteLength;
    else row.bytes_out += passed ?? bytes.byteLength;
  }

  /** What a reader made of it. */
  read(row: ExchangeRow): ExchangeRow {
    return this.#put(row);
  }

  grow(id: string, grown: Grown): ExchangeRow | undefined {
    return this.#change(id, grown);
  }

  /** It waits for its file; the row of the whole comes with that. */
  ended(exchange: Exchange): void {
    const { id, close } = exchange;
    const { request, response } = passedOf(exchange);
    this.#change(id, {
      state: "done",
      ending: close?.ending ?? null,
      error: close?.error ?? null,
      duration_ms: close?.t ?? null,
      bytes_in: request,
      bytes_out: response,
    });
  }

  gone(id: string): void {
    this.#rows.delete(id);
  }

  /** A row of its own each time: the one before waits in the feed. */
  #change(id: string, changed: Partial<ExchangeRow>): ExchangeRow | undefined {
    const row = this.#rows.get(id);
    if (!row) return undefined;
    const next = { ...row, ...changed };
    // Its answer has begun, or it is over: it is on its way up no more.
    if (next.state !== "waiting") delete next.sending;
    return this.#put(next);
  }

  #put(row: ExchangeRow): ExchangeRow {
    this.#rows.set(row.id, row);
    return { ...row };
  }
}

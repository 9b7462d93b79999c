/** One of the two exchanges that are compared: what was read of it, and what its row alone knows. */
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";

export type ComparedSide = { readonly seen: Seen; readonly client: string | null };

export async function comparedSide({ sources }: View, seen: Seen): Promise<ComparedSide> {
  const row = await sources.index.exchange(seen.exchange.id);
  return { seen, client: row?.client ?? null };
}

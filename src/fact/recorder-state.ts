/** How a recorder of a team does, as it says itself every few seconds. Whoever may write can say anything: read by `recorderState`. */

export type RecorderState = {
  /** Its own clock, ms since 1970. */
  readonly now: number;
  readonly version: string;
  /** What waits to be shipped, and since when the oldest of it does. */
  readonly backlog: number;
  readonly lag_ms: number;
  /** Since its program began. */
  readonly shipped: number;
  readonly errors: number;
  /** Held back for a credential, and refused by the store. */
  readonly held: number;
  readonly refused: number;
  /** What stands in the way, as a sentence; null when nothing does. */
  readonly trouble: string | null;
};

/** As a page of the store knows it. */
export type RecorderLine = RecorderState & {
  readonly project: string;
  readonly recorder: string;
  readonly user: string | null;
  readonly host: string | null;
  /** Since it was heard last. */
  readonly silent_ms: number;
  /** How far its clock is before that of the store. */
  readonly skew_ms: number;
};

/** Longer than any sentence of ours. */
const MOST_CHARS = 500;

/** Null for what is none of ours. */
export function recorderState(text: string): RecorderState | null {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof said !== "object" || said === null) return null;
  const of = said as Record<string, unknown>;
  const number = (name: string) => {
    const value = of[name];
    return typeof value === "number" && Number.isFinite(value) ? value : 0;
  };
  return {
    now: number("now"),
    version: String(of["version"] ?? "").slice(0, 40),
    backlog: number("backlog"),
    lag_ms: number("lag_ms"),
    shipped: number("shipped"),
    errors: number("errors"),
    held: number("held"),
    refused: number("refused"),
    trouble: typeof of["trouble"] === "string" ? of["trouble"].slice(0, MOST_CHARS) : null,
  };
}

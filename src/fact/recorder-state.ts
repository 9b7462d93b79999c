/** How a recorder of a team does, as it says itself every few seconds. Whoever may write can say anything: read by `recorderState`. */

import { type Static, Type } from "@sinclair/typebox";

const text = Type.Union([Type.String(), Type.Null()]);

export const RecorderState = Type.Object({
  now: Type.Number({ description: "Its own clock, ms since 1970" }),
  version: Type.String(),
  backlog: Type.Number({ description: "What waits to be shipped" }),
  lag_ms: Type.Number({ description: "Age of the oldest that waits" }),
  shipped: Type.Number({ description: "Since its program began" }),
  errors: Type.Number({ description: "Attempts to ship that failed, since its program began" }),
  held: Type.Number({ description: "Held back for what looks like a credential" }),
  refused: Type.Number({ description: "Refused by the store" }),
  trouble: Type.Union([Type.String(), Type.Null()], { description: "What stands in the way, as a sentence" }),
});
export type RecorderState = Readonly<Static<typeof RecorderState>>;

/** As a page of the store knows it. */
export const RecorderLine = Type.Object({
  ...RecorderState.properties,
  project: Type.String(),
  recorder: Type.String(),
  user: text,
  host: text,
  silent_ms: Type.Number({ description: "Since it was heard last" }),
  skew_ms: Type.Number({ description: "How far its clock is before that of the store" }),
});
export type RecorderLine = Readonly<Static<typeof RecorderLine>>;

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

/**
 * The place of a row: its time (ms) times 2048, plus where its id stands inside that millisecond. One integer that is
 * a key, an order and a time. 53 bits hold it until the year 2109.
 */
export const SLOTS = 2048;

const LATEST = 2 ** 42 - 1;

/** Where a row of this time and id belongs; the next free place after it is taken when it is occupied. */
export function placeOf(at: number, id: string): number {
  return timeOf(at) * SLOTS + slotOf(id);
}

/** The time of what stands there, in whole ms. */
export function timeAt(place: number): number {
  return Math.floor(place / SLOTS);
}

/** Where a row of this id would stand if it were there; null when the id does not tell its time (not a UUID v7). */
export function placeOfId(id: string): number | null {
  const found = V7.exec(id);
  if (!found) return null;
  return placeOf(Number.parseInt(`${found[1]}${found[2]}`, 16), id);
}

const V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7([0-9a-f]{3})-/i;

function timeOf(at: number): number {
  if (!(at > 0)) return 0;
  return Math.min(Math.floor(at), LATEST);
}

/** The 12 bits after the version of a UUID v7 count up inside a millisecond (RFC 9562, 6.2, as Bun does it). */
function slotOf(id: string): number {
  const found = V7.exec(id);
  return found?.[3] ? Number.parseInt(found[3], 16) >> 1 : 0;
}

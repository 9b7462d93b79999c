/**
 * Where the search in a text looked more closely. What lies between was passed over with one look at each byte, and need
 * not be searched again where it stands in another text too.
 */

/** Starts and ends of a few. Where there are more, none of them is known: to ask must cost little. */
const MOST_PLACES = 64;

export class Stops {
  /** Starts and ends, counted from the text's beginning, of all since `from`. */
  #places: number[] = [];
  #from = 0;

  /** `places`: starts and ends, counted from `base` on. `end`: up to where the text was searched. */
  add(base: number, places: readonly number[], end: number): void {
    for (const place of places) this.#places.push(base + place);
    if (this.#places.length <= MOST_PLACES) return;
    this.#places = [];
    this.#from = base + end;
  }

  /** False also for what came so long ago that it is not known any more. */
  isQuiet(start: number, end: number): boolean {
    if (start < this.#from) return false;
    const places = this.#places;
    for (let n = 0; n < places.length; n += 2) if (places[n]! < end && places[n + 1]! > start) return false;
    return true;
  }
}

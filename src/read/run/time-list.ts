/** A list in the order of time, then of names: added to at its end at no cost, looked into by halves. */

export type Timed = { readonly at: number; readonly key: string };

export class TimeList<T extends Timed> {
  readonly #all: T[] = [];

  get size(): number {
    return this.#all.length;
  }

  at(place: number): T | undefined {
    return this.#all[place];
  }

  last(): T | undefined {
    return this.#all.at(-1);
  }

  add(one: T): void {
    const last = this.#all.at(-1);
    if (last === undefined || isBefore(last, one)) this.#all.push(one);
    else {
      const place = this.placeOf(one);
      if (this.#all[place]?.key !== one.key) this.#all.splice(place, 0, one);
    }
  }

  remove(one: T): void {
    const place = this.placeOf(one);
    if (this.#all[place] === one) this.#all.splice(place, 1);
  }

  /** The one of this time and name, whatever else it holds. */
  removeKey(one: Timed): void {
    const place = this.placeOf(one);
    if (this.#all[place]?.key === one.key) this.#all.splice(place, 1);
  }

  /** Where it stands, or would. */
  placeOf(one: Timed): number {
    return this.#search((each) => isBefore(each, one));
  }

  /** How many stand before this time. */
  countBefore(at: number): number {
    return this.#search((each) => each.at < at);
  }

  /** At or before this time, the latest first, at most `most`. */
  backFrom(at: number, most: number): T[] {
    const end = this.#search((each) => each.at <= at);
    return this.#all.slice(Math.max(0, end - most), end).reverse();
  }

  /** At or after this time, the earliest first, at most `most`. */
  from(at: number, most: number): T[] {
    const begin = at === -Infinity ? 0 : this.countBefore(at);
    return this.#all.slice(begin, begin + most);
  }

  #search(isLower: (one: T) => boolean): number {
    let low = 0;
    let high = this.#all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isLower(this.#all[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isBefore(a: Timed, b: Timed): boolean {
  return a.at < b.at || (a.at === b.at && a.key < b.key);
}

/** Lists by a name; one that is empty is gone. */
export class TimeLists<T extends Timed> {
  readonly #lists = new Map<string, TimeList<T>>();

  get(name: string): TimeList<T> | undefined {
    return this.#lists.get(name);
  }

  add(name: string, one: T): void {
    const list = this.#lists.get(name);
    if (list) return list.add(one);
    const begun = new TimeList<T>();
    begun.add(one);
    this.#lists.set(name, begun);
  }

  remove(name: string, one: T): void {
    const list = this.#lists.get(name);
    list?.remove(one);
    if (list?.size === 0) this.#lists.delete(name);
  }
}

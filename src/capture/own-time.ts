/** What passing on costs: the time that the proxy's own code takes for an exchange, without waiting for either side. */
import { ADDED_BOUNDS, type AddedTime } from "../fact/added-time.ts";

export class OwnTime {
  readonly #buckets = Array.from({ length: ADDED_BOUNDS.length + 1 }, () => 0);
  #sum = 0;
  #count = 0;

  /** Of one exchange, all of it, in ms. */
  add(ms: number): void {
    const seconds = ms / 1000;
    let place = 0;
    while (place < ADDED_BOUNDS.length && seconds > ADDED_BOUNDS[place]!) place++;
    this.#buckets[place]! += 1;
    this.#sum += seconds;
    this.#count += 1;
  }

  figures(): AddedTime {
    return { buckets: [...this.#buckets], sum: this.#sum, count: this.#count };
  }
}

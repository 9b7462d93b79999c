/**
 * Counters, histograms and gauges in memory: a fixed set of instruments, each with a bounded number of series. What one
 * exchange costs is a look-up and an addition for each that it is counted in.
 */
import { OTHER } from "./label-values.ts";

export type Instrument = {
  /** As OpenTelemetry writes it, with dots. Empty: the conventions chosen have no such metric, and nothing is counted. */
  readonly name: string;
  readonly kind: "counter" | "histogram" | "gauge";
  /** In UCUM; `{…}` says what is counted. */
  readonly unit: string;
  readonly help: string;
  /** Names of attributes, with dots. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, rising. */
  readonly bounds?: readonly number[];
};

export type Series = {
  /** In the order of the instrument's labels; empty where it has none of it. */
  readonly values: readonly string[];
  /** Of a counter or gauge the value, of a histogram the sum. */
  sum: number;
  /** Of a histogram. */
  count: number;
  /** Of a histogram: how many lie in each bucket, the last one being everything above. */
  readonly buckets: number[];
  /** When it began, ms since 1970. */
  readonly created: number;
};

export type Metric = { readonly instrument: Instrument; readonly series: readonly Series[] };

/** A histogram's series is some twenty lines of a scrape: the answer stays below a few megabytes. */
const MOST_SERIES: Readonly<Record<Instrument["kind"], number>> = {
  counter: 1_000,
  histogram: 400,
  gauge: 200,
};

export type Registry = {
  /** Adds to a counter. */
  add(instrument: Instrument, values: readonly string[], amount?: number): void;
  /** Puts a value into a histogram. */
  observe(instrument: Instrument, values: readonly string[], value: number): void;
  /** What there is, in the order in which it came. */
  metrics(): Metric[];
  /** How often a combination of labels found no room, by the instrument's name. */
  overflow(): { name: string; most: number; count: number }[];
};

/** `now`: the wall clock, ms. */
export function createRegistry(now: () => number): Registry {
  const all = new Map<Instrument, Map<string, Series>>();
  const over = new Map<Instrument, number>();

  function seriesOf(instrument: Instrument, values: readonly string[]): Series {
    const known = all.get(instrument) ?? new Map<string, Series>();
    all.set(instrument, known);
    const key = values.join("\0");
    const before = known.get(key);
    if (before) return before;
    const isRoom = known.size < MOST_SERIES[instrument.kind];
    if (!isRoom) over.set(instrument, (over.get(instrument) ?? 0) + 1);
    const others = instrument.labels.map(() => OTHER);
    const place = isRoom ? key : others.join("\0");
    const there = known.get(place);
    if (there) return there;
    const buckets = instrument.bounds ? Array.from({ length: instrument.bounds.length + 1 }, () => 0) : [];
    const fresh = { values: isRoom ? [...values] : others, sum: 0, count: 0, buckets, created: now() };
    known.set(place, fresh);
    return fresh;
  }

  return {
    add(instrument, values, amount = 1) {
      if (instrument.name === "" || !(amount >= 0) || amount === Infinity) return;
      seriesOf(instrument, values).sum += amount;
    },
    observe(instrument, values, value) {
      if (instrument.name === "" || !Number.isFinite(value)) return;
      const series = seriesOf(instrument, values);
      series.sum += value;
      series.count += 1;
      series.buckets[placeOf(value, instrument.bounds ?? [])]! += 1;
    },
    metrics: () => [...all].map(([instrument, series]) => ({ instrument, series: [...series.values()] })),
    overflow: () => [...over].map(([{ name, kind }, count]) => ({ name, most: MOST_SERIES[kind], count })),
  };
}

/** A bound belongs to its own bucket. */
export function placeOf(value: number, bounds: readonly number[]): number {
  let place = 0;
  while (place < bounds.length && value > bounds[place]!) place++;
  return place;
}

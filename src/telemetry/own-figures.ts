/** How the program itself does: asked of whoever knows when somebody scrapes, and never counted on the way. */
import type { AddedTime } from "../fact/added-time.ts";
import type { RecorderLine } from "../fact/recorder-state.ts";
import type { Instruments } from "./instruments.ts";
import type { LabelValues } from "./label-values.ts";
import type { Instrument, Metric, Registry } from "./registry.ts";

export type OwnFigures = {
  readonly inFlight: number;
  readonly waiting: number;
  readonly backlog: number;
  readonly exchanges: number;
  readonly sessions: number;
  readonly unreadable: number;
  /** Since the program began, by the reason. */
  readonly lostBytes: Readonly<Record<string, number>>;
  readonly lostExchanges: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  /** Null where no proxy runs in this program. */
  readonly added: AddedTime | null;
};

/**
 * What whoever ships records to a team's store tells about it. `waiting` records are not there yet, the oldest of them
 * for `oldestMs`; the rest counts since the program began.
 */
export type ShippingFigures = {
  readonly waiting: number;
  readonly oldestMs: number | null;
  readonly shipped: number;
  readonly errors: number;
  /** Held back, since a credential was found in them. */
  readonly heldBack: number;
};

/** Of a team's store, as one of its pages knows it. */
export type TeamFigures = {
  readonly recorders: readonly RecorderLine[];
  /** Since when the store has not been heard; 0 while it is. */
  readonly silentMs: number;
};

/** Spans and metrics on their way to a collector, by what became of them. */
export type SendingFigures = {
  readonly waiting: number;
  readonly items: readonly { readonly signal: string; readonly outcome: string; readonly count: number }[];
};

export type ProcessFigures = {
  readonly version: string;
  readonly bun: string;
  readonly startedAt: number;
  readonly memory: number;
  /** Seconds. */
  readonly cpu: number;
};

/** All that is asked for at a scrape. */
export type Figures = {
  readonly own: OwnFigures;
  readonly process: ProcessFigures;
  readonly shipping: ShippingFigures | null;
  readonly sending: SendingFigures | null;
  readonly team?: TeamFigures;
};

export function ownMetrics(
  { own, process, shipping, sending, team }: Figures,
  its: Instruments,
  semconv: string,
  {
    registry,
    values,
    late,
    failures,
  }: { registry: Registry; values: LabelValues; late: number; failures: number },
): Metric[] {
  const created = process.startedAt;
  const one = (
    instrument: Instrument,
    points: readonly (readonly [labels: readonly string[], value: number])[],
  ) => ({
    instrument,
    series: points.map(([labels, sum]) => ({ values: labels, sum, count: 0, buckets: [], created })),
  });
  const plain = (instrument: Instrument, value: number) => one(instrument, [[[], value]]);
  const by = (instrument: Instrument, figures: Readonly<Record<string, number>>) =>
    one(
      instrument,
      Object.entries(figures).map(([why, value]) => [[why], value]),
    );
  const bounds = [
    ...values.overflow().map(({ kind, most, count }) => [[kind, `more than ${most} values`], count] as const),
    ...registry
      .overflow()
      .map(({ name, most, count }) => [[name, `more than ${most} combinations`], count] as const),
  ];
  return [
    plain(its.inFlight, own.inFlight),
    plain(its.waiting, own.waiting),
    plain(its.backlog, own.backlog),
    by(its.recorded, { exchanges: own.exchanges, sessions: own.sessions }),
    plain(its.unreadable, own.unreadable),
    by(its.lostBytes, own.lostBytes),
    by(its.lostExchanges, own.lostExchanges),
    by(its.faults, { ...own.faults, telemetry: failures }),
    one(its.overflow, bounds),
    plain(its.late, late),
    ...(own.added ? [addedMetric(its.added, own.added, created)] : []),
    ...(sending
      ? [
          plain(its.spansWaiting, sending.waiting),
          one(
            its.spans,
            sending.items.map(({ signal, outcome, count }) => [[signal, outcome], count]),
          ),
        ]
      : []),
    ...(shipping
      ? [
          plain(its.shipBacklog, shipping.waiting),
          plain(its.shipLag, (shipping.oldestMs ?? 0) / 1000),
          plain(its.shipped, shipping.shipped),
          plain(its.shipErrors, shipping.errors),
          plain(its.shipHeld, shipping.heldBack),
        ]
      : []),
    ...(team ? teamMetrics(team, its, one) : []),
    one(its.info, [[[process.version, process.bun, semconv], 1]]),
    plain(its.started, process.startedAt / 1000),
    plain(its.memory, process.memory),
    plain(its.cpu, process.cpu),
  ];
}

type Point = readonly [labels: readonly string[], value: number];

/** A name may be as long as anybody likes. */
const MOST_NAME_CHARS = 120;

function teamMetrics(
  { recorders, silentMs }: TeamFigures,
  its: Instruments,
  one: (instrument: Instrument, points: readonly Point[]) => Metric,
): Metric[] {
  const of = (instrument: Instrument, value: (line: RecorderLine) => number) =>
    one(
      instrument,
      recorders.map((line) => [
        [line.project.slice(0, MOST_NAME_CHARS), line.recorder.slice(0, MOST_NAME_CHARS)],
        value(line),
      ]),
    );
  return [
    one(its.storeSilent, [[[], silentMs / 1000]]),
    of(its.recorderBacklog, ({ backlog }) => backlog),
    of(its.recorderLag, ({ lag_ms }) => lag_ms / 1000),
    of(its.recorderShipped, ({ shipped }) => shipped),
    of(its.recorderErrors, ({ errors }) => errors),
    of(its.recorderAside, ({ held, refused }) => held + refused),
    of(its.recorderSilent, ({ silent_ms }) => silent_ms / 1000),
    of(its.recorderSkew, ({ skew_ms }) => skew_ms / 1000),
  ];
}

function addedMetric(instrument: Instrument, { buckets, sum, count }: AddedTime, created: number): Metric {
  return { instrument, series: [{ values: [], sum, count, buckets: [...buckets], created }] };
}

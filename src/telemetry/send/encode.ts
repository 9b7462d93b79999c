/**
 * Spans and metrics in OpenTelemetry's own format, by its own serializers. They are loaded when something is sent for the
 * first time: who exports nothing pays nothing for them.
 */
import { clean } from "../label-values.ts";
import { Recent } from "../recent.ts";
import type { Metric } from "../registry.ts";
import { OURS } from "../semconv.ts";
import type { Place, Span, Value } from "../trace/span.ts";

export type Signal = "traces" | "metrics";
export type Protocol = "http/protobuf" | "http/json";

export type Origin = {
  /** Attributes of the resource: who sends this. */
  readonly resource: Readonly<Record<string, Value>>;
  readonly name: string;
  readonly version: string;
  readonly schemaUrl: string | null;
};

export type Encoder = {
  readonly contentType: string;
  spans(spans: readonly Span[]): Uint8Array;
  /** `at`: now, ms. */
  metrics(metrics: readonly Metric[], at: number): Uint8Array;
  /** How many the collector says that it refused, of those that it was sent, and why. */
  rejected(signal: Signal, answer: Uint8Array): { count: number; why: string };
};

type Transformer = typeof import("@opentelemetry/otlp-transformer");
type ReadableSpan = Parameters<Transformer["ProtobufTraceSerializer"]["serializeRequest"]>[0][number];
type ResourceMetrics = Parameters<Transformer["ProtobufMetricsSerializer"]["serializeRequest"]>[0];
type MetricData = ResourceMetrics["scopeMetrics"][number]["metrics"][number];

export async function loadEncoder(protocol: Protocol, origin: Origin): Promise<Encoder> {
  const its = await import("@opentelemetry/otlp-transformer");
  const isJson = protocol === "http/json";
  const traces = isJson ? its.JsonTraceSerializer : its.ProtobufTraceSerializer;
  const counted = isJson ? its.JsonMetricsSerializer : its.ProtobufMetricsSerializer;
  const { name, version, schemaUrl } = origin;
  const scope = { name, version, ...(schemaUrl !== null && { schemaUrl }) };
  const resource = {
    attributes: origin.resource,
    merge: () => resource,
  } as unknown as ReadableSpan["resource"];
  return {
    contentType: isJson ? "application/json" : "application/x-protobuf",
    spans: (spans) => bytesOf(traces.serializeRequest(spans.map((span) => readable(span, resource, scope)))),
    metrics: (metrics, at) =>
      bytesOf(
        counted.serializeRequest({
          resource,
          scopeMetrics: [{ scope, metrics: metrics.filter(hasSeries).map((one) => metricData(one, at)) }],
        }),
      ),
    rejected(signal, answer) {
      const said =
        signal === "traces" ? traces.deserializeResponse(answer) : counted.deserializeResponse(answer);
      const partial = said.partialSuccess as
        { rejectedSpans?: number; rejectedDataPoints?: number; errorMessage?: string } | undefined;
      const count = Number((signal === "traces" ? partial?.rejectedSpans : partial?.rejectedDataPoints) ?? 0);
      return { count, why: partial?.errorMessage ?? "" };
    },
  };
}

function bytesOf(bytes: Uint8Array | undefined): Uint8Array {
  return bytes ?? new Uint8Array(0);
}

/** An address of the page with an id in it is some hundred. */
const LONGEST_VALUE = 1_000;
const LONGEST_ERROR = 500;

const KINDS = { internal: 0, client: 2 } as const;
/** `StatusCode`: what went well is left unset, as instrumentations are asked to. */
const UNSET = 0;
const ERROR = 2;
/** The caller's trace may not be sampled there; what is recorded here is. */
const SAMPLED = 1;

function readable(
  span: Span,
  resource: ReadableSpan["resource"],
  instrumentationScope: ReadableSpan["instrumentationScope"],
): ReadableSpan {
  const { place, parent, name, kind, start, end, error, attributes, links } = span;
  const context = contextOf(place);
  return {
    name: cleaned(name),
    kind: KINDS[kind],
    spanContext: () => context,
    ...(parent && { parentSpanContext: { ...contextOf(parent), isRemote: parent.remote } }),
    startTime: timeOf(start),
    endTime: timeOf(Math.max(start, end)),
    duration: timeOf(Math.max(0, end - start)),
    status: error === null ? { code: UNSET } : { code: ERROR, message: clean(error, LONGEST_ERROR) },
    attributes: cleanAll(attributes) as ReadableSpan["attributes"],
    links: links.map((link) => ({ context: contextOf(link) })),
    events: [],
    ended: true,
    resource,
    instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** A second look at every text; what was said has been looked at already, and is long. */
function cleanAll(attributes: Span["attributes"]): Record<string, Value> {
  const all: Record<string, Value> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const isOurs = OWN_IDS.has(name) || CONTENT.test(name);
    all[name] = isOurs ? value : cleanedValue(value);
  }
  return all;
}

/** Names of models, tools and clients come again and again. */
const seen = new Recent<string>(2_000);

/** A list of stop reasons or rules is short. */
const LONGEST_LIST = 100;

function cleanedValue(value: Value): Value {
  if (typeof value === "string") return cleaned(value);
  return Array.isArray(value) ? value.slice(0, LONGEST_LIST).map(cleaned) : value;
}

function cleaned(value: string): string {
  const before = seen.get(value);
  if (before !== undefined) return before;
  const fresh = clean(value, LONGEST_VALUE);
  if (value.length < LONGEST_VALUE) seen.set(value, fresh);
  return fresh;
}

/** Made by us, of nothing that a stranger says. */
const OWN_IDS: ReadonlySet<string> = new Set([OURS.exchange, OURS.session, OURS.sessionUrl]);

const CONTENT =
  /^gen_ai\.(?:system_instructions|(?:input|output)\.messages|tool\.(?:definitions|call\.(?:arguments|result)))$/;

function contextOf({ trace, span }: Place) {
  return { traceId: trace, spanId: span, traceFlags: SAMPLED };
}

/** Seconds and nanoseconds. */
export function timeOf(ms: number): [number, number] {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.min(999_999_999, Math.round((ms - seconds * 1000) * 1e6))];
}

const CUMULATIVE = 1;
const DOUBLE = 1;
const HISTOGRAM = 0;
const GAUGE = 2;
const SUM = 3;

function hasSeries({ series }: Metric): boolean {
  return series.length > 0;
}

function metricData({ instrument, series }: Metric, at: number): MetricData {
  const { name, kind, unit, help, labels, bounds = [] } = instrument;
  const base = {
    descriptor: { name, description: help, unit, valueType: DOUBLE },
    aggregationTemporality: CUMULATIVE,
  };
  const points = series.map((one) => ({
    startTime: timeOf(one.created),
    endTime: timeOf(at),
    attributes: Object.fromEntries(
      labels.flatMap((label, n) => (one.values[n] ? [[label, one.values[n]]] : [])),
    ),
    value:
      kind === "histogram"
        ? { buckets: { boundaries: [...bounds], counts: [...one.buckets] }, sum: one.sum, count: one.count }
        : one.sum,
  }));
  const dataPointType = kind === "histogram" ? HISTOGRAM : kind === "gauge" ? GAUGE : SUM;
  const isMonotonic = kind === "counter";
  // The package types each kind apart by enums of its own, which have these values.
  return { ...base, dataPointType, isMonotonic, dataPoints: points } as unknown as MetricData;
}

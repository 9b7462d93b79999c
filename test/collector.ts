/** A small OTLP receiver on the messages of OpenTelemetry's own package (generated from its .proto files). */
import root from "otlp-messages/build/src/generated/root.js";
import type { Json } from "./program.ts";

export type Received = { name: string; [more: string]: Json };

export type Collector = Disposable & {
  readonly url: string;
  readonly spans: Received[];
  /** Of the latest request with metrics, by name. */
  readonly metrics: Map<string, Json>;
  readonly requests: { path: string; headers: Headers; resource: Json; scope: Json }[];
  /** What it answers instead of 200, while there is any. */
  readonly answers: Response[];
};

// oxlint-disable-next-line no-explicit-any
const proto = (root as any).opentelemetry.proto;
const TYPES = {
  "/v1/traces": proto.collector.trace.v1.ExportTraceServiceRequest,
  "/v1/metrics": proto.collector.metrics.v1.ExportMetricsServiceRequest,
};

export function startCollector(port = 0): Collector {
  const spans: Received[] = [];
  const metrics = new Map<string, Json>();
  const requests: Collector["requests"] = [];
  const answers: Response[] = [];
  const server = Bun.serve({
    port,
    hostname: "127.0.0.1",
    async fetch(request) {
      const path = new URL(request.url).pathname as keyof typeof TYPES;
      const bytes = new Uint8Array(await request.arrayBuffer());
      const refusal = answers.shift();
      if (refusal) return refusal;
      const plain = request.headers.get("content-encoding") === "gzip" ? Bun.gunzipSync(bytes) : bytes;
      const isJson = request.headers.get("content-type") === "application/json";
      const said = isJson
        ? JSON.parse(new TextDecoder().decode(plain))
        : TYPES[path].toObject(TYPES[path].decode(plain), { longs: String });
      for (const one of said.resourceSpans ?? said.resourceMetrics ?? []) {
        const [scope] = one.scopeSpans ?? one.scopeMetrics;
        requests.push({ path, headers: request.headers, resource: plainOf(one.resource.attributes), scope });
        for (const span of scope.spans ?? []) spans.push(spanOf(span));
        for (const metric of scope.metrics ?? []) metrics.set(metric.name, metric);
      }
      return new Response(new Uint8Array(0), { headers: { "content-type": "application/x-protobuf" } });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    spans,
    metrics,
    requests,
    answers,
    [Symbol.dispose]: () => void server.stop(true),
  };
}

function spanOf(span: Json): Received {
  return {
    name: span.name,
    // In JSON they are hexadecimal as well (OTLP, "JSON Protobuf Encoding").
    trace: hexOf(span.traceId),
    id: hexOf(span.spanId),
    parent: hexOf(span.parentSpanId) || null,
    kind: span.kind,
    start: Number(span.startTimeUnixNano) / 1e6,
    end: Number(span.endTimeUnixNano) / 1e6,
    status: span.status?.code ?? 0,
    message: span.status?.message ?? "",
    attributes: plainOf(span.attributes),
    links: (span.links ?? []).map((link: Json) => `${hexOf(link.traceId)} ${hexOf(link.spanId)}`),
  };
}

export function plainOf(attributes: Json[] = []): Record<string, Json> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf(value: Json): Json {
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(valueOf);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.doubleValue ?? value.boolValue;
}

function hexOf(bytes: Json): string {
  if (typeof bytes === "string")
    return /^[0-9a-f]*$/.test(bytes) ? bytes : Buffer.from(bytes, "base64").toString("hex");
  return Buffer.from(bytes ?? []).toString("hex");
}

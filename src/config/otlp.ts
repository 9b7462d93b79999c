/**
 * How telemetry is sent, in the variables that OpenTelemetry gives every program (headers hold keys, so that they are
 * taken from the environment alone).
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
import { type Static, Type } from "@sinclair/typebox";
import type { Environment } from "./environment.ts";

export const Otlp = Type.Object({
  headers: Type.Record(Type.String(), Type.String()),
  /** Of one attempt. */
  timeoutMs: Type.Integer({ minimum: 1 }),
  /** How often metrics are sent. */
  intervalMs: Type.Integer({ minimum: 100 }),
  compression: Type.Union([Type.Literal("gzip"), Type.Literal("none")]),
  /** Attributes of the resource, the service's name among them. */
  resource: Type.Record(Type.String(), Type.String()),
});
export type Otlp = Static<typeof Otlp>;

export function otlpOf(environment: Environment): Otlp {
  const service = environment["OTEL_SERVICE_NAME"];
  return {
    headers: listOf(environment["OTEL_EXPORTER_OTLP_HEADERS"]),
    timeoutMs: millis(environment["OTEL_EXPORTER_OTLP_TIMEOUT"], 10_000),
    intervalMs: Math.max(100, millis(environment["OTEL_METRIC_EXPORT_INTERVAL"], 60_000)),
    compression: environment["OTEL_EXPORTER_OTLP_COMPRESSION"] === "none" ? "none" : "gzip",
    resource: {
      ...listOf(environment["OTEL_RESOURCE_ATTRIBUTES"]),
      ...(service ? { "service.name": service } : {}),
    },
  };
}

/** `name=value,name=value`, values percent-encoded (W3C Baggage); what is no pair is passed over, as it asks. */
function listOf(text: string | undefined): Record<string, string> {
  const found: Record<string, string> = {};
  for (const pair of (text ?? "").split(",")) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, at).trim();
    if (at < 1 || !/^[^\s"(),/:;<=>?@[\\\]{}]+$/.test(name)) continue;
    found[name] = decoded(pair.slice(at + 1).trim());
  }
  return found;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // a sign of its own, as many write it
  }
}

function millis(text: string | undefined, usual: number): number {
  return /^\d{1,9}$/.test(text ?? "") && Number(text) > 0 ? Number(text) : usual;
}

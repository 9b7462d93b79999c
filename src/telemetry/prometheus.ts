/**
 * Metrics as Prometheus reads them: its text format 0.0.4, or OpenMetrics 1.0 for who asks for it (which also says when
 * a counter began). Names follow OpenTelemetry's translation: dots become underscores, units are spelled out.
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
 */
import type { Instrument, Metric, Series } from "./registry.ts";

export type Exposition = { readonly contentType: string; readonly body: string };

type Form = "text" | "openmetrics";

const TYPES: Readonly<Record<Form, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

export function exposition(metrics: readonly Metric[], accept: string | null): Exposition {
  const form = formFor(accept);
  const blocks = metrics.filter(({ series }) => series.length > 0).map((metric) => blockOf(metric, form));
  const end = form === "openmetrics" ? "# EOF\n" : "";
  return { contentType: TYPES[form], body: blocks.join("") + end };
}

/** The one that is wanted more (RFC 9110 12.5.1); the plain text, when both are wanted alike or neither. */
export function formFor(accept: string | null): Form {
  const wanted = (type: string) =>
    Math.max(
      0,
      ...(accept ?? "").split(",").map((part) => {
        const [name, ...parameters] = part.split(";").map((word) => word.trim().toLowerCase());
        if (name !== type) return 0;
        const q = parameters.find((word) => word.startsWith("q="))?.slice(2);
        return q === undefined ? 1 : Number(q) || 0;
      }),
    );
  return wanted("application/openmetrics-text") > wanted("text/plain") ? "openmetrics" : "text";
}

/** The family's name, without what a kind adds. */
export function familyOf({ name, unit }: Instrument): string {
  const base = name.replaceAll(/[^a-zA-Z0-9_:]/g, "_");
  const spelled = UNITS[unit];
  return spelled === undefined || base.endsWith(`_${spelled}`) ? base : `${base}_${spelled}`;
}

const UNITS: Readonly<Record<string, string>> = { s: "seconds", By: "bytes" };

/** What queries may ask for. */
export function sampleNames(instrument: Instrument): string[] {
  const family = familyOf(instrument);
  if (instrument.kind === "gauge") return [family];
  if (instrument.kind === "counter") return [`${family}_total`];
  return [`${family}_bucket`, `${family}_sum`, `${family}_count`];
}

function blockOf({ instrument, series }: Metric, form: Form): string {
  const family = familyOf(instrument);
  const { kind, help, unit } = instrument;
  const titled = kind === "counter" && form === "text" ? `${family}_total` : family;
  const lines = [`# HELP ${titled} ${escapeHelp(help, form)}`, `# TYPE ${titled} ${kind}`];
  if (form === "openmetrics" && UNITS[unit] !== undefined) lines.push(`# UNIT ${family} ${UNITS[unit]}`);
  for (const one of series) lines.push(...samplesOf(instrument, family, one, form));
  return `${lines.join("\n")}\n`;
}

function samplesOf(instrument: Instrument, family: string, series: Series, form: Form): string[] {
  const labels = instrument.labels.flatMap((name, n) => {
    const value = series.values[n] ?? "";
    // A label without a value is the same as none.
    return value === "" ? [] : [`${labelName(name)}="${escapeLabel(value)}"`];
  });
  const all = labels.join(",");
  const braced = all === "" ? "" : `{${all}}`;
  const created = form === "openmetrics" ? [`${family}_created${braced} ${series.created / 1000}`] : [];
  switch (instrument.kind) {
    case "gauge":
      return [`${family}${braced} ${number(series.sum)}`];
    case "counter":
      return [`${family}_total${braced} ${number(series.sum)}`, ...created];
    case "histogram": {
      const bounds = [...(instrument.bounds ?? []), Infinity];
      let below = 0;
      const buckets = bounds.map((bound, n) => {
        below += series.buckets[n] ?? 0;
        const le = bound === Infinity ? "+Inf" : boundText(bound, form);
        return `${family}_bucket{${all === "" ? "" : `${all},`}le="${le}"} ${below}`;
      });
      return [
        ...buckets,
        `${family}_sum${braced} ${number(series.sum)}`,
        `${family}_count${braced} ${series.count}`,
        ...created,
      ];
    }
    default:
      return instrument.kind satisfies never;
  }
}

/** OpenMetrics writes bounds as floats, so that one bound has one spelling. */
function boundText(bound: number, form: Form): string {
  return form === "openmetrics" && Number.isInteger(bound) ? `${bound}.0` : String(bound);
}

function number(value: number): string {
  return String(value);
}

export function labelName(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9_]/g, "_");
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\r", " ");
}

function escapeHelp(text: string, form: Form): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return form === "openmetrics" ? escaped.replaceAll('"', '\\"') : escaped;
}

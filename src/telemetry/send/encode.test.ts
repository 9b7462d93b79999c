import { expect, test } from "bun:test";
import fc from "fast-check";
import root from "otlp-messages/build/src/generated/root.js";
import { row } from "../rows.testkit.ts";
import { semconv } from "../semconv.ts";
import { pagesAt, spanOf } from "../trace/spans.ts";
import { type Encoder, loadEncoder, type Protocol, timeOf } from "./encode.ts";

const origin = { resource: { "service.name": "x" }, name: "scope", version: "1", schemaUrl: null };
const place = { trace: "4bf92f3577b34da6a3ce929d0e0e4736", span: "00f067aa0ba902b7" };
// oxlint-disable-next-line no-explicit-any
const trace = (root as any).opentelemetry.proto.collector.trace.v1;
const encoders = new Map<Protocol, Encoder>();
for (const protocol of ["http/protobuf", "http/json"] as const)
  encoders.set(protocol, await loadEncoder(protocol, origin));

const hostile = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom("\ud800", "a\udfff", "\0", "x".repeat(5_000), "__proto__", ""),
);

test("whatever strangers say, the messages can be read back, and hold no half of a character", () => {
  const fields = fc.record({
    model: hostile,
    upstream: hostile,
    client: hostile,
    finish: hostile,
    error: hostile,
    error_type: hostile,
    rules: fc.array(hostile, { maxLength: 200 }),
    target: hostile,
  });
  fc.assert(
    fc.property(fields, (said) => {
      const at = { place, parent: null, links: [] };
      const ready = { kind: "model", row: row({ ...said, status: 500 }), at, run: said.model } as const;
      const span = spanOf(ready, semconv("1.42"), pagesAt("http://page"));
      for (const [protocol, encoder] of encoders) {
        const bytes = encoder.spans([span]);
        const text = new TextDecoder("utf-8", { fatal: true });
        const read =
          protocol === "http/json"
            ? JSON.parse(text.decode(bytes))
            : trace.ExportTraceServiceRequest.toObject(trace.ExportTraceServiceRequest.decode(bytes));
        const [told] = read.resourceSpans[0].scopeSpans[0].spans;
        expect(JSON.stringify(told)).not.toMatch(/\\ud[89a-f]/);
        // What names no model, no tool and no client still says these.
        expect(told.attributes.length).toBeGreaterThanOrEqual(10);
        expect(bytes.byteLength).toBeLessThan(250_000);
      }
    }),
    {
      numRuns: 60,
      examples: [
        [
          {
            model: "",
            upstream: "",
            client: "",
            finish: "",
            error: "\ud800",
            error_type: "\ud800",
            rules: [],
            target: "",
          },
        ],
      ],
    },
  );
});

test("a credential in a name, a list or a sentence leaves as a mask", () => {
  const key = "sk-proj-Zq3vX8mK2nB7wL5tR9yU4cE6aH1dF0gJ";
  const its = row({
    model: key,
    finish: key,
    client: `curl ${key}`,
    error: `bad key ${key}`,
    rules: [key],
    status: 401,
  });
  const at = { place, parent: null, links: [] };
  const span = spanOf({ kind: "model", row: its, at, run: key }, semconv("1.42"), pagesAt("http://page"));
  for (const encoder of encoders.values())
    expect(new TextDecoder().decode(encoder.spans([span]))).not.toContain(key.slice(8, 30));
});

test("a time is whole seconds and nanoseconds, whatever the fraction", () => {
  expect([timeOf(0), timeOf(1_700_000_000_123.456), timeOf(999.999_999_9)]).toEqual([
    [0, 0],
    [1_700_000_000, 123_456_055],
    [0, 999_999_999],
  ]);
});

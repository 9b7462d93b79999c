import { expect, test } from "bun:test";
import { ConfigError } from "./options.ts";
import { otlpOf } from "./otlp.ts";
import { readConfig } from "../config.ts";

test("headers and attributes are lists of pairs, percent-encoded; what is no pair is passed over", () => {
  const { headers, resource } = otlpOf({
    OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20b, x-tenant = blue ,broken,=none,bad name=1,x-raw=50%",
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=ci,service.name=other",
    OTEL_SERVICE_NAME: "logger",
  });
  expect(headers).toEqual({ "api-key": "a b", "x-tenant": "blue", "x-raw": "50%" });
  expect(resource).toEqual({ "deployment.environment.name": "ci", "service.name": "logger" });
});

test("what the variables of other programs say is no reason not to start", () => {
  const odd = {
    OTEL_EXPORTER_OTLP_TIMEOUT: "soon",
    OTEL_METRIC_EXPORT_INTERVAL: "1",
    OTEL_EXPORTER_OTLP_COMPRESSION: "brotli",
    OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/",
  };
  const { otlp, otlpProtocol, otlpUrl, otlpContent, semconv } = readConfig([], odd);
  expect(otlp).toMatchObject({ timeoutMs: 10_000, intervalMs: 100, compression: "gzip" });
  expect([otlpProtocol, otlpUrl, otlpContent, semconv]).toEqual([
    "http/protobuf",
    "http://collector:4318",
    false,
    "1.42",
  ]);
});

test("a wrong word is one sentence", () => {
  const says = (...args: string[]) => {
    try {
      readConfig(args, {});
      return "";
    } catch (error) {
      return error instanceof ConfigError ? error.message : "";
    }
  };
  expect(says("--semconv", "9")).toBe('--semconv must be one of 1.41, 1.42, 0.1, not "9"');
  expect(says("--otlp-protocol", "http/xml")).toContain("http/protobuf or http/json");
  expect(says("--otlp", "collector:4317")).toContain("http:// or https://");
  expect(says("--otlp", "http://x", "--semconv", "v0.1", "--otlp-content")).toBe("");
});

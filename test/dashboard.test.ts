/** The Grafana dashboard asks for metrics and labels that there are, and docs/telemetry.md names all that there are. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { DEFAULT_SEMCONV, SEMCONV_VERSIONS } from "../src/fact/semconv-versions.ts";
import { instruments } from "../src/telemetry/instruments.ts";
import { familyOf, labelName, sampleNames } from "../src/telemetry/prometheus.ts";
import { semconv } from "../src/telemetry/semconv.ts";
import { newFolder, root } from "./program.ts";

type Target = { expr: string };
type Panel = {
  title: string;
  type: string;
  targets?: Target[];
  gridPos: Record<"x" | "y" | "w" | "h", number>;
};

const dashboard = await Bun.file(join(root, "docs/grafana-dashboard.json")).json();
const panels: Panel[] = dashboard.panels;
const asked = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const all = Object.values(instruments(semconv(DEFAULT_SEMCONV))).filter(({ name }) => name !== "");
const bySample = new Map(all.flatMap((one) => sampleNames(one).map((name) => [name, one] as const)));

test("every query asks for metrics that there are, by labels that they have", () => {
  expect(asked.length).toBeGreaterThan(20);
  const wrong = asked.flatMap((expr) => {
    const words = [...new Set(expr.match(/\b(?:gen_ai|mcp|process)_\w+/g) ?? [])];
    const metrics = words.flatMap((word) => bySample.get(word) ?? []);
    const labels = new Set(metrics.flatMap(({ labels: names }) => names.map(labelName)));
    const grouped = [...expr.matchAll(/\bby \(([^)]*)\)|\{([^}]*)\}/g)].flatMap(([, by, selected]) =>
      by !== undefined
        ? by.split(/,\s*/)
        : [...selected!.matchAll(/(\w+)\s*(?:=~?|!=|!~)/g)].map(([, name]) => name!),
    );
    const strange = grouped.filter((name) => name !== "le" && name !== "instance" && !labels.has(name));
    const unknown = words.filter((word) => !bySample.has(word) && !labels.has(word));
    return metrics.length === 0 || strange.length + unknown.length > 0 ? [{ expr, strange, unknown }] : [];
  });
  expect(wrong).toEqual([]);
});

test("no panel stands on another", () => {
  const overlaps = panels.flatMap((one, n) =>
    panels
      .slice(n + 1)
      .filter(({ gridPos: b }) => {
        const a = one.gridPos;
        return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
      })
      .map((other) => `${one.title} / ${other.title}`),
  );
  expect(overlaps).toEqual([]);
});

test.skipIf(!Bun.which("promtool"))("promtool (when installed) understands every query", async () => {
  const plain = (expr: string) =>
    expr.replaceAll(/\$__(?:rate_interval|range)/g, "5m").replaceAll(/"\$\w+"/g, '".*"');
  const rules = asked.map((expr, n) => ({ record: `q${n}`, expr: plain(expr) }));
  const path = join(await newFolder(), "rules.yml");
  await Bun.write(path, JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
  const check = Bun.spawn(["promtool", "check", "rules", path], { stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([
    new Response(check.stdout).text(),
    new Response(check.stderr).text(),
  ]);
  expect([await check.exited, stdout.includes(`${rules.length} rules found`), stderr]).toEqual([0, true, ""]);
});

test("docs/telemetry.md names every metric", async () => {
  const text = await Bun.file(join(root, "docs/telemetry.md")).text();
  const families = new Set(
    SEMCONV_VERSIONS.flatMap((version) => Object.values(instruments(semconv(version))))
      .filter(({ name }) => name !== "")
      .map(familyOf),
  );
  expect([...families].filter((family) => !text.includes(family))).toEqual([]);
});

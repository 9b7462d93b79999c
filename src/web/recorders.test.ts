import { expect, test } from "bun:test";
import type { RecorderLine } from "../fact/recorder-state.ts";
import { render } from "./html.ts";
import { translator } from "./language.ts";
import { recordersLine } from "./recorders.ts";

const line = (about: Partial<RecorderLine> = {}): RecorderLine => ({
  project: "web",
  recorder: "laptop",
  user: "ann",
  host: "h",
  now: 0,
  version: "1",
  backlog: 0,
  lag_ms: 0,
  shipped: 5,
  errors: 0,
  held: 0,
  refused: 0,
  trouble: null,
  silent_ms: 2_000,
  skew_ms: 3,
  ...about,
});
const shown = (lang: "en" | "zh", lines: RecorderLine[]) => render(recordersLine(translator(lang), lines));

test("a recorder that is well is told without a warning, one that is not with its reason, as text", () => {
  expect(shown("en", [line()])).not.toContain("warn");
  expect(shown("en", [line()])).toContain("1 recorder");
  const away = shown("en", [line({ backlog: 12, lag_ms: 65_000, trouble: "<b>no</b>" })]);
  expect([away.includes("12 waiting"), away.includes("65 s ago"), away.includes("&lt;b&gt;no")]).toEqual([
    true,
    true,
    true,
  ]);
  expect(away).toContain('class="warn"');
  expect(shown("en", [line({ skew_ms: -120_000 })])).toContain("its clock is off by -120 s");
  expect(shown("zh", [line({ silent_ms: 40_000 })])).toContain("40 秒前");
  expect(shown("zh", [])).toContain("最近一天没有记录器上报");
});

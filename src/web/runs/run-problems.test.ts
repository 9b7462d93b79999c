import { expect, test } from "bun:test";
import type { StepProblem } from "../../fact/rows.ts";
import { runRow, stepRow } from "../../index/contract-rows.testkit.ts";
import { render } from "../html.ts";
import { translator } from "../language.ts";
import { problemsOf } from "./run-problems.ts";

const view = { t: translator("en"), lang: "en" } as const;

function drawn(...steps: StepProblem[][]) {
  const rows = steps.map((problems, n) => stepRow(`s${n}`, "r", { name: `tool_${n}`, problems }));
  const text = render(problemsOf(view, runRow("r", {}), rows));
  const titles = [...text.matchAll(/<h2>(.*?)<\/h2>/gs)].map(([, title]) =>
    title!.replaceAll(/<[^>]*>/g, "").trim(),
  );
  const cards = [...text.matchAll(/<li.*?<\/li>/gs)].map(([card]) =>
    [...card.matchAll(/step=(\w+)/g)].map(([, id]) => id),
  );
  return { titles, cards, text };
}

const note: StepProblem = { rule: "join/result-form", severity: "note", what: "only one form was shown" };
const cut: StepProblem = { rule: "join/result-cut", severity: "warning", what: "10 of 20 characters" };
const failed: StepProblem = { rule: "run/failed", severity: "error", what: "no answer" };

test("what is wrong comes first and is counted apart from what is only worth knowing", () => {
  const { titles, cards } = drawn([note, cut], [note], [failed]);
  expect(titles).toEqual(["Problems 2", "Worth knowing 2"]);
  expect(cards).toEqual([["s2"], ["s0"], ["s0", "s1"]]);
});

test("a run without a fault says so, also where something is worth knowing", () => {
  const { titles, text } = drawn([note]);
  expect(titles).toEqual(["Problems", "Worth knowing 1"]);
  expect(text).toContain("Nothing was found.");
  expect(drawn([]).titles).toEqual(["Problems"]);
});

test("of many steps the first are named and the others counted", () => {
  const { titles, cards, text } = drawn(...Array.from({ length: 30 }, () => [cut]));
  expect(titles).toEqual(["Problems 30"]);
  expect([cards.length, cards[0]!.length]).toEqual([1, 8]);
  expect(text).toContain("+22");
});

import { expect, test } from "bun:test";
import { runProblems } from "./explain.ts";

test("every problem that a run can have is explained, in both languages, and nothing else is", async () => {
  const rules = new Set<string>();
  for await (const file of new Bun.Glob("*.ts").scan(import.meta.dir)) {
    if (/\.test\.ts$|explain\.ts$|testkit/.test(file)) continue;
    const source = await Bun.file(`${import.meta.dir}/${file}`).text();
    for (const [, rule] of source.matchAll(/"(join\/[a-z-]+)"/g)) rules.add(rule!);
  }
  expect(Object.keys(runProblems).toSorted()).toEqual([...rules].toSorted());
  expect(Object.values(runProblems).every(({ en, zh }) => en !== "" && /\p{Script=Han}/u.test(zh))).toBe(
    true,
  );
});

import { expect, test } from "bun:test";
import { LetGo } from "./let-go.ts";

test("the collector is called after a large exchange, and after many small ones together", () => {
  let calls = 0;
  const letGo = new LetGo(() => calls++);
  letGo.done(4 * 1024 * 1024);
  expect(calls).toBe(0);
  letGo.done(4 * 1024 * 1024 + 1);
  expect(calls).toBe(1);
  for (let n = 0; n < 31; n++) letGo.done(1020 * 1024);
  expect(calls).toBe(1);
  letGo.done(1020 * 1024);
  expect(calls).toBe(2);
  for (let n = 0; n < 8_192; n++) letGo.done(0);
  expect(calls).toBe(3);
});

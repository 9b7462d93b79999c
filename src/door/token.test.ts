import { expect, test } from "bun:test";
import { Brake, isToken } from "./token.ts";

test("a token is itself and nothing else", () => {
  expect(isToken("abcdefgh", "abcdefgh")).toBe(true);
  for (const said of ["", "abcdefg", "abcdefghi", "ABCDEFGH"]) expect(isToken(said, "abcdefgh")).toBe(false);
});

test("guesses are few for each address, and come back one by one", () => {
  let now = 0;
  const brake = new Brake(() => now);
  let guesses = 0;
  while (brake.mayTry("10.0.0.1")) {
    brake.wrong("10.0.0.1", `guess ${guesses++}`);
  }
  expect(guesses).toBe(10);
  expect(brake.mayTry("10.0.0.2")).toBe(true);
  now += 2000;
  expect(brake.mayTry("10.0.0.1")).toBe(true);
  brake.wrong("10.0.0.1", "another");
  expect(brake.mayTry("10.0.0.1")).toBe(false);
  now += 3_600_000;
  for (let n = 0; n < 10; n++) brake.wrong("10.0.0.1", `again ${n}`);
  expect(brake.mayTry("10.0.0.1")).toBe(false);
});

test("addresses that guessed are remembered up to a number", () => {
  const brake = new Brake(() => 0);
  for (let n = 0; n < 10; n++) brake.wrong("first", String(n));
  for (let n = 0; n < 10_000; n++) brake.wrong(`other ${n}`, "x");
  expect(brake.mayTry("first")).toBe(true);
});

test("a token that a browser still keeps is one guess, however often it is said", () => {
  const brake = new Brake(() => 0);
  for (let n = 0; n < 100; n++) brake.wrong("10.0.0.1", "of yesterday");
  expect(brake.mayTry("10.0.0.1")).toBe(true);
});

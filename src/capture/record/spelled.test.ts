import { expect, test } from "bun:test";
import { spelled } from "./spelled.ts";

const words = (credential: string, source: "signed in" | "found" = "signed in") =>
  spelled(credential, source).flatMap(({ spellings }) => spellings.map(({ text }) => text));

test("what a client signs in with again and again is worked out once", () => {
  expect(spelled("sk-bench-0123456789abcdef", "signed in")).toBe(
    spelled("sk-bench-0123456789abcdef", "signed in"),
  );
});

test("of a user and a password, the password is looked for by itself", () => {
  const basic = Buffer.from("me:an-odd/password-of-mine").toString("base64");
  expect(words(basic)).toContain("an-odd\\/password-of-mine");
  expect(words(basic)).toContain(basic);
});

test("what would be found by chance is not looked for", () => {
  expect([words("hello"), words("gpt-5", "found")]).toEqual([[], []]);
});

test("of the many that strangers sign in with the last are known, and no long one", () => {
  const first = spelled("first-0123456789abcdef", "signed in");
  for (let n = 0; n < 300; n++) spelled(`other-${n}-0123456789abcdef`, "signed in");
  expect(spelled("first-0123456789abcdef", "signed in")).not.toBe(first);
  const long = "0123456789abcdef".repeat(100);
  expect(spelled(long, "signed in")).not.toBe(spelled(long, "signed in"));
});

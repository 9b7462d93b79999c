import { expect, test } from "bun:test";
import { complete } from "./complete.ts";

const known = {
  model: [
    { value: "gpt-5", count: 12 },
    { value: "claude sonnet", count: 3 },
  ],
  dialect: [{ value: "openai-chat", count: 9 }],
};
const options = (typed: string, caret = typed.length) =>
  complete(typed, caret, known).options.map(({ text }) => text);

test("names of fields are offered, then their values from the traffic, then examples", () => {
  expect(options("mo")).toEqual(["model:"]);
  expect(options("-to")).toEqual(["-total:", "-tokens:", "-tool:"]);
  expect(options("模")).toEqual(["model:"]);
  expect(options("model:")).toEqual(["model:gpt-5 ", 'model:"claude sonnet" ']);
  expect(options("model:SON")).toEqual(['model:"claude sonnet" ']);
  expect(options("x api:open")).toEqual(["api:openai-chat "]);
  expect(options("is:a")).toEqual(["is:streaming ", "is:aborted ", "is:starred "]);
  expect(options("ttft:")).toContain("ttft:>1s ");
  expect(options("nothing:")).toEqual([]);
});

test("only the word at the cursor is replaced", () => {
  expect(complete("is:error mod has:image", 12, known)).toMatchObject({ start: 9, end: 12 });
});

test("in the list of runs their own fields come first, with what runs have", () => {
  const runs = (typed: string) =>
    complete(typed, typed.length, { server: [{ value: "weather", count: 2 }] }, "runs").options;
  expect(runs("s").map(({ text }) => text)).toEqual([
    "state:",
    "server:",
    "steps:",
    "status:",
    "socket:",
    "since:",
  ]);
  expect(runs("server:")).toEqual([{ text: "server:weather ", count: 2 }]);
  expect(runs("state:wai").map(({ text }) => text)).toEqual(["state:waiting "]);
  expect(options("server:")).toEqual([]);
});

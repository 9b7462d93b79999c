/** The demo's steps are told as they are printed, and what went wrong is said. */
import { expect, test } from "bun:test";
import { demoRunner } from "./run-demo.ts";

const printing = (script: string) => [process.execPath, "-e", script];

test("each line of the transcript is a step, while it runs; a second run joins the first", async () => {
  const command = printing(
    `console.log("start  weather"); console.log("not a step"); await Bun.sleep(50); console.log("user   你好");`,
  );
  const { runDemo, demoProgress } = demoRunner({ en: command, zh: command });
  expect(demoProgress()).toBeNull();
  const [first, second] = [runDemo("en"), runDemo("zh")];
  expect(demoProgress()).toMatchObject({ running: true, failed: null });
  await Promise.all([first, second]);
  expect(demoProgress()).toMatchObject({
    running: false,
    steps: [
      { kind: "start", words: "weather" },
      { kind: "not", words: "a step" },
      { kind: "user", words: "你好" },
    ],
  });
});

test("an agent that fails says why, and the next run begins anew", async () => {
  const failing = printing(`console.log("user   hello"); console.error("no proxy"); process.exit(3);`);
  const { runDemo, demoProgress } = demoRunner({ en: failing, zh: printing(";") });
  expect(runDemo("en")).rejects.toThrow("the demo ended with code 3: no proxy");
  await runDemo("en").catch(() => {});
  expect(demoProgress()).toMatchObject({ running: false, failed: "the demo ended with code 3: no proxy" });
  await runDemo("zh");
  expect(demoProgress()).toMatchObject({ running: false, failed: null, steps: [] });
});

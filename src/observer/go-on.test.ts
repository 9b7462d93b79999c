import { expect, test } from "bun:test";
import { goOn } from "./go-on.ts";

test("a thread in which a timer, a promise and the stack fail says so, and answers", async () => {
  // In a program of its own: the test runner takes what is thrown in its threads for itself.
  const thread = JSON.stringify(new URL("./fixtures/failing-thread.ts", import.meta.url).href);
  const script = `
    const worker = new Worker(${thread});
    let said = 0;
    worker.onmessage = ({ data }) => {
      console.log(data);
      said++;
      if (said === 3) worker.postMessage("well?");
      if (said === 4) process.exit(0);
    };`;
  const program = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe" });
  const said = (await new Response(program.stdout).text()).trim().split("\n");
  expect(said.toSorted()).toEqual(["Maximum call stack size exceeded.", "a promise", "a timer", "answers"]);
});

test("whatever was thrown is told in words", () => {
  const heard = new Map<string, (error: unknown) => void>();
  const told: string[] = [];
  goOn({ on: (event, hear) => heard.set(event, hear) }, (why) => told.push(why));
  for (const odd of [undefined, null, 5, "words", {}]) heard.get("uncaughtException")!(odd);
  expect(told).toEqual(["undefined", "null", "5", "words", "[object Object]"]);
});

import { expect, test } from "bun:test";
import { Turns } from "./turns.ts";

const immediate = () => new Promise<void>((next) => setImmediate(next));

test("what is put back comes before what came meanwhile, and the end behind all of it", async () => {
  const read: string[] = [];
  const flow: string[] = [];
  const turns = new Turns({ pause: () => flow.push("pause"), resume: () => flow.push("resume") }, (bytes) => {
    const text = bytes.toString();
    read.push(text[0]!);
    if (text.length > 1) turns.again(bytes.subarray(1));
  });
  turns.data(Buffer.from("abc"));
  turns.data(Buffer.from("de"));
  const { promise, resolve } = Promise.withResolvers<void>();
  turns.whenRead(() => {
    read.push("end");
    resolve();
  });
  expect(read).toEqual(["a"]);
  await promise;
  expect(read).toEqual(["a", "b", "c", "d", "e", "end"]);
  expect([flow[0], flow.at(-1)]).toEqual(["pause", "resume"]);
  turns.data(Buffer.from("f"));
  turns.whenRead(() => read.push("at once"));
  expect(read.slice(-2)).toEqual(["f", "at once"]);
});

test("two sources have their turns one after the other", async () => {
  const order: string[] = [];
  const source = (name: string) => {
    const turns: Turns = new Turns({ pause: () => {}, resume: () => {} }, (bytes) => {
      order.push(name);
      if (bytes.byteLength > 1) turns.again(bytes.subarray(1));
    });
    return turns;
  };
  source("a").data(Buffer.alloc(4));
  source("b").data(Buffer.alloc(4));
  while (order.length < 8) await immediate();
  expect(order.join("")).toBe("abababab");
});

test("what is dropped is read by nobody", async () => {
  let reads = 0;
  const turns = new Turns({ pause: () => {}, resume: () => {} }, () => reads++);
  turns.again(Buffer.from("x"));
  turns.whenRead(() => reads++);
  turns.drop();
  for (let n = 0; n < 3; n++) await immediate();
  expect(reads).toBe(0);
});

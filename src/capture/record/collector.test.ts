import { expect, test } from "bun:test";
import { Collector } from "./collector.ts";

const MB = 1024 * 1024;

function counted() {
  const seen = { young: 0, all: 0 };
  let size = 10 * MB;
  const collector = new Collector({
    young: () => seen.young++,
    all: () => seen.all++,
    size: () => size,
  });
  return { seen, collector, grow: (bytes: number) => (size += bytes) };
}

test("what is young is collected by bytes, and all of it only when the heap has grown", () => {
  const { seen, collector, grow } = counted();
  for (let n = 0; n < 64; n++) collector.released(MB);
  expect(seen).toEqual({ young: 4, all: 0 });
  grow(48 * MB);
  for (let n = 0; n < 64; n++) collector.released(MB);
  expect(seen).toEqual({ young: 8, all: 1 });
});

test("a heap that is large for another reason is not looked through again and again", () => {
  const { seen, collector, grow } = counted();
  for (let n = 0; n < 1000; n++) {
    grow(MB);
    collector.released(100 * MB);
  }
  expect(seen.all).toBeLessThanOrEqual(1000 / 48);
});

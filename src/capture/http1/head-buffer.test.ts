import { expect, test } from "bun:test";
import fc from "fast-check";
import { HeadBuffer } from "./head-buffer.ts";
import { LARGEST_HEAD } from "./head.ts";

test("any cut of a head gives the same head and the same rest", () => {
  const head = Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const all = Buffer.concat([head, Buffer.from("rest")]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 })), (cuts) => {
      const buffer = new HeadBuffer();
      let at = 0;
      let looked = buffer.look();
      for (const size of [...cuts, all.byteLength]) {
        if (at >= all.byteLength) break;
        buffer.add(all.subarray(at, at + size));
        at += size;
        looked = buffer.look();
        expect(looked).toBe(at >= head.byteLength ? head.byteLength : "more");
      }
      expect(buffer.take()).toEqual(all.subarray(0, at));
      expect(buffer.size).toBe(0);
    }),
  );
});

test("a bare LF is found wherever the packets are cut", () => {
  for (const text of ["GET / HTTP/1.1\nHost: x\n\n", "GET / HTTP/1.1\n\r\n"])
    for (let cut = 1; cut < text.length; cut++) {
      const buffer = new HeadBuffer();
      buffer.add(Buffer.from(text.slice(0, cut)));
      buffer.look();
      buffer.add(Buffer.from(text.slice(cut)));
      expect(buffer.look()).toBe("bare-lf");
    }
});

test("a head in packets of one byte is searched and copied in the order of its length", () => {
  const buffer = new HeadBuffer();
  const byte = Buffer.from("a");
  let copied = 0;
  let before = buffer.bytes.buffer;
  for (let n = 0; n < LARGEST_HEAD; n++) {
    buffer.add(byte);
    if (buffer.bytes.buffer !== before) copied += buffer.size;
    before = buffer.bytes.buffer;
    if (n % 1000 === 0) expect(buffer.look()).toBe("more");
  }
  expect(copied).toBeLessThan(3 * LARGEST_HEAD);
  buffer.add(byte);
  expect(buffer.look()).toBe("too-large");
});

test("what was taken is not written over by what comes next", () => {
  const buffer = new HeadBuffer();
  for (const text of ["one", "two"]) buffer.add(Buffer.from(text));
  const taken = buffer.take();
  for (const text of ["three", "four"]) buffer.add(Buffer.from(text));
  expect(taken.toString()).toBe("onetwo");
  expect(buffer.take().toString()).toBe("threefour");
});

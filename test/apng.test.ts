/** A picture that moves shows, frame by frame, what its screenshots showed. */
import { expect, test } from "bun:test";
import { crc32, deflateSync, inflateSync } from "node:zlib";
import { animated } from "./apng.ts";

const [WIDTH, HEIGHT] = [7, 5];

/** As a browser would write it: RGB, no filter. */
function screenshot(pixels: Uint8Array): Uint8Array {
  const rows = Array.from({ length: HEIGHT }, (_, y) => [
    0,
    ...pixels.subarray(y * WIDTH * 3, (y + 1) * WIDTH * 3),
  ]);
  const header = [0, 0, 0, WIDTH, 0, 0, 0, HEIGHT, 8, 2, 0, 0, 0];
  return Buffer.concat([
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", Uint8Array.from(header)),
    chunk("IDAT", deflateSync(Uint8Array.from(rows.flat()))),
    chunk("IEND", new Uint8Array()),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = Buffer.alloc(12 + data.byteLength);
  out.writeUInt32BE(data.byteLength);
  out.write(type, 4, "latin1");
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.byteLength)), 8 + data.byteLength);
  return out;
}

/** Each frame drawn over the one before, with how long it stays. */
function played(apng: Uint8Array): { pixels: Uint8Array; ms: number }[] {
  const file = Buffer.from(apng);
  const canvas = new Uint8Array(WIDTH * HEIGHT * 3);
  const out: { pixels: Uint8Array; ms: number }[] = [];
  let [width, height, left, top, ms] = [0, 0, 0, 0, 0];
  for (let at = 8; at < file.byteLength; at += 12 + file.readUInt32BE(at)) {
    const [length, type] = [file.readUInt32BE(at), file.toString("latin1", at + 4, at + 8)];
    expect(file.readUInt32BE(at + 8 + length)).toBe(crc32(file.subarray(at + 4, at + 8 + length)));
    if (type === "fcTL") {
      [width, height, left, top] = [12, 16, 20, 24].map((n) => file.readUInt32BE(at + n)) as [
        number,
        number,
        number,
        number,
      ];
      ms = file.readUInt16BE(at + 28);
    }
    if (type !== "IDAT" && type !== "fdAT") continue;
    const lines = inflateSync(file.subarray(at + (type === "fdAT" ? 12 : 8), at + 8 + length));
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width * 3; x++) {
        const place = (top + y) * WIDTH * 3 + left * 3 + x;
        const above = y === 0 ? 0 : canvas[place - WIDTH * 3]!;
        canvas[place] = lines[y * (width * 3 + 1) + 1 + x]! + above;
      }
    out.push({ pixels: canvas.slice(), ms });
  }
  return out;
}

test("every frame is shown as it was, and what changed nothing makes the one before stay", () => {
  const white = new Uint8Array(WIDTH * HEIGHT * 3).fill(255);
  const dot = white.slice();
  dot.set([9, 8, 7], (2 * WIDTH + 3) * 3);
  const noise = white.map((_, n) => (n * 97) % 256);
  const frames = [white, dot, dot, noise, white].map((pixels, n) => ({
    png: screenshot(pixels),
    ms: 100 + n,
  }));
  expect(played(animated(frames))).toEqual([
    { pixels: white, ms: 100 },
    { pixels: dot, ms: 203 },
    { pixels: noise, ms: 103 },
    { pixels: white, ms: 104 },
  ]);
});

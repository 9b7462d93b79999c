/**
 * Screenshots put together to one picture that moves (APNG, https://www.w3.org/TR/png-3/#apng-frame-based-animation):
 * each frame holds only the rectangle that differs from the one before.
 */
import { crc32, deflateSync, inflateSync } from "node:zlib";

export type Frame = { readonly png: Uint8Array; readonly ms: number };

/** `channels` bytes a pixel, rows from the top, no filter. */
type Picture = { width: number; height: number; channels: 3 | 4; pixels: Uint8Array };
type Rectangle = { x: number; y: number; width: number; height: number };

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);

/** All frames must be of the same size. What does not change anything makes the frame before stay longer. */
export function animated(frames: readonly Frame[]): Uint8Array {
  const shown = distinct(frames);
  const [first] = shown;
  if (!first) throw new Error("a picture that moves needs a frame");
  const { width, height, channels } = first.picture;
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8);
  header.setUint8(9, channels === 3 ? 2 : 6);
  const parts = [SIGNATURE, chunk("IHDR", bytesOf(header)), chunk("acTL", words(shown.length, 0))];
  let sequence = 0;
  let before: Picture | null = null;
  for (const { picture, ms } of shown) {
    const at: Rectangle = before ? changed(before, picture) : { x: 0, y: 0, width, height };
    parts.push(chunk("fcTL", control(sequence++, at, ms)));
    const data = deflateSync(filtered(picture, at), { level: 9 });
    parts.push(before ? chunk("fdAT", words(sequence++), data) : chunk("IDAT", data));
    before = picture;
  }
  parts.push(chunk("IEND"));
  return Buffer.concat(parts);
}

function distinct(frames: readonly Frame[]): { picture: Picture; ms: number }[] {
  const out: { picture: Picture; ms: number }[] = [];
  for (const { png, ms } of frames) {
    const picture = decoded(png);
    const last = out.at(-1);
    if (last && Buffer.compare(last.picture.pixels, picture.pixels) === 0) last.ms += ms;
    else out.push({ picture, ms });
  }
  return out;
}

function changed(before: Picture, now: Picture): Rectangle {
  const { width, height, channels } = now;
  const stride = width * channels;
  const row = (picture: Picture, y: number) => picture.pixels.subarray(y * stride, (y + 1) * stride);
  let [top, bottom, left, right] = [height, 0, stride, 0];
  for (let y = 0; y < height; y++) {
    const [a, b] = [row(before, y), row(now, y)];
    if (Buffer.compare(a, b) === 0) continue;
    [top, bottom] = [Math.min(top, y), y];
    for (let x = 0; x < left; x++) if (a[x] !== b[x]) left = x;
    for (let x = stride - 1; x > right; x--) if (a[x] !== b[x]) right = x;
  }
  const x = Math.floor(left / channels);
  return { x, y: top, width: Math.floor(right / channels) - x + 1, height: bottom - top + 1 };
}

/** Each byte less the one above it: most of a page is the same from row to row. */
function filtered({ width, channels, pixels }: Picture, at: Rectangle): Uint8Array {
  const [stride, length] = [width * channels, at.width * channels];
  const out = new Uint8Array((length + 1) * at.height);
  for (let y = 0; y < at.height; y++) {
    const from = (at.y + y) * stride + at.x * channels;
    out[y * (length + 1)] = UP;
    for (let x = 0; x < length; x++) {
      const above = y === 0 ? 0 : pixels[from - stride + x]!;
      out[y * (length + 1) + 1 + x] = pixels[from + x]! - above;
    }
  }
  return out;
}

const [SUB, UP, AVERAGE, PAETH] = [1, 2, 3, 4];

/** As a browser writes screenshots: 8 bits a channel, with or without alpha, not interlaced. */
function decoded(png: Uint8Array): Picture {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const data: Uint8Array[] = [];
  for (let at = SIGNATURE.length; at < png.byteLength; at += 12 + view.getUint32(at))
    if (Buffer.from(png.subarray(at + 4, at + 8)).toString("latin1") === "IDAT")
      data.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const channels = png[25] === 2 ? 3 : 4;
  if (png[24] !== 8 || (png[25] !== 2 && png[25] !== 6) || png[28] !== 0)
    throw new Error("this screenshot is not written as expected: 8 bits a channel, not interlaced");
  const stride = width * channels;
  const lines = inflateSync(Buffer.concat(data));
  const pixels = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = lines[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < channels ? 0 : pixels[at - channels]!;
      const above = y === 0 ? 0 : pixels[at - stride]!;
      const corner = x < channels || y === 0 ? 0 : pixels[at - stride - channels]!;
      pixels[at] = lines[y * (stride + 1) + 1 + x]! + guessed(filter, left, above, corner);
    }
  }
  return { width, height, channels, pixels };
}

function guessed(filter: number, left: number, above: number, corner: number): number {
  if (filter === SUB) return left;
  if (filter === UP) return above;
  if (filter === AVERAGE) return (left + above) >> 1;
  if (filter !== PAETH) return 0;
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

function control(sequence: number, { x, y, width, height }: Rectangle, ms: number): Uint8Array {
  const delay = new DataView(new ArrayBuffer(6));
  delay.setUint16(0, ms);
  delay.setUint16(2, 1000);
  return Buffer.concat([words(sequence, width, height, x, y), bytesOf(delay)]);
}

function words(...numbers: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  for (const [n, number] of numbers.entries()) view.setUint32(4 * n, number);
  return bytesOf(view);
}

function bytesOf({ buffer }: DataView<ArrayBuffer>): Uint8Array {
  return new Uint8Array(buffer);
}

function chunk(type: string, ...data: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, "latin1"), ...data]);
  return Buffer.concat([words(body.byteLength - 4), body, words(crc32(body))]);
}

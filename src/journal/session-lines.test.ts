import { expect, test } from "bun:test";
import fc from "fast-check";
import { lineSplitter, type Line } from "./session-lines.ts";

const sha256 = (bytes: Uint8Array) => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");

function split(limit: number, pieces: readonly Uint8Array[]): Line[] {
  const splitter = lineSplitter(limit);
  const lines = [...pieces.flatMap((piece) => [...splitter.take(piece)]), ...splitter.end()];
  return lines.map((line) => ({ ...line, bytes: new Uint8Array(line.bytes) }));
}

function cut(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((n) => n % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((to, n) => bytes.subarray(places[n], to));
}

test("any cut of the bytes gives the same lines", () => {
  const piece = fc.constantFrom("a", "é", "世", "😀", "\n", "\r\n", "\r", "\0", '{"x":1}');
  const text = fc.array(piece, { maxLength: 40 }).map((all) => all.join(""));
  fc.assert(
    fc.property(text, fc.array(fc.nat()), fc.integer({ min: 1, max: 12 }), (whole, cuts, limit) => {
      const bytes = new TextEncoder().encode(whole);
      expect(split(limit, cut(bytes, cuts))).toEqual(split(limit, [bytes]));
    }),
  );
});

test("lines within the limit, joined with their line ends, are the bytes that came", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const ends = { lf: "\n", crlf: "\r\n", none: "" };
      const parts = split(1000, [bytes]).flatMap((line) => [line.bytes, Buffer.from(ends[line.eol])]);
      expect(Buffer.concat(parts)).toEqual(Buffer.from(bytes));
    }),
  );
});

test("a line over the limit keeps a beginning of whole characters, its length and the hash of the whole", () => {
  const long = new TextEncoder().encode("世".repeat(100));
  const [line, next] = split(10, [...cut(long, [7, 100, 151]), new TextEncoder().encode("\nok\r\n")]);
  expect(line).toEqual({
    bytes: new TextEncoder().encode("世世世"),
    text: "世世世",
    eol: "lf",
    truncated: { bytes: 300, sha256: sha256(long) },
  });
  expect(next).toEqual({ bytes: new TextEncoder().encode("ok"), text: "ok", eol: "crlf" });
});

test("a line that is not UTF-8 has bytes and no text; a byte order mark stays", () => {
  const [bad, bom] = split(100, [
    Uint8Array.of(0x41, 0xff, 0x0a),
    Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x0a),
  ]);
  expect([bad?.text, bad?.bytes, bom?.text]).toEqual([null, Uint8Array.of(0x41, 0xff), "\ufeff{"]);
});

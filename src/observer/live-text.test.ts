import { expect, test } from "bun:test";
import { createGzip, constants } from "node:zlib";
import { LiveText, type Shown } from "./live-text.ts";

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((next) => setImmediate(next));
}

test("text is shown as it passes, with characters that were cut in two held until they are whole", () => {
  const told: [number, Shown][] = [];
  const live = new LiveText([], [], (t, shown) => told.push([t, shown]));
  const bytes = new TextEncoder().encode("a中b");
  live.push({ t: 1, bytes: bytes.slice(0, 2) });
  live.push({ t: 2, bytes: bytes.slice(2) });
  expect(told).toEqual([
    [1, { text: "a" }],
    [2, { text: "中b" }],
  ]);
});

test("whoever begins to watch in the middle sees what comes from then on, decompressed", async () => {
  const gzip = createGzip();
  const pieces: Uint8Array[] = [];
  gzip.on("data", (bytes: Uint8Array) => pieces.push(bytes));
  for (const text of ["data: one\n\n", "data: two\n\n", "data: three\n\n"]) {
    gzip.write(text);
    await new Promise<void>((done) => gzip.flush(constants.Z_SYNC_FLUSH, done));
  }
  const passed = pieces.filter((piece) => piece.byteLength > 0).map((bytes, n) => ({ t: n, bytes }));
  const told: string[] = [];
  const earlier = passed.slice(0, -1);
  const live = new LiveText([["Content-Encoding", "gzip"]], earlier, (_, shown) =>
    told.push(JSON.stringify(shown)),
  );
  live.push(passed.at(-1)!);
  await until(() => told.length > 0);
  expect(told).toEqual([JSON.stringify({ text: "data: three\n\n" })]);
  live.close();
});

test("a binary message is shown as base64", () => {
  const told: Shown[] = [];
  new LiveText([], [], (_, shown) => told.push(shown)).push({
    t: 0,
    bytes: new Uint8Array([255]),
    frame: "binary",
  });
  expect(told).toEqual([{ base64: "/w==" }]);
});

/** A pack may be a stranger's: its table claims what it likes, and nothing of that is believed. */
import { afterAll, expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { packExchanges } from "./pack.ts";
import { packed, packedAt, readTable, writePack } from "./pack-file.ts";

const logs = fs.mkdtempSync(join(tmpdir(), "pack-file-"));
afterAll(() => fs.rmSync(logs, { recursive: true, force: true }));
fs.mkdirSync(join(logs, "llm_proxy/packed"), { recursive: true });
const pack = join(logs, "llm_proxy/packed/a.json.zst");

type Table = { blocks: { at: number; size: number }[]; files: object[] };

/** Blocks as they are, and a table that says anything about them. */
function forged(blocks: readonly Uint8Array[], table: object): string {
  const json = Buffer.from(JSON.stringify({ format: 1, ...table }));
  const frame = Buffer.alloc(8 + json.length + 12);
  frame.writeUInt32LE(0x184d2a5f, 0);
  frame.writeUInt32LE(frame.length - 8, 4);
  json.copy(frame, 8);
  frame.writeUInt32LE(json.length, 8 + json.length);
  frame.write("MCPLPACK", 12 + json.length, "latin1");
  fs.writeFileSync(pack, Buffer.concat([...blocks, frame]));
  return pack;
}

const block = zstdCompressSync(Buffer.from("{}{}"));
const own: Table = {
  blocks: [{ at: 0, size: block.length }],
  files: [
    { name: "a.json", block: 0, at: 0, size: 2 },
    { name: "b.json", block: 0, at: 2, size: 2 },
  ],
};
const with_ = (change: object) => ({ ...own, files: [{ ...own.files[0], ...change }] });

test("what it holds comes out; names that lead anywhere, sizes and places that cannot be are a broken table", () => {
  expect(
    [...packed(forged([block], own))].map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]),
  ).toEqual([
    ["a.json", "{}"],
    ["b.json", "{}"],
  ]);
  const wrong = [
    ...[
      "../victim.json",
      "/etc/x.json",
      "a/../../x.json",
      "..\\x.json",
      "a\\..\\x.json",
      ".hidden.json",
      "x",
      "",
      "\0.json",
    ].map((name) => with_({ name })),
    with_({ block: 1 }),
    with_({ at: -1 }),
    with_({ size: 1e300 }),
    with_({ size: 300 * 1024 * 1024 }),
    with_({ at: 0.5 }),
    { ...own, files: own.files.toReversed() },
    {
      ...own,
      files: Array.from({ length: 9 }, (_, n) => ({ name: "a.json", block: 0, at: n * 190e6, size: 190e6 })),
    },
    { ...own, blocks: [{ at: 0, size: 1e9 }] },
    { ...own, blocks: [own.blocks[0], own.blocks[0]] },
    { blocks: "none", files: [] },
  ];
  for (const table of wrong) expect(() => readTable(forged([block], table))).toThrow(/table is broken/);
});

test("a table that nests without end, and one that says it is larger than the file", () => {
  fs.writeFileSync(
    pack,
    Buffer.concat([
      Buffer.from("[".repeat(1_000_000)),
      Buffer.from([0x40, 0x42, 0x0f, 0]),
      Buffer.from("MCPLPACK"),
    ]),
  );
  expect(() => readTable(pack)).toThrow(/table is broken/);
  fs.writeFileSync(pack, Buffer.concat([Buffer.from([255, 255, 255, 255]), Buffer.from("MCPLPACK")]));
  expect(() => readTable(pack)).toThrow(/table is larger/);
});

test("a hundred bytes that would be a gigabyte are given up at what the table allows", () => {
  const bomb = zstdCompressSync(Buffer.alloc(256 * 1024 * 1024));
  const table = { blocks: [{ at: 0, size: bomb.length }], files: own.files };
  expect(() => packedAt(forged([bomb], table), 0)).toThrow(/larger than 4 bytes/);
  expect(() => [...packed(pack)]).toThrow(/larger than 4 bytes/);
});

test("packing deletes what it packed: never through a name or a link that leads out of the folder", () => {
  const victim = join(logs, "victim.json");
  fs.writeFileSync(victim, "{}");
  forged([block], with_({ name: "../victim.json" }));
  packExchanges({ logs, before: 0 });
  expect(fs.readFileSync(victim, "utf8")).toBe("{}");
  fs.symlinkSync(victim, join(logs, "llm_proxy/a.json"));
  const file = fs.openSync(pack, "w");
  writePack(file, [{ name: "a.json", bytes: Buffer.from("{}") }]);
  fs.closeSync(file);
  packExchanges({ logs, before: 0 });
  expect([
    fs.readFileSync(victim, "utf8"),
    fs.lstatSync(join(logs, "llm_proxy/a.json")).isSymbolicLink(),
  ]).toEqual(["{}", true]);
});

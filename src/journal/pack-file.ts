/**
 * A pack: many exchange files in one, compressed. It is an ordinary zstd file (`zstd -dc` prints every exchange): blocks
 * of consecutive exchanges, since agents send their whole context again with every turn (measured: 60 turns of one
 * agent, 5.8 MB, become 62 KB in a block and 1.6 MB one by one), and at the end a frame that decoders skip, with the
 * table of what stands where.
 */
import * as fs from "node:fs";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { parseWithin } from "../fact/nesting.ts";
import { EXCHANGES, kindOf, LARGEST_FILE } from "./files.ts";

const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Table = Type.Object({
  format: Type.Literal(1),
  /** Where each block begins in the file, and how long it is there. */
  blocks: Type.Array(Type.Object({ at: Count, size: Count })),
  /** Every file: its name, its block, and where it stands in the block's bytes. */
  files: Type.Array(
    Type.Object({
      name: Type.String(),
      block: Count,
      at: Count,
      size: Count,
    }),
  ),
});
export type PackTable = Static<typeof Table>;

/** One exchange file that goes in, or comes out. */
export type Packed = { readonly name: string; readonly bytes: Uint8Array };

/** Bytes of a block before compression: opening one exchange costs the decompression of one block, some ms. */
const BLOCK_BYTES = 8 * 1024 * 1024;

/** Of a table: that of a pack of a hundred thousand exchanges. */
const LARGEST_TABLE = 16 * 1024 * 1024;

/** Of a pack before compression: four times what is put into one. A hundred bytes can claim to be a gigabyte. */
const LARGEST_PACK = 1024 * 1024 * 1024;

/** The last of the sixteen numbers that mean "skip me" (RFC 8878, 3.1.2). */
const SKIPPED = 0x184d2a5f;
const MAGIC = "MCPLPACK";

/** Writes the pack to an open file; the caller makes it durable and gives it its name. */
export function writePack(file: number, files: Iterable<Packed>): PackTable {
  const table: PackTable = { format: 1, blocks: [], files: [] };
  let at = 0;
  let waiting: Uint8Array[] = [];
  let size = 0;
  const write = (bytes: Uint8Array) => {
    for (let done = 0; done < bytes.byteLength;) done += fs.writeSync(file, bytes, done);
    at += bytes.byteLength;
  };
  const finishBlock = () => {
    if (waiting.length === 0) return;
    const block = compressed(Buffer.concat(waiting));
    table.blocks.push({ at, size: block.byteLength });
    write(block);
    waiting = [];
    size = 0;
  };
  for (const { name, bytes } of files) {
    if (size > 0 && size + bytes.byteLength > BLOCK_BYTES) finishBlock();
    table.files.push({ name, block: table.blocks.length, at: size, size: bytes.byteLength });
    waiting.push(bytes);
    size += bytes.byteLength;
  }
  finishBlock();
  write(tableFrame(table));
  return table;
}

/**
 * Writes a pack to an open file once more, without those of these numbers, a block at a time; blocks in which none of them lies go
 * over as they are. Throws when the pack is broken.
 */
export function* writeWithout(path: string, file: number, gone: ReadonlySet<number>): Generator<void> {
  const before = readTable(path);
  const table: PackTable = { format: 1, blocks: [], files: [] };
  let at = 0;
  const write = (bytes: Uint8Array) => {
    for (let done = 0; done < bytes.byteLength;) done += fs.writeSync(file, bytes, done);
    at += bytes.byteLength;
  };
  for (const [block, { at: from, size }] of before.blocks.entries()) {
    const own = [...before.files.entries()].filter(([, one]) => one.block === block);
    const stay = own.filter(([n]) => !gone.has(n)).map(([, one]) => one);
    if (stay.length === 0) continue;
    let bytes = withFile(path, (pack) => bytesAt(pack, from, size)) as Uint8Array;
    let places = stay.map((one) => one.at);
    if (stay.length < own.length) {
      const last = own.at(-1)![1];
      const open = withFile(path, (pack) => blockOf(pack, before, block, last.at + last.size));
      const pieces = stay.map((one) => open.subarray(one.at, one.at + one.size));
      places = pieces.map((_, n) => pieces.slice(0, n).reduce((sum, piece) => sum + piece.byteLength, 0));
      bytes = compressed(Buffer.concat(pieces));
    }
    for (const [n, { name, size: length }] of stay.entries())
      table.files.push({ name, block: table.blocks.length, at: places[n]!, size: length });
    table.blocks.push({ at, size: bytes.byteLength });
    write(bytes);
    yield;
  }
  write(tableFrame(table));
}

/** What stands where. Throws a sentence when the file is no pack or is broken. */
export function readTable(path: string): PackTable {
  return withFile(path, tableOf);
}

/** The files of a pack one after another, block by block. Throws when a block is broken. */
export function* packed(path: string): Generator<Packed & { readonly n: number }> {
  const table = readTable(path);
  const sizes: number[] = [];
  for (const { block, at, size } of table.files) sizes[block] = at + size;
  let open = -1;
  let bytes: Uint8Array = new Uint8Array();
  for (const [n, { name, block, at, size }] of table.files.entries()) {
    if (open !== block) bytes = withFile(path, (file) => blockOf(file, table, block, sizes[block] ?? 0));
    open = block;
    yield { n, name, bytes: bytes.subarray(at, at + size) };
  }
}

/** The n-th file of a pack. */
export function packedAt(path: string, n: number): Packed {
  return withFile(path, (file) => {
    const table = tableOf(file);
    const found = table.files[n];
    if (!found) throw new Error(`it holds ${table.files.length} exchanges, none with the number ${n}`);
    const last = table.files.findLast(({ block }) => block === found.block) ?? found;
    const block = blockOf(file, table, found.block, last.at + last.size);
    const bytes = block.subarray(found.at, found.at + found.size);
    return { name: found.name, bytes };
  });
}

function compressed(bytes: Uint8Array): Uint8Array {
  // The window reaches over the whole block; the checksum finds a bit that a disk has turned.
  const params = { [constants.ZSTD_c_windowLog]: 23, [constants.ZSTD_c_checksumFlag]: 1 };
  return zstdCompressSync(bytes, { params });
}

/** number "skip me", length, the table as JSON, its length again, and our name: found from the end. */
function tableFrame(table: PackTable): Uint8Array {
  const json = Buffer.from(JSON.stringify(table));
  const frame = Buffer.alloc(8 + json.length + 4 + MAGIC.length);
  frame.writeUInt32LE(SKIPPED, 0);
  frame.writeUInt32LE(frame.length - 8, 4);
  json.copy(frame, 8);
  frame.writeUInt32LE(json.length, 8 + json.length);
  frame.write(MAGIC, 12 + json.length, "latin1");
  return frame;
}

function tableOf(file: number): PackTable {
  const end = fs.fstatSync(file).size;
  const tail = bytesAt(file, end - 4 - MAGIC.length, 4 + MAGIC.length);
  if (tail.toString("latin1", 4) !== MAGIC) throw new Error("it is not a pack, or it was cut");
  const size = tail.readUInt32LE(0);
  if (size > LARGEST_TABLE) throw new Error(`its table is larger than that of any pack: ${size} bytes`);
  const table = parseWithin(bytesAt(file, end - tail.length - size, size).toString());
  if (!Value.Check(Table, table))
    throw new Error("its table is broken, or of a later version of this program");
  const wrong = wrongIn(table, end);
  if (wrong !== null) throw new Error(`its table is broken: ${wrong}`);
  return table;
}

/** A table says what is opened, how much memory that takes, and which files it stands for: all of it must be so. */
function wrongIn({ blocks, files }: PackTable, end: number): string | null {
  let before = 0;
  for (const { at, size } of blocks) {
    if (at < before || at + size > end) return "its blocks do not lie one behind the other";
    before = at + size;
  }
  let [block, to, total] = [0, 0, 0];
  for (const file of files) {
    if (/[\\/\0]/.test(file.name) || kindOf(`${EXCHANGES}/${file.name}`) !== "exchange")
      return "a name in it is not that of an exchange file";
    if (file.block > block) [block, to] = [file.block, 0];
    if (file.block !== block || block >= blocks.length || file.at < to)
      return "its files do not lie one behind the other";
    to = file.at + file.size;
    total += file.size;
    if (file.size > LARGEST_FILE) return "a file in it is larger than any of ours";
    if (total > LARGEST_PACK || to > LARGEST_PACK) return "it would be larger than any pack of ours";
  }
  return null;
}

/** `most`: bytes that its files take; a block that has more is none of ours. */
function blockOf(file: number, table: PackTable, n: number, most: number): Uint8Array {
  const block = table.blocks[n];
  if (!block) throw new Error(`it has no block ${n}`);
  const maxOutputLength = Math.max(most, 1);
  return zstdDecompressSync(bytesAt(file, block.at, block.size), { maxOutputLength });
}

function bytesAt(file: number, at: number, size: number): Buffer {
  if (at < 0) throw new Error("it is not a pack, or it was cut");
  const bytes = Buffer.alloc(size);
  for (let done = 0; done < size;) {
    const count = fs.readSync(file, bytes, done, size - done, at + done);
    if (count === 0) throw new Error("it was cut");
    done += count;
  }
  return bytes;
}

function withFile<T>(path: string, use: (file: number) => T): T {
  const file = fs.openSync(path, "r");
  try {
    return use(file);
  } finally {
    fs.closeSync(file);
  }
}

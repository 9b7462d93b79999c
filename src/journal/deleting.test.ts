/** What is deleted is gone for good, alone or out of a pack; what stays is as it was, byte for byte. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deleteFile, deleteFromPack } from "./deleting.ts";
import { PACKS } from "./files.ts";
import { packed, writePack } from "./pack-file.ts";

let logs = "";
const PACK = `${PACKS}/one.json.zst`;
beforeEach(() => {
  logs = fs.mkdtempSync(join(tmpdir(), "deleting-"));
  fs.mkdirSync(join(logs, PACKS), { recursive: true });
});
afterEach(() => fs.rmSync(logs, { recursive: true }));

/** Files of 3 MB: more than one block. */
function pack(count: number): Uint8Array[] {
  const all = Array.from({ length: count }, (_, n) =>
    Buffer.from(`{"n":${n},"text":"${"x".repeat(3e6 + n)}"}`),
  );
  const file = fs.openSync(join(logs, PACK), "w");
  writePack(
    file,
    all.map((bytes, n) => ({ name: `2026-01-01T00-00-0${n}.000Z_${n}.json`, bytes })),
  );
  fs.closeSync(file);
  fs.utimesSync(join(logs, PACK), 1_000, 1_000);
  return all;
}

test("out of a pack some go, of one block or of several; the others are as they were under their new numbers", async () => {
  for (const gone of [[0], [6], [1, 2, 3], [0, 3, 5]]) {
    const all = pack(7);
    const { file, moved } = (await deleteFromPack(logs, PACK, new Set(gone)))!;
    const now = [...packed(join(logs, PACK))];
    expect(now.length).toBe(7 - gone.length);
    for (const [before, after] of moved)
      expect(Buffer.from(now[after]!.bytes).equals(all[before]!)).toBe(true);
    expect([...moved.keys()]).toEqual([0, 1, 2, 3, 4, 5, 6].filter((n) => !gone.includes(n)));
    expect([file.mtime, fs.readdirSync(join(logs, PACKS))]).toEqual([1_000_000, ["one.json.zst"]]);
  }
});

test("with its last exchange the pack goes", async () => {
  pack(2);
  expect(await deleteFromPack(logs, PACK, new Set([0, 1]))).toBeNull();
  expect(fs.readdirSync(join(logs, PACKS))).toEqual([]);
});

test("a pack that is broken stays as it is", async () => {
  fs.writeFileSync(join(logs, PACK), "no pack");
  await expect(deleteFromPack(logs, PACK, new Set([0]))).rejects.toThrow("not a pack");
  expect(fs.readdirSync(join(logs, PACKS))).toEqual(["one.json.zst"]);
});

test("only files of ours are deleted, and none through a link", () => {
  fs.writeFileSync(join(logs, "llm_proxy", "a.json"), "{}");
  deleteFile(logs, "llm_proxy/a.json");
  expect(fs.existsSync(join(logs, "llm_proxy", "a.json"))).toBe(false);
  const elsewhere = fs.mkdtempSync(join(tmpdir(), "elsewhere-"));
  fs.writeFileSync(join(elsewhere, "s.jsonl"), "");
  fs.symlinkSync(elsewhere, join(logs, "mcp_x"));
  for (const path of [
    "mcp_x/s.jsonl",
    "../x.json",
    "llm_proxy/../../x.json",
    "index.sqlite",
    "llm_proxy/notes.txt",
  ])
    expect(() => deleteFile(logs, path)).toThrow();
  expect(fs.readdirSync(elsewhere)).toEqual(["s.jsonl"]);
  fs.rmSync(elsewhere, { recursive: true });
});

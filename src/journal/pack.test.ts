import { afterEach, beforeEach, expect, spyOn, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packExchanges } from "./pack.ts";
import { packedAt, packed, readTable } from "./pack-file.ts";

let logs: string;
beforeEach(() => {
  logs = fs.mkdtempSync(join(tmpdir(), "pack-"));
  fs.mkdirSync(join(logs, "llm_proxy"));
});
afterEach(() => fs.rmSync(logs, { recursive: true }));

const name = (n: number) => `2026-01-01T00-00-0${n}.000Z_id${n}.json`;
const text = (n: number) => `{"id":"id${n}","body":"${`turn ${n}, 天气 `.repeat(1_000)}"}\n`;
const write = (n: number) => fs.writeFileSync(join(logs, "llm_proxy", name(n)), text(n));
const names = (folder: string) => fs.readdirSync(join(logs, folder)).sort();
const packAll = (more = {}) => packExchanges({ logs, before: Date.now() + 60_000, ...more });

const textIn = (pack: string, n: number) => new TextDecoder().decode(packedAt(pack, n).bytes);

/** Every exchange that can be opened, by its text; in a file or in a pack. */
function everything(): string[] {
  const texts = names("llm_proxy")
    .filter((file) => file.endsWith(".json"))
    .map((file) => fs.readFileSync(join(logs, "llm_proxy", file), "utf8"));
  for (const pack of names("llm_proxy/packed").filter(
    (file) => file.endsWith(".zst") && !file.startsWith("."),
  )) {
    const path = join(logs, "llm_proxy/packed", pack);
    for (const n of readTable(path).files.keys()) texts.push(textIn(path, n));
  }
  return [...new Set(texts)].sort();
}

test("old files become packs from which each can be opened, to the byte", () => {
  for (const n of [1, 2, 3, 4, 5]) write(n);
  const result = packAll({ files: 2 });
  expect(result).toMatchObject({ exchanges: 5, packs: 3 });
  expect(result.bytesAfter * 10).toBeLessThan(result.bytesBefore);
  expect(names("llm_proxy")).toEqual(["packed"]);
  expect(names("llm_proxy/packed")).toEqual([1, 3, 5].map((n) => `${name(n)}.zst`));
  expect(textIn(join(logs, "llm_proxy/packed", `${name(3)}.zst`), 1)).toBe(text(4));
  expect(everything()).toEqual([1, 2, 3, 4, 5].map(text));
});

test("files larger than a block, and empty ones, are packed too", () => {
  const large = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000)))
    .toString("hex")
    .repeat(80);
  fs.writeFileSync(join(logs, "llm_proxy", name(1)), large);
  fs.writeFileSync(join(logs, "llm_proxy", name(2)), "");
  write(3);
  packAll();
  const path = join(logs, "llm_proxy/packed", `${name(1)}.zst`);
  expect([...packed(path)].map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([large, "", text(3)]);
});

test("young files, half-written ones and other folders stay as they are", () => {
  write(1);
  write(2);
  fs.utimesSync(join(logs, "llm_proxy", name(1)), 1, 1);
  fs.writeFileSync(join(logs, "llm_proxy", "x.json.tmp"), "");
  expect(packExchanges({ logs, before: 10_000 })).toMatchObject({ exchanges: 1, packs: 1 });
  expect(names("llm_proxy")).toEqual([name(2), "packed", "x.json.tmp"]);
});

test("an ordinary zstd reads a pack", () => {
  write(1);
  write(2);
  packAll();
  const bytes = fs.readFileSync(join(logs, "llm_proxy/packed", `${name(1)}.zst`));
  expect(Buffer.from(Bun.zstdDecompressSync(bytes)).toString()).toBe(text(1) + text(2));
});

const steps = ["writeSync", "fsyncSync", "linkSync", "rmSync", "openSync"] as const;
for (const step of steps) {
  for (const after of [0, 1, 2, 3]) {
    test(`a crash at ${step} number ${after} loses nothing, and the next run finishes`, () => {
      for (const n of [1, 2, 3]) write(n);
      const real = fs[step] as (...values: unknown[]) => unknown;
      let calls = 0;
      const spy = spyOn(fs, step).mockImplementation(((...values: unknown[]) => {
        if (calls++ >= after) throw new Error("crash");
        return real(...values);
      }) as never);
      try {
        packAll({ files: 2 });
      } catch (error) {
        expect(String(error)).toContain("crash");
      } finally {
        spy.mockRestore();
      }
      if (after === 0) expect(calls).toBeGreaterThan(0);
      expect(everything()).toEqual([1, 2, 3].map(text));
      packAll({ files: 2 });
      expect(everything()).toEqual([1, 2, 3].map(text));
      expect(names("llm_proxy").filter((file) => file.endsWith(".json"))).toEqual([]);
    });
  }
}

test("a file that was written again after it was packed is kept", () => {
  write(1);
  packAll();
  fs.writeFileSync(join(logs, "llm_proxy", name(1)), text(9));
  packAll();
  expect(everything()).toEqual([text(1), text(9)].sort());
});

test("a pack that was cut or changed says so", () => {
  write(1);
  packAll();
  const path = join(logs, "llm_proxy/packed", `${name(1)}.zst`);
  const bytes = fs.readFileSync(path);
  fs.writeFileSync(path, bytes.subarray(0, -3));
  expect(() => readTable(path)).toThrow("cut");
  bytes[30] = (bytes[30] ?? 0) ^ 0xff;
  fs.writeFileSync(path, bytes);
  expect(() => [...packed(path)]).toThrow();
});

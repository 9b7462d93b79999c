import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isWorthPacking, startPacking, WORTH } from "./packing.ts";

function folder() {
  const logs = mkdtempSync(join(tmpdir(), "packing-"));
  mkdirSync(join(logs, "llm_proxy"));
  let n = 0;
  return {
    logs,
    add(bytes: number, at: number) {
      const path = join(logs, "llm_proxy", `2026-01-01T00-00-00.000Z_${n++}.json`);
      writeFileSync(path, Buffer.alloc(bytes));
      utimesSync(path, at / 1000, at / 1000);
    },
    [Symbol.dispose]: () => rmSync(logs, { recursive: true }),
  };
}

test("old exchanges are worth packing when they are many or large, young ones never", () => {
  using few = folder();
  few.add(WORTH.bytes - 1, 1_000);
  few.add(WORTH.bytes, 9_000);
  expect(isWorthPacking(few.logs, 5_000)).toBe(false);
  few.add(1, 1_000);
  expect(isWorthPacking(few.logs, 5_000)).toBe(true);
  using many = folder();
  for (let n = 0; n < WORTH.files; n++) many.add(1, 1_000);
  expect([isWorthPacking(many.logs, 5_000), isWorthPacking(many.logs, 500)]).toEqual([true, false]);
  expect(isWorthPacking(join(many.logs, "nothing"), 5_000)).toBe(false);
});

test("a link in the folder does not count, wherever it leads", () => {
  using some = folder();
  symlinkSync("/dev/zero", join(some.logs, "llm_proxy", "2026-01-01T00-00-00.000Z_x.json"));
  some.add(WORTH.bytes - 1, 1_000);
  expect(isWorthPacking(some.logs, 5_000)).toBe(false);
});

test("packs again and again, never twice at once", async () => {
  using some = folder();
  some.add(WORTH.bytes, 1_000);
  let [now, most, times] = [0, 0, 0];
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const packing = startPacking({
    logs: some.logs,
    afterMs: 1_000,
    everyMs: 1,
    async pack() {
      most = Math.max(most, ++now);
      await Bun.sleep(5);
      now -= 1;
      if (++times === 3) resolve();
    },
  });
  await enough;
  packing.close();
  expect(most).toBe(1);
});

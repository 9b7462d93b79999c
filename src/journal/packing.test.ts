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
    /** `at`: when it was written, ms since 1970; `day`: when its exchange began. */
    add(bytes: number, at: number, day = "1970-01-01") {
      const path = join(logs, "llm_proxy", `${day}T00-00-00.000Z_${n++}.json`);
      writeFileSync(path, Buffer.alloc(bytes));
      utimesSync(path, at / 1000, at / 1000);
    },
    [Symbol.dispose]: () => rmSync(logs, { recursive: true }),
  };
}

test("old exchanges are worth packing when they are many or large, young ones never", async () => {
  using few = folder();
  few.add(WORTH.bytes - 1, 1_000);
  few.add(WORTH.bytes, 9_000);
  expect(await isWorthPacking(few.logs, 5_000)).toBe(false);
  few.add(1, 1_000);
  expect(await isWorthPacking(few.logs, 5_000)).toBe(true);
  using many = folder();
  for (let n = 0; n < WORTH.files; n++) many.add(1, 1_000);
  expect([await isWorthPacking(many.logs, 5_000), await isWorthPacking(many.logs, 500)]).toEqual([
    true,
    false,
  ]);
  expect(await isWorthPacking(join(many.logs, "nothing"), 5_000)).toBe(false);
});

test("a link in the folder does not count, wherever it leads", async () => {
  using some = folder();
  symlinkSync("/dev/zero", join(some.logs, "llm_proxy", "2026-01-01T00-00-00.000Z_x.json"));
  some.add(WORTH.bytes - 1, 1_000);
  expect(await isWorthPacking(some.logs, 5_000)).toBe(false);
});

test("others have their turn while many files are looked at, and none for what has just come", async () => {
  using some = folder();
  for (let n = 0; n < 900; n++) some.add(1, 9_000);
  for (let n = 0; n < 900; n++) some.add(1, Date.parse("2026-01-02"), "2026-01-01");
  let turns = 0;
  const turn = async () => void turns++;
  expect(await isWorthPacking(some.logs, Date.parse("2026-01-01"), turn)).toBe(false);
  expect(turns).toBe(4);
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
    onTrouble: (error) => expect(error).toBeUndefined(),
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

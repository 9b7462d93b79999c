import { expect, test } from "bun:test";
import fc from "fast-check";
import { treemap } from "./treemap.ts";

const weights = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 60 });

test("every area is as large as its weight, lies inside, and none lies over another", () => {
  fc.assert(
    fc.property(weights, (all) => {
      const whole = all.reduce((sum, weight) => sum + weight, 0);
      const areas = treemap(
        all.map((weight) => ({ weight })),
        400,
        160,
      );
      expect(areas.length).toBe(all.filter((weight) => weight > 0).length);
      for (const { of, x, y, width, height } of areas) {
        expect(width * height).toBeCloseTo((of.weight / whole) * 400 * 160, 3);
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(-1e-6);
        expect(x + width).toBeLessThanOrEqual(400 + 1e-6);
        expect(y + height).toBeLessThanOrEqual(160 + 1e-6);
      }
      for (const a of areas)
        for (const b of areas) {
          const [over, under] = [
            Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
            Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
          ];
          if (a !== b && over > 1e-6) expect(under).toBeLessThan(1e-3);
        }
    }),
    { numRuns: 50 },
  );
});

test("equal weights become near to squares, not strips", () => {
  const areas = treemap(
    Array.from({ length: 12 }, () => ({ weight: 1 })),
    400,
    300,
  );
  const ratios = areas.map(({ width, height }) => Math.max(width / height, height / width));
  expect(Math.max(...ratios)).toBeLessThan(1.5);
});

test("nothing, and things that weigh nothing, have no areas", () => {
  expect(treemap([], 100, 100)).toEqual([]);
  expect(treemap([{ weight: 0 }], 100, 100)).toEqual([]);
});

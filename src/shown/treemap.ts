/**
 * A squarified treemap (Bruls, Huizing, van Wijk 2000): areas as large as their weights, each as square as it can be.
 * Pure: the same in a page, in SVG, in a test.
 */
export type Area<Of> = { of: Of; x: number; y: number; width: number; height: number };

type Box = { x: number; y: number; width: number; height: number };

/** The heaviest first, from the left and the top; what weighs nothing has no area. */
export function treemap<Of extends { readonly weight: number }>(
  all: readonly Of[],
  width: number,
  height: number,
): Area<Of>[] {
  const items = all.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight);
  const whole = items.reduce((sum, { weight }) => sum + weight, 0);
  const scale = whole === 0 ? 0 : (width * height) / whole;
  const made: Area<Of>[] = [];
  let left: Box = { x: 0, y: 0, width, height };
  for (let at = 0; at < items.length;) {
    const side = Math.min(left.width, left.height);
    const count = rowLength(items, at, scale, side);
    const row = items.slice(at, at + count);
    left = lay(row, left, scale, made);
    at += count;
  }
  return made;
}

/** As many as make the row's worst area no worse. */
function rowLength(all: readonly { readonly weight: number }[], from: number, scale: number, side: number) {
  let sum = 0;
  let worst = Infinity;
  let count = 0;
  for (let n = from; n < all.length; n++) {
    const next = sum + all[n]!.weight * scale;
    const now = worstOf(all[from]!.weight * scale, all[n]!.weight * scale, next, side);
    if (count > 0 && now > worst) break;
    [sum, worst, count] = [next, now, count + 1];
  }
  return count;
}

/** How much longer than wide the worst of a row is, by its largest and its smallest area. */
function worstOf(largest: number, smallest: number, sum: number, side: number): number {
  const squared = side * side;
  return Math.max((squared * largest) / (sum * sum), (sum * sum) / (squared * smallest));
}

/** Lays a row along the shorter side; gives what is left of the box. */
function lay<Of extends { readonly weight: number }>(
  row: readonly Of[],
  box: Box,
  scale: number,
  made: Area<Of>[],
): Box {
  const sum = row.reduce((all, { weight }) => all + weight, 0) * scale;
  const isWide = box.width >= box.height;
  const side = isWide ? box.height : box.width;
  const depth = side === 0 ? 0 : sum / side;
  let along = 0;
  for (const of of row) {
    const length = depth === 0 ? 0 : (of.weight * scale) / depth;
    made.push(
      isWide
        ? { of, x: box.x, y: box.y + along, width: depth, height: length }
        : { of, x: box.x + along, y: box.y, width: length, height: depth },
    );
    along += length;
  }
  return isWide
    ? { ...box, x: box.x + depth, width: Math.max(0, box.width - depth) }
    : { ...box, y: box.y + depth, height: Math.max(0, box.height - depth) };
}

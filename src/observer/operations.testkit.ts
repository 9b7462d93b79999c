/**
 * Counts what a piece of code does, for tests that hold how its work grows: texts that are parsed, written and decoded, by
 * their length, and elements that the methods of arrays pass over. No clock: the same on any machine.
 */
const VISITS = [
  "filter",
  "map",
  "find",
  "findLast",
  "findIndex",
  "some",
  "every",
  "flatMap",
  "slice",
  "sort",
] as const;

export type Operations = { texts: number; bytes: number; elements: number };

export async function operationsOf(run: () => void | Promise<void>): Promise<Operations> {
  const done: Operations = { texts: 0, bytes: 0, elements: 0 };
  const restore: (() => void)[] = [];

  /** `before` sees what the method is called on and with. */
  function watch<Of extends object>(
    of: Of,
    name: keyof Of & string,
    before: (self: unknown, args: unknown[]) => void,
  ) {
    const real = of[name] as (...args: unknown[]) => unknown;
    of[name] = function (this: unknown, ...args: unknown[]) {
      before(this, args);
      return real.apply(this, args);
    } as Of[typeof name];
    restore.push(() => void (of[name] = real as Of[typeof name]));
  }

  watch(JSON, "parse", (_, [text]) => {
    done.texts++;
    done.bytes += String(text).length;
  });
  watch(TextDecoder.prototype, "decode", (_, [bytes]) => {
    done.bytes += (bytes as Uint8Array | undefined)?.byteLength ?? 0;
  });
  for (const name of VISITS)
    watch(Array.prototype, name, (self) => void (done.elements += (self as []).length));
  try {
    await run();
  } finally {
    for (const undo of restore.reverse()) undo();
  }
  return done;
}

/** How many times as much the second is: the largest of the three. */
export function timesAsMuch(few: Operations, many: Operations): number {
  return Math.max(
    many.texts / Math.max(1, few.texts),
    many.bytes / Math.max(1, few.bytes),
    many.elements / Math.max(1, few.elements),
  );
}

/** The contract of bodies, as a suite that every implementation's test calls. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Bodies, BodiesWriter, BodyKey } from "./bodies.ts";

/** Empty, and gone with `close`. `put` may write as whoever else writes there. */
export type OpenedBodies = {
  readonly bodies: Bodies;
  readonly writer: BodiesWriter;
  close(): void | Promise<void>;
};

const id = (n: number) => `0190a0a0-0000-7000-8000-00000000000${n}`;
const exchange = (n: number): BodyKey => ({ of: "exchange", id: id(n) });
const session = (n: number): BodyKey => ({ of: "session", id: id(n) });
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (found: Uint8Array | null) => found && new TextDecoder().decode(found);

export function bodiesContract(name: string, open: () => OpenedBodies | Promise<OpenedBodies>): void {
  describe(name, () => {
    let opened: OpenedBodies;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    test("gives back what was put, byte for byte, by kind and id", async () => {
      const { bodies, writer } = opened;
      const odd = bytes('{"a": "汉\u0000 \\ud800"}\n');
      await writer.put(exchange(1), odd);
      await writer.put(session(1), bytes("{}\n{}\n"));
      expect(await bodies.get(exchange(1))).toEqual(odd);
      expect(text(await bodies.get(session(1)))).toBe("{}\n{}\n");
      expect([await bodies.get(exchange(2)), await bodies.get(session(2))]).toEqual([null, null]);
    });

    test("gives a part of it, and nothing where it is not so long", async () => {
      const { bodies, writer } = opened;
      await writer.put(session(1), bytes('{"n":1}\n{"n":22}\n'));
      const parts = [
        [0, 7],
        [8, 16],
        [0, 17],
        [17, 18],
        [8, 100],
      ] as const;
      const found = await Promise.all(parts.map(([start, end]) => bodies.range(session(1), start, end)));
      expect(found.map(text)).toEqual(['{"n":1}', '{"n":22}', '{"n":1}\n{"n":22}\n', null, null]);
      expect(await bodies.range(session(2), 0, 1)).toBeNull();
    });

    test("what is put again is there once, and a session grows", async () => {
      const { bodies, writer } = opened;
      for (const lines of ["{}\n", "{}\n", "{}\n[]\n"]) await writer.put(session(1), bytes(lines));
      expect(text(await bodies.get(session(1)))).toBe("{}\n[]\n");
      for (let n = 0; n < 2; n++) await writer.put(exchange(1), bytes("{}"));
      expect(text(await bodies.get(exchange(1)))).toBe("{}");
    });

    test("a megabyte comes as it went", async () => {
      const { bodies, writer } = opened;
      const large = Uint8Array.from({ length: 1 << 20 }, (_, n) => (n * 7) % 251);
      await writer.put(exchange(1), large);
      const found = await bodies.get(exchange(1));
      expect(found?.byteLength).toBe(large.byteLength);
      expect(Bun.hash(found ?? "")).toBe(Bun.hash(large));
      expect(await bodies.range(exchange(1), 1_000_000, 1_000_004)).toEqual(
        large.slice(1_000_000, 1_000_004),
      );
    });
  });
}

/** The contract of a feed, as a suite that every implementation's test calls. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Frame } from "../fact/frame.ts";
import type { Feed, News, Topic } from "./feed.ts";

/** Keeps at least 100 frames; a listener may be 50 behind. Gone with `close`. */
export type OpenedFeed = { readonly feed: Feed; close(): void | Promise<void> };

const gone = (n: number): News => ({ type: "exchange.gone", ids: [String(n)] });
const added = (id: string): News => ({
  type: "exchange.added",
  id,
  ttfb: null,
  ttft: null,
  from_n: 0,
  events: [],
  parts: [],
  fresh: false,
});
const of = (id: string): Topic => ({ what: "added", of: id });
const ids = (frames: readonly Frame[]) =>
  frames.map((frame) =>
    frame.type === "exchange.gone" ? frame.ids[0] : frame.type === "exchange.added" ? frame.id : frame.type,
  );

/** A connection that keeps what it got, and is full when it is told to be. */
export function connection() {
  const got: Frame[] = [];
  const batches: number[] = [];
  const self = {
    got,
    batches,
    answer: "sent" as "sent" | "full",
    refused: 0,
    send(frames: readonly Frame[]): "sent" | "full" {
      if (self.answer === "full") self.refused++;
      else {
        got.push(...frames);
        batches.push(frames.length);
      }
      return self.answer;
    },
    seqs: () => got.map((frame) => frame.seq),
    types: () => got.map((frame) => frame.type),
  };
  return self;
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await Bun.sleep(1);
}

export function feedContract(name: string, open: () => OpenedFeed | Promise<OpenedFeed>): void {
  describe(name, () => {
    let opened: OpenedFeed;
    let feed: Feed;
    beforeEach(async () => {
      opened = await open();
      ({ feed } = opened);
    });
    afterEach(() => opened.close());

    test("what is published reaches every listener, in order, with growing numbers", async () => {
      const [first, second] = [connection(), connection()];
      feed.listen(first.send);
      feed.listen(second.send);
      expect(feed.isHeard()).toBe(true);
      for (let n = 1; n <= 5; n++) feed.publish(gone(n));
      await until(() => first.got.length === 5 && second.got.length === 5);
      expect(ids(first.got)).toEqual(["1", "2", "3", "4", "5"]);
      expect(first.seqs()).toEqual(first.seqs().toSorted((a, b) => a - b));
      expect(new Set(first.seqs()).size).toBe(5);
      expect(second.got).toEqual(first.got);
    });

    test("who comes back with the number that it saw last misses nothing and gets nothing twice", async () => {
      const before = connection();
      const listener = feed.listen(before.send);
      for (let n = 1; n <= 3; n++) feed.publish(gone(n));
      await until(() => before.got.length === 3);
      listener.close();
      for (let n = 4; n <= 6; n++) feed.publish(gone(n));
      const after = connection();
      feed.listen(after.send, before.seqs().at(-1) ?? 0);
      feed.publish(gone(7));
      await until(() => after.got.length === 4);
      expect(ids(after.got)).toEqual(["4", "5", "6", "7"]);
      expect(before.got.length).toBe(3);
    });

    test("a number that nobody gave is answered with resync, and then it goes on", async () => {
      const before = feed.seq();
      feed.publish(gone(1));
      // Far away it is given its number some ms later.
      await until(() => feed.seq() > before);
      const at = [0, Number.MAX_SAFE_INTEGER].map((since) => {
        const one = connection();
        feed.listen(one.send, since);
        return one;
      });
      await until(() => at.every((one) => one.got.length > 0));
      feed.publish(gone(2));
      await until(() => at.every((one) => one.got.length > 1));
      expect(at.map((one) => ids(one.got))).toEqual([
        ["resync", "2"],
        ["resync", "2"],
      ]);
    });

    test("what has a topic reaches only who asked for it, in order with the rest, and is not kept", async () => {
      const [follower, other, late] = [connection(), connection(), connection()];
      const listener = feed.listen(follower.send);
      feed.listen(other.send).subscribe(of("b"));
      expect([feed.isFollowed(of("a")), feed.isFollowed(of("b"))]).toEqual([false, true]);
      expect(feed.isFollowed({ what: "bytes", of: "b" })).toBe(false);
      listener.subscribe(of("a"));
      feed.publish(gone(1));
      feed.publish(added("a"));
      feed.publish(gone(2));
      await until(() => follower.got.length === 3 && other.got.length === 2);
      expect([ids(follower.got), ids(other.got)]).toEqual([
        ["1", "a", "2"],
        ["1", "2"],
      ]);
      feed.listen(late.send, (follower.seqs()[0] ?? 0) - 1);
      await until(() => late.got.length === 2);
      listener.unsubscribe(of("a"));
      expect([ids(late.got), feed.isFollowed(of("a"))]).toEqual([["1", "2"], false]);
    });

    test("a full connection gets what it missed when it has drained; too much, or a topic's, is a resync", async () => {
      for (const [missed, got] of [
        [() => feed.publish(gone(2)), ["1", "2"]],
        [() => Array.from({ length: 51 }, (_, n) => feed.publish(gone(n))), ["resync"]],
        [() => feed.publish(added("a")), ["resync"]],
      ] as const) {
        const at = connection();
        const listener = feed.listen(at.send);
        listener.subscribe(of("a"));
        at.answer = "full";
        feed.publish(gone(1));
        await until(() => at.refused === 1);
        missed();
        const seen = connection();
        feed.listen(seen.send);
        feed.publish(gone(9));
        await until(() => seen.got.length > 0);
        at.answer = "sent";
        listener.drained();
        await until(() => at.got.length >= got.length);
        expect(ids(at.got).slice(0, got.length)).toEqual([...got]);
        listener.close();
      }
    });

    test("a slow, a broken and a closed listener hold up nobody", async () => {
      const [stuck, good, closed] = [connection(), connection(), connection()];
      stuck.answer = "full";
      feed.listen(stuck.send);
      feed.listen(() => {
        throw new Error("gone");
      });
      feed.listen(closed.send).close();
      feed.listen(good.send);
      for (let n = 1; n <= 3; n++) feed.publish(gone(n));
      await until(() => good.got.length === 3);
      expect([closed.got.length, stuck.got.length]).toEqual([0, 0]);
    });
  });
}

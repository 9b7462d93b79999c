/**
 * Deletes what a person has thrown away: the files, or their places in a pack. What goes on still is kept, and says why. A file that
 * is gone leaves the index by itself; of a pack the index is told here.
 */
import { join } from "node:path";
import type { Star } from "../fact/rows.ts";
import { filterOf } from "../filter/filter.ts";
import type { Feed } from "../feed/feed.ts";
import type { Index, LocalIndex } from "../index/index.ts";
import { deleteFile, deleteFromPack } from "../journal/deleting.ts";
import { stampOf } from "../journal/files.ts";
import { reasonOf } from "./of-the-disk.ts";
import type { Stars } from "./stars.ts";

/** `goes-on`: it has no end yet. `gone`: nobody knows it. Else what the disk says. */
export type KeptThing = Star & { readonly why: string };
export type Deleting = (things: readonly Star[]) => Promise<{ deleted: number; kept: KeptThing[] }>;

export type DeletingOptions = {
  readonly logs: string;
  readonly index: () => Index & Pick<LocalIndex, "fileOf" | "repacked">;
  readonly feed: Pick<Feed, "publish">;
  readonly stars: Pick<Stars, "set">;
  /** It has no file yet. */
  readonly isGoingOn: (exchange: string) => boolean;
  /** This is how the pack stands now: it need not be read again. */
  readonly known: (path: string, file: { mtime: number; size: number }) => void;
};

/** Exchanges of one run, or responses of one socket: more are deleted by the next word. */
const MOST_IDS = 10_000;
const PAGE = 1_000;

export function deletingFrom(options: DeletingOptions): Deleting {
  const { logs, index, feed, stars, isGoingOn, known } = options;
  /** One after another: two that write the same pack anew would lose what one of them has done. */
  let before: Promise<unknown> = Promise.resolve();

  return (things) => {
    const mine = before.then(() => deleteAll(things));
    before = mine.catch(() => {});
    return mine;
  };

  async function deleteAll(things: readonly Star[]): Promise<{ deleted: number; kept: KeptThing[] }> {
    const kept: KeptThing[] = [];
    const packs = new Map<string, Map<number, Star>>();
    let deleted = 0;
    for (const thing of await allOf(things, kept)) {
      const why = await whyNot(thing);
      const file = why === null ? index().fileOf(thing.id) : null;
      if (file === null) {
        kept.push({ ...thing, why: why ?? "gone" });
        continue;
      }
      const [path = "", number] = file.path.split("#");
      if (number !== undefined) {
        const pack = packs.get(path) ?? new Map<number, Star>();
        packs.set(path, pack.set(Number(number), thing));
        continue;
      }
      try {
        deleteFile(logs, path);
        deleted += 1;
        stars.set(thing, "taken");
      } catch (error) {
        kept.push({ ...thing, why: reasonOf(error) });
      }
    }
    for (const [path, gone] of packs) deleted += await fromPack(path, gone, kept);
    return { deleted, kept };
  }

  async function fromPack(path: string, gone: Map<number, Star>, kept: KeptThing[]): Promise<number> {
    const [first] = gone.values();
    const was = first && index().fileOf(first.id);
    const is = stampOf(join(logs, path));
    try {
      // Written anew by somebody else, its numbers mean others by now.
      if (!was || is?.mtime !== was.mtime || is.size !== was.size)
        throw new Error("its pack has just changed");
      const done = await deleteFromPack(logs, path, new Set(gone.keys()));
      if (done !== null) {
        known(path, done.file);
        const ids = index().repacked({ path, ...done.file }, done.moved);
        feed.publish({ type: "exchange.gone", ids });
      }
      for (const thing of gone.values()) stars.set(thing, "taken");
      return gone.size;
    } catch (error) {
      for (const thing of gone.values()) kept.push({ ...thing, why: reasonOf(error) });
      return 0;
    }
  }

  async function whyNot({ of, id }: Star): Promise<string | null> {
    if (of === "session") {
      const row = await index().session(id);
      return row?.state === "open" ? "goes-on" : null;
    }
    return isGoingOn(id) ? "goes-on" : null;
  }

  /** A run is its exchanges; with a socket go the responses that were made on it. */
  async function allOf(things: readonly Star[], kept: KeptThing[]): Promise<Star[]> {
    const all = new Map<string, Star>();
    for (const thing of things) {
      const { of, id } = thing;
      if (of !== "run") all.set(id, thing);
      if (of === "session") continue;
      const own = await exchangesOf(of === "run" ? { run: id } : { socket: id });
      for (const each of own) all.set(each, { of: "exchange", id: each });
      if (of !== "run") continue;
      stars.set(thing, "taken");
      if (own.length === 0) kept.push({ ...thing, why: "gone" });
    }
    return [...all.values()];
  }

  async function exchangesOf(said: { run: string } | { socket: string }): Promise<string[]> {
    const question = { limit: PAGE, filter: filterOf(said) };
    const ids: string[] = [];
    let page = await index().exchanges(question);
    for (;;) {
      // A filter takes letters of either case for the same.
      const own = page.items.filter(({ run, socket }) =>
        "run" in said ? run === said.run : socket === said.socket,
      );
      ids.push(...own.map(({ id }) => id));
      if (page.next === null || ids.length >= MOST_IDS) return ids;
      page = await index().exchanges({ ...question, before: page.next });
    }
  }
}

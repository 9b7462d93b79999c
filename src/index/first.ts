/**
 * Where groups stand: every exchange knows the place of the first of its conversation and of its run, so that a grouped
 * list is one more order of the same table. Who comes looks at one row and moves only what stands wrong.
 */
import type { Database } from "bun:sqlite";

export type By = "conversation" | "run";

export function openFirsts(db: Database) {
  const of = { conversation: statementsFor(db, "conversation"), run: statementsFor(db, "run") };

  const groups = db.prepare<Record<By, string | null>, [number]>(
    "select conversation, run from exchanges where place = ?",
  );

  /** Where one at this place stands in its group. Who is earlier than all others becomes the first of them. */
  function firstOf(by: By, group: string | null, place: number): number {
    if (group === null) return place;
    // Of the others: what it stood at before says nothing of where it stands now.
    const first = of[by].least.get(group, place)?.first ?? place;
    if (first > place) of[by].move.run(place, group, place);
    return Math.min(first, place);
  }

  /** Those that stood where it stands have a first of their own. */
  function leaves(by: By, group: string, place: number): void {
    const { next, rename } = of[by];
    const first = next.get(group, place)?.first;
    if (typeof first === "number") rename.run(first, group, place);
  }

  return {
    firstOf,
    /** The exchange at this place belongs to another group now, or to none. */
    changes(by: By, place: number, { from, to }: { from: string | null; to: string | null }): void {
      if (from === to) return;
      if (from !== null) leaves(by, from, place);
      of[by].set.run(firstOf(by, to, place), place);
    },
    /** The same, where nobody has said so in its row yet. */
    moves(by: By, place: number, { from, to }: { from: string | null; to: string | null }): void {
      if (from === to) return;
      const first = firstOf(by, to, place);
      of[by].join.run(to, first, place);
      // Those that stood behind it find their first without it.
      if (from !== null) leaves(by, from, place);
    },
    /** It is put again and may belong elsewhere. What is only deleted leaves the others where they stand. */
    leavesAll(place: number): void {
      const found = groups.get(place);
      if (!found) return;
      for (const by of ["conversation", "run"] as const)
        if (found[by] !== null) this.changes(by, place, { from: found[by], to: null });
    },
    close(): void {
      groups.finalize();
      for (const each of Object.values(of)) for (const statement of Object.values(each)) statement.finalize();
    },
  };
}

function statementsFor(db: Database, by: By) {
  const first = `${by}_first`;
  return {
    // The index gives the least first. Said with `order by` the same question takes ten times as long (measured).
    least: db.prepare<{ first: number }, [string, number]>(
      `select ${first} as first from exchanges indexed by exchanges_${by} where ${by} = ? and place <> ? limit 1`,
    ),
    move: db.prepare<unknown, [number, string, number]>(
      `update exchanges set ${first} = ? where ${by} = ? and ${first} > ?`,
    ),
    next: db.prepare<{ first: number | null }, [string, number]>(
      `select min(place) as first from exchanges where ${by} = ? and place <> ?`,
    ),
    rename: db.prepare<unknown, [number, string, number]>(
      `update exchanges set ${first} = ? where ${by} = ? and ${first} = ?`,
    ),
    set: db.prepare<unknown, [number, number]>(`update exchanges set ${first} = ? where place = ?`),
    join: db.prepare<unknown, [string | null, number, number]>(
      `update exchanges set ${by} = ?, ${first} = ? where place = ?`,
    ),
  };
}

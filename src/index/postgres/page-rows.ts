/** One question for the rows of a page: which they are is found in the lean table, what they say is read of these alone. */
import type { Condition } from "../conditions.ts";
import type { Ask, Value } from "./asking.ts";
import { type Found, rowsIn, type Window } from "./found.ts";
import { JOINED, type Place, RUN_OF, type Stored } from "./stored.ts";

export type Order = {
  readonly key: string;
  readonly by: readonly (readonly [what: "key" | "started" | "id", way: string])[];
  readonly join?: string;
};

export async function read(
  ask: Ask,
  found: Found,
  {
    all,
    order: { key, by, join = "" },
    joined = [],
    most,
    skip,
    window,
  }: {
    all: readonly Condition[];
    order: Order;
    joined?: readonly Value[];
    most: number;
    skip: number;
    window?: Window;
  },
): Promise<Stored[]> {
  const { sql, values } = rowsIn(found, all, window);
  const inner = by.map(([what, way]) => `${what === "key" ? key : `e.${what}`} ${way}`).join(", ");
  const outer = by.map(([what, way]) => `f.${what === "key" ? "first" : what} ${way}`).join(", ");
  return ask<Stored>(
    `select ${JOINED} from (
       select e.project, e.started, e.id, ${key} as first from mcpl.lean e ${join} where ${sql} order by ${inner} limit ?::bigint offset ?::bigint) f
     join mcpl.exchange e on e.project = f.project and e.started = f.started and e.id = f.id ${RUN_OF}
     order by ${outer}`,
    ...joined,
    ...values,
    most,
    skip,
  );
}

export function earlier({ started, id }: Place): Condition {
  return { sql: "(e.started, e.id) < (?::bigint, ?)", values: [started, id] };
}

export function later({ started, id }: Place): Condition {
  return { sql: "(e.started, e.id) > (?::bigint, ?)", values: [started, id] };
}

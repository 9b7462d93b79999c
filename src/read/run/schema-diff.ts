/** What is another in a tool's definition, keyword by keyword. */
import { isObject } from "../json.ts";
import { canonical } from "./excerpt.ts";

export type Change = {
  /** JSON path inside of the definition; `description` and `name` stand for themselves. */
  where: string;
  kind: "added" | "removed" | "changed";
  before: unknown;
  after: unknown;
};

const MOST_CHANGES = 200;
const DEEPEST = 32;

/** The order of keys says nothing; neither do keywords that mean what is meant without them. */
export function schemaChanges(before: unknown, after: unknown, where = "$"): Change[] {
  const found: Change[] = [];
  compare(before, after, where, found, 0);
  return found.slice(0, MOST_CHANGES);
}

function compare(before: unknown, after: unknown, where: string, found: Change[], depth: number): void {
  if (found.length >= MOST_CHANGES) return;
  if (isObject(before) && isObject(after) && depth < DEEPEST) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const at = `${where}.${key}`;
      const [old, now] = [own(before, key), own(after, key)];
      if (old === undefined && now !== undefined)
        found.push({ where: at, kind: "added", before: null, after: now });
      else if (now === undefined) found.push({ where: at, kind: "removed", before: old, after: null });
      else compare(old, now, at, found, depth + 1);
    }
    return;
  }
  if (canonical(before) !== canonical(after)) found.push({ where, kind: "changed", before, after });
}

function own(value: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/**
 * A stranger's schema made fit to be checked against: a copy within bounds, which counts the steps that a check takes
 * and ends it when they are used up. References can make a schema of some lines take 2^30 steps, and patterns and
 * formats are expressions that can take longer than that on a short text: those that could are left out.
 */

/** Nodes of a schema that are looked at; the largest that tools have are some thousands. */
export const MOST_NODES = 20_000;

/** Steps of one check: a step is a node of the schema at a place of the value, some microseconds. */
export const MOST_STEPS = 200_000;

/** The validator keeps the address of every node as a text. */
const LONGEST_PATH = 10_000;

/** Items whose being different from each other is checked, which compares each with each. */
const MOST_UNIQUE = 1_000;

/** `why`: it is too large. `references`: copies of the nodes that refer to others. */
export type Bounded = {
  readonly schema: unknown;
  readonly references: readonly Record<string, unknown>[];
  readonly why: string | null;
  /** Runs a check that may take so many steps. Throws when it takes more. */
  within<T>(check: () => T): T;
};

export class TooManySteps extends Error {
  constructor() {
    super(`the check was given up after ${MOST_STEPS} steps`);
  }
}

/** `about`: the value that it will be checked with, since what an expression costs depends on the texts in it. */
export function bounded(schema: unknown, about: Size): Bounded {
  const references: Record<string, unknown>[] = [];
  let nodes = MOST_NODES;
  let steps = MOST_STEPS;
  const quantifiers = quantifiersFor(about.longest);
  let why: string | null = null;
  const copy = copied(schema, "schema", 0);
  if (nodes <= 0) why = `the schema has more than ${MOST_NODES} nodes`;
  return {
    schema: copy,
    references,
    why,
    within(check) {
      steps = MOST_STEPS;
      return check();
    },
  };

  /** `path`: characters of the address of this node. */
  function copied(one: unknown, kind: "schema" | "names", path: number): unknown {
    nodes--;
    if (nodes <= 0 || why !== null || typeof one !== "object" || one === null) return one;
    if (path > LONGEST_PATH) why = "the names in the schema are too long";
    if (Array.isArray(one)) return one.map((each) => copied(each, "schema", path + 6));
    const made: Record<string, unknown> = {};
    let cost = 1;
    for (const [key, value] of Object.entries(one)) {
      if (key === "__proto__") continue;
      cost += Array.isArray(value) ? value.length : 1;
      if (kind === "schema" && isLeftOut(key, value)) continue;
      const literal = kind === "schema" && (key === "const" || key === "enum");
      if (literal) nodes -= Array.isArray(value) ? value.length : 1;
      const below = kind === "schema" && NAMES.has(key) ? "names" : "schema";
      made[key] = literal ? value : copied(value, below, path + key.length + 1);
    }
    if (kind === "names") return made;
    if (typeof made["$ref"] === "string") references.push(made);
    return counted(made, cost);
  }

  /** The validator reads this word of each node when it comes to it, and no other code does. */
  function counted(node: Record<string, unknown>, cost: number): Record<string, unknown> {
    const anchor = node["$recursiveAnchor"];
    const get = (): unknown => {
      steps -= cost;
      if (steps < 0) throw new TooManySteps();
      return anchor;
    };
    return Object.defineProperty(node, "$recursiveAnchor", { get, enumerable: false, configurable: true });
  }

  function isLeftOut(key: string, value: unknown): boolean {
    switch (key) {
      case "description":
      case "default":
      case "examples":
        return true;
      case "pattern":
        return isDangerous(value, quantifiers);
      case "patternProperties":
        return Object.keys(value ?? {}).some((pattern) => isDangerous(pattern, quantifiers));
      case "format":
        return !FORMATS.has(String(value)) || about.longest > LONGEST_FORMATTED;
      case "uniqueItems":
        return about.widest > MOST_UNIQUE;
      default:
        return false;
    }
  }
}

const NAMES = new Set(["properties", "patternProperties", "definitions", "$defs", "dependentSchemas"]);

/** Those whose expressions take time by the length of a text. */
const FORMATS = new Set([
  "date",
  "time",
  "date-time",
  "duration",
  "uuid",
  "ipv4",
  "ipv6",
  "email",
  "hostname",
  "uri",
]);
const LONGEST_FORMATTED = 10_000;

/** Of a value: characters of its longest text, items of its widest list. */
export type Size = { readonly longest: number; readonly widest: number };

/** Values are no deeper than what was parsed. */
export function sizeOf(value: unknown): Size {
  let longest = 0;
  let widest = 0;
  walk(value);
  return { longest, widest };

  function walk(one: unknown): void {
    if (typeof one === "string") longest = Math.max(longest, one.length);
    if (typeof one !== "object" || one === null) return;
    if (Array.isArray(one)) widest = Math.max(widest, one.length);
    else for (const name of Object.keys(one)) longest = Math.max(longest, name.length);
    for (const each of Object.values(one)) walk(each);
  }
}

/** Values of which this says the same are checked with the same copy of a schema. */
export function kindOf({ longest, widest }: Size): string {
  return `${quantifiersFor(longest)} ${longest > LONGEST_FORMATTED} ${widest > MOST_UNIQUE}`;
}

/** n characters and k repetitions without an end take n^k steps at the worst: ten millions are some ms. */
function quantifiersFor(longest: number): number {
  return Math.max(1, Math.floor(7 / Math.log10(Math.max(longest, 10))));
}

function isDangerous(pattern: unknown, most: number): boolean {
  if (typeof pattern !== "string" || pattern.length > 500) return true;
  // A repetition of what repeats, or of a choice, takes 2^n steps.
  if (/[*+}][^()]*\)[*+{]/.test(pattern) || /\|[^()]*\)[*+{]/.test(pattern)) return true;
  const open = pattern.replace(/\\./g, "").match(/[*+]|\{\d+,\d*\}/g) ?? [];
  return open.length > most;
}

/**
 * Checks a value against a JSON Schema that came over the wire. Interpretive (no code is made from the schema), so it
 * runs under a strict Content-Security-Policy; bounded, since the schema is a stranger's; nothing is ever fetched.
 */
import { dereference, validate, type OutputUnit, type Schema, type SchemaDraft } from "@cfworker/json-schema";
import { holdsMask } from "../fact/secrets/values.ts";
import { bounded, kindOf, sizeOf, type Bounded, type Size } from "./schema-steps.ts";

/**
 * `where` is a JSON path below `$`; `what` a sentence. `only`: nothing but the schema's `format` is missed, which is an
 * annotation (2020-12, 7.2.1) and makes no value wrong.
 */
export type Mismatch = { where: string; what: string; only?: "format" };

/** `null`: the schema cannot be used, `why` says so. */
export type Checker = { check(value: unknown): Mismatch[]; why: null } | { check: null; why: string };

/** Without `$schema` the dialect is 2020-12, as MCP has it. Give `draft` where another default holds. */
export function checkerOf(schema: unknown, draft: SchemaDraft = "2020-12"): Checker {
  const named = typeof schema === "object" && schema !== null ? Reflect.get(schema, "$schema") : undefined;
  const dialect = draftOf(named) ?? draft;
  try {
    const first = made(schema, NOTHING);
    if ("why" in first) return { check: null, why: first.why };
    // Of many values most are of one kind of size, and need one copy of the schema together.
    let [kind, ready]: [string, ReturnType<typeof made>] = [kindOf(NOTHING), first];
    const check = (value: unknown): Mismatch[] => {
      try {
        const size = sizeOf(value);
        if (kindOf(size) !== kind) [kind, ready] = [kindOf(size), made(schema, size)];
        if ("why" in ready) return [];
        const { copy, lookup, within } = ready;
        return within(() => explained(value, copy, dialect, lookup));
      } catch {
        return []; // it took too many steps, or the stack: nothing can be said of this value
      }
    };
    return { check, why: null };
  } catch (error) {
    return { check: null, why: firstLine(error) };
  }
}

const NOTHING = { longest: 0, widest: 0 };

type Ready = Pick<Bounded, "within"> & {
  readonly copy: Schema | boolean;
  readonly lookup: Record<string, Schema | boolean>;
};

function made(schema: unknown, size: Size): Ready | { why: string } {
  const { schema: bare, references, why, within } = bounded(schema, size);
  if (why !== null) return { why };
  const copy = bare as Schema | boolean;
  const lookup = dereference(copy as Schema);
  const lost = references.find((it) => lookup[String(it["__absolute_ref__"] ?? it["$ref"])] === undefined);
  if (lost) return { why: `Unresolved $ref "${String(lost["$ref"]).slice(0, 200)}"; nothing is fetched` };
  return { copy, lookup, within };
}

const MOST_ERRORS = 1_000;

/** At most three mismatches: those that say most. */
export function explained(
  value: unknown,
  schema: Schema | boolean,
  draft: SchemaDraft,
  lookup: Record<string, Schema | boolean>,
): Mismatch[] {
  if (validate(value, schema, draft, lookup, true).valid) return [];
  // Each names its place, which may be long; a value of nonsense has any number of them.
  const errors = validate(value, schema, draft, lookup, false).errors.slice(0, MOST_ERRORS);
  const inner = errors.filter((it) => !FRAMES.has(it.keyword));
  // What was masked in the record is not what the tool was given.
  const unmasked = inner.filter((it) => !isMaskedAt(value, it.instanceLocation));
  const leaves = unmasked.filter(({ keyword }) => keyword !== "format");
  if (leaves.length === 0 && inner.length > 0) return unmasked.slice(0, 3).map(formatMissed);
  const wrongBranches = notMeant(leaves);
  const told = new Map<string, Mismatch>();
  const best = leaves.toSorted(
    (a, b) =>
      Number(wrongBranches.has(branchOf(a))) - Number(wrongBranches.has(branchOf(b))) || depth(b) - depth(a),
  );
  for (const it of best) {
    const where = pathOf(it.instanceLocation);
    if (!told.has(where)) told.set(where, { where, what: it.error.replace(/\.$/, "") });
    if (told.size === 3 || (wrongBranches.size > 0 && told.size === 1)) break;
  }
  const [any] = errors;
  return told.size > 0 ? [...told.values()] : [{ where: "$", what: any?.error ?? "does not match" }];
}

function formatMissed({ instanceLocation, error }: OutputUnit): Mismatch {
  return { where: pathOf(instanceLocation), what: error.replace(/\.$/, ""), only: "format" };
}

function draftOf(named: unknown): SchemaDraft | null {
  if (typeof named !== "string") return null;
  if (/draft-0[67]/.test(named)) return "7";
  if (/draft-04/.test(named)) return "4";
  if (/2019-09/.test(named)) return "2019-09";
  return null;
}

/** Keywords that only say that something below them failed. */
const FRAMES = new Set([
  "$ref",
  "$recursiveRef",
  "anyOf",
  "allOf",
  "oneOf",
  "properties",
  "items",
  "prefixItems",
]);
FRAMES.add("additionalProperties")
  .add("patternProperties")
  .add("unevaluatedProperties")
  .add("then")
  .add("else");

/**
 * Branches of unions that were not meant: a `const` or an `enum` fails in them, at a tag such as `type`, or where another
 * branch that fails finds nothing wrong with the same value.
 */
function notMeant(leaves: readonly OutputUnit[]): Set<string> {
  const found = new Set<string>();
  const unions = new Map<string, Set<string>>();
  const faulted = new Set<string>();
  for (const leaf of leaves) {
    const branch = branchOf(leaf);
    const union = branch.replace(/\d+$/, "");
    unions.set(union, (unions.get(union) ?? new Set()).add(branch));
    faulted.add(`${branch} ${leaf.instanceLocation}`);
  }
  for (const leaf of leaves) {
    const { keyword, instanceLocation } = leaf;
    if (keyword !== "const" && keyword !== "enum") continue;
    const branch = branchOf(leaf);
    const isTag = keyword === "const" && /\/(type|method|mode|role|jsonrpc)$/.test(instanceLocation);
    if (isTag || isRightElsewhere(branch, instanceLocation)) found.add(branch);
  }
  return found;

  function isRightElsewhere(branch: string, place: string): boolean {
    const union = branch.replace(/\d+$/, "");
    // Told outside of a union it is wrong wherever else it might be right.
    if (union === branch) return false;
    let looked = 0;
    for (const other of unions.get(union) ?? []) {
      if (other !== branch && !faulted.has(`${other} ${place}`)) return true;
      if (++looked > MOST_BRANCHES) return false;
    }
    return false;
  }
}

/** Of a union that are compared with each other; unions that people write have a few tens. */
const MOST_BRANCHES = 100;

function branchOf({ keywordLocation }: OutputUnit): string {
  return /^.*\/(?:anyOf|oneOf)\/\d+/.exec(keywordLocation)?.[0] ?? keywordLocation;
}

function depth({ instanceLocation }: OutputUnit): number {
  return instanceLocation.split("/").length;
}

function isMaskedAt(value: unknown, pointer: string): boolean {
  let inside = value;
  for (const step of pointer.split("/").slice(1)) {
    if (typeof inside !== "object" || inside === null) return false;
    inside = Reflect.get(inside, step.replaceAll("~1", "/").replaceAll("~0", "~")) as unknown;
  }
  return typeof inside === "string" && holdsMask(inside);
}

/** `#/a/0/b` becomes `$.a[0].b`. */
function pathOf(pointer: string): string {
  const steps = pointer.split("/").slice(1);
  return steps.reduce((path, step) => {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (/^\d+$/.test(name)) return `${path}[${name}]`;
    return /^[\w$]+$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
  }, "$");
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

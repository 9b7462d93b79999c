/**
 * Checks a value against a JSON Schema that came over the wire. Interpretive (no code is made from the schema), so it
 * runs under a strict Content-Security-Policy; bounded, since the schema is a stranger's; nothing is ever fetched.
 */
import { dereference, validate, type OutputUnit, type Schema, type SchemaDraft } from "@cfworker/json-schema";

/** `where` is a JSON path below `$`; `what` a sentence. */
export type Mismatch = { where: string; what: string };

/** `null`: the schema cannot be used, `why` says so. */
export type Checker = { check(value: unknown): Mismatch[]; why: null } | { check: null; why: string };

const MOST_NODES = 20_000;

type Budget = { left: number; references: Record<string, unknown>[] };

/** Without `$schema` the dialect is 2020-12, as MCP has it. Give `draft` where another default holds. */
export function checkerOf(schema: unknown, draft: SchemaDraft = "2020-12"): Checker {
  const named = typeof schema === "object" && schema !== null ? Reflect.get(schema, "$schema") : undefined;
  try {
    const budget: Budget = { left: MOST_NODES, references: [] };
    const copy = harmless(schema, budget, "schema") as Schema | boolean;
    if (budget.left <= 0) return { check: null, why: `the schema has more than ${MOST_NODES} nodes` };
    const lookup = dereference(copy as Schema);
    const dialect = draftOf(named) ?? draft;
    const check = (value: unknown): Mismatch[] => explained(value, copy, dialect, lookup);
    const lost = budget.references.find(
      (it) => lookup[String(it["__absolute_ref__"] ?? it["$ref"])] === undefined,
    );
    if (lost)
      return {
        check: null,
        why: `Unresolved $ref "${String(lost["$ref"]).slice(0, 200)}"; nothing is fetched`,
      };
    return { check, why: null };
  } catch (error) {
    return { check: null, why: firstLine(error) };
  }
}

/** At most three mismatches: those that say most. */
export function explained(
  value: unknown,
  schema: Schema | boolean,
  draft: SchemaDraft,
  lookup: Record<string, Schema | boolean>,
): Mismatch[] {
  if (validate(value, schema, draft, lookup, true).valid) return [];
  const { errors } = validate(value, schema, draft, lookup, false);
  const leaves = errors.filter((it) => !FRAMES.has(it.keyword));
  const wrongBranches = new Set(leaves.filter(isTag).map(branchOf));
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

/** A `const` or `enum` that fails on a tag such as `type` says that this branch of a union was not meant. */
function isTag({ keyword, instanceLocation }: OutputUnit): boolean {
  return keyword === "const" && /\/(type|method|mode|role|jsonrpc)$/.test(instanceLocation);
}

function branchOf({ keywordLocation }: OutputUnit): string {
  return /^.*\/(?:anyOf|oneOf)\/\d+/.exec(keywordLocation)?.[0] ?? keywordLocation;
}

function depth({ instanceLocation }: OutputUnit): number {
  return instanceLocation.split("/").length;
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

/**
 * A copy within bounds. Patterns with nested repetition go: one of them can take minutes on a short text. Words that
 * say nothing about validity go too.
 */
function harmless(schema: unknown, budget: Budget, kind: "schema" | "names"): unknown {
  budget.left -= 1;
  if (budget.left <= 0 || typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((it) => harmless(it, budget, "schema"));
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === "__proto__") continue;
    if (kind === "schema" && (key === "description" || key === "default" || key === "examples")) continue;
    if (kind === "schema" && key === "pattern" && isDangerous(value)) continue;
    if (kind === "schema" && key === "patternProperties" && Object.keys(value ?? {}).some(isDangerous))
      continue;
    const literal = key === "const" || key === "enum";
    const below = kind === "schema" && NAMES.has(key) ? "names" : "schema";
    copy[key] = literal ? value : harmless(value, budget, below);
  }
  if (kind === "schema" && typeof copy["$ref"] === "string") budget.references.push(copy);
  return copy;
}

const NAMES = new Set(["properties", "patternProperties", "definitions", "$defs", "dependentSchemas"]);

function isDangerous(pattern: unknown): boolean {
  if (typeof pattern !== "string") return true;
  return pattern.length > 500 || /[*+}][^()]*\)[*+{]/.test(pattern) || /\|[^()]*\)[*+{]/.test(pattern);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

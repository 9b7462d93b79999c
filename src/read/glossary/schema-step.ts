/** Tells the keywords of a JSON Schema from the names that its author chose, one step of a path at a time. */
import { jsonSchema } from "./entries/json-schema.ts";
import type { Entry } from "./entry.ts";

/** What stands below a node: what an entry may say of it, or names each with a schema. Without more, fields of the API. */
export type Below = "api" | "names" | NonNullable<Entry["below"]>;

export function schemaStep(
  below: Exclude<Below, "api">,
  name: string,
): { readonly keyword: Entry | null; readonly below: Below } {
  if (below === "own") return { keyword: null, below: "own" };
  if (below === "named") return { keyword: null, below: "api" };
  if (below === "names") return { keyword: null, below: "schema" };
  const keyword = keywords.get(name) ?? null;
  if (named.has(name)) return { keyword, below: "names" };
  return { keyword, below: holders.has(name) ? "schema" : "own" };
}

const keywords = new Map(jsonSchema.flatMap((entry) => entry.at.map((at) => [at, entry] as const)));

/** Their keys are names, their values schemas. */
const named = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);

/** Their value is a schema or a list of them. `schema` and `json` wrap one in some APIs. */
const holders = new Set([
  "items",
  "prefixItems",
  "additionalProperties",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "if",
  "then",
  "else",
  "contains",
  "propertyNames",
  "json",
]);

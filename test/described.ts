/** Holds what was answered against its description, strictly: a member that is not described is wrong, too. */
import { type Schema, Validator } from "@cfworker/json-schema";

/** What is wrong with it, in a few sentences; none where it fits. */
export function unlike(schema: unknown, value: unknown): string[] {
  const { valid, errors } = validatorOf(schema as object).validate(value);
  if (valid) return [];
  // The deepest say what it is; those above them, that something below is wrong.
  const deep = errors.toSorted((a, b) => b.instanceLocation.length - a.instanceLocation.length);
  return deep.slice(0, 3).map(({ instanceLocation, error }) => `${instanceLocation} ${error}`);
}

/** One for each description, since the same one is asked for hundreds of answers. */
const validators = new WeakMap<object, Validator>();

function validatorOf(schema: object): Validator {
  const known = validators.get(schema);
  if (known) return known;
  const made = new Validator(strict(schema) as Schema, "2020-12", false);
  validators.set(schema, made);
  return made;
}

function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  const isOpen = inner["type"] !== "object" || !inner["properties"] || "additionalProperties" in inner;
  return isOpen ? inner : { ...inner, additionalProperties: false };
}

/** The value at a JSON path of the form `$.messages[0].content[1]`, as our readings write them. */
export function at(root: unknown, path: string): unknown {
  let value: unknown = root;
  for (const [, key, index] of path.matchAll(/\.([^.[\]]+)|\[(\d+)\]/g)) {
    if (typeof value !== "object" || value === null) return undefined;
    const name = key ?? index ?? "";
    if (!Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

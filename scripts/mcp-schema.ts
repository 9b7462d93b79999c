/**
 * Makes src/read/mcp/schema/<revision>.json from the protocol's own schema.json: only what decides whether a message
 * is valid stays; descriptions, titles, examples and defaults go.
 *
 *     bun scripts/mcp-schema.ts path/to/schema/2026-07-28/schema.json 2026-07-28
 *
 * The schemas are at https://github.com/modelcontextprotocol/modelcontextprotocol, in schema/<revision>/schema.json.
 */
const WORDS = new Set(["description", "title", "examples", "default", "$comment", "deprecated"]);
/** Under these keywords keys are names that the protocol chose, not keywords. */
const NAMES = new Set(["properties", "patternProperties", "definitions", "$defs", "dependentSchemas"]);

const [from, revision] = process.argv.slice(2);
if (from === undefined || revision === undefined) {
  console.error("usage: bun scripts/mcp-schema.ts path/to/schema.json REVISION");
  process.exitCode = 1;
} else {
  const whole: unknown = await Bun.file(from).json();
  const to = new URL(`../src/read/mcp/schema/${revision}.json`, import.meta.url);
  const text = `${JSON.stringify(bare(whole))}\n`;
  await Bun.write(to, text);
  console.log(`${to.pathname}: ${text.length} characters`);
}

function bare(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(bare);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key]) => !WORDS.has(key));
  return Object.fromEntries(
    kept.map(([key, value]) => {
      if (NAMES.has(key)) return [key, named(value)];
      return [key, key === "const" || key === "enum" ? value : bare(value)];
    }),
  );
}

function named(map: unknown): unknown {
  if (typeof map !== "object" || map === null) return map;
  return Object.fromEntries(Object.entries(map).map(([name, schema]) => [name, bare(schema)]));
}

/** Requests that want JSON back (routers, classifiers): what fits their schema, without a thought. */

type Json = Record<string, unknown>;

/** What is asked for; null where any text will do. An empty schema is any object. */
export function wishOf(body: Json): Json | null {
  const gemini = object(body["generationConfig"]);
  const [chat, responses, messages] = [
    object(body["response_format"]),
    object(object(body["text"])["format"]),
    object(object(body["output_config"])["format"]),
  ];
  const schema = [
    gemini["responseJsonSchema"],
    gemini["responseSchema"],
    object(chat["json_schema"])["schema"],
    responses["schema"],
    messages["schema"],
    object(body["output_format"])["schema"],
    body["format"],
  ].find((each) => typeof each === "object" && each !== null);
  if (schema !== undefined) return object(schema);
  const wants = gemini["responseMimeType"] === "application/json" || body["format"] === "json";
  return wants || [chat, responses].some(({ type }) => type === "json_object") ? {} : null;
}

/** People nest schemas a few times, references may go round. */
const DEEPEST = 12;

export function fitting(schema: Json, root = schema, depth = 0): unknown {
  if (depth > DEEPEST) return null;
  const inner = (value: unknown) => fitting(object(value), root, depth + 1);
  if (typeof schema["$ref"] === "string") return inner(at(root, schema["$ref"]));
  if ("const" in schema) return schema["const"];
  const listed = schema["enum"];
  if (Array.isArray(listed)) return listed[0] as unknown;
  for (const key of ["anyOf", "oneOf", "allOf"])
    if (Array.isArray(schema[key])) return inner((schema[key] as unknown[])[0]);
  const type = Array.isArray(schema["type"]) ? (schema["type"] as unknown[])[0] : schema["type"];
  switch (String(type ?? "object").toLowerCase()) {
    case "string":
      return "a demo model's answer";
    case "integer":
    case "number":
      return typeof schema["minimum"] === "number" ? schema["minimum"] : 1;
    case "boolean":
      return false;
    case "null":
      return null;
    case "array":
      return Array.from({ length: Math.min(Number(schema["minItems"] ?? 0), 3) }, () =>
        inner(schema["items"]),
      );
    default:
      return Object.fromEntries(
        Object.entries(object(schema["properties"])).map(([name, value]) => [name, inner(value)]),
      );
  }
}

/** `#/$defs/name` */
function at(root: Json, reference: string): unknown {
  return reference
    .split("/")
    .slice(1)
    .reduce<unknown>((inside, key) => object(inside)[key], root);
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** Keywords of JSON Schema, as they stand in the schemas of tools and of wanted answers. */
import { entriesOf, type Entry } from "../entry.ts";

const { field } = entriesOf("json-schema", "https://json-schema.org/draft/2020-12/json-schema-validation");

export const jsonSchema: readonly Entry[] = [
  field(
    "type",
    "JSON Schema: which kind of JSON value is allowed here. Gemini writes it in capitals.",
    "JSON Schema：此处允许的 JSON 值类型。Gemini 用大写书写。",
  ),
  field(
    "properties",
    "JSON Schema: the names that an object may have, each with a schema of its own. For a tool these are its arguments.",
    "JSON Schema：对象可包含的属性，每个属性各有 schema。对工具而言就是它的参数。",
  ),
  field(
    "required",
    "JSON Schema: the names that must be there. Strict modes want all of them listed.",
    "JSON Schema：必须出现的属性。严格模式要求列出全部属性。",
  ),
  field(
    ["description", "title"],
    "JSON Schema: words for the reader. The model reads them too, so they decide how well a tool is used.",
    "JSON Schema：说明文字。模型也会读到，写得好坏直接影响工具用得对不对。",
  ),
  field(["enum", "const"], "JSON Schema: the only values that are allowed.", "JSON Schema：只允许取这些值。"),
  field(
    ["items", "prefixItems"],
    "JSON Schema: what the elements of an array must be.",
    "JSON Schema：数组元素须满足的 schema。",
  ),
  field(
    "additionalProperties",
    "JSON Schema: whether names that are not listed are allowed. Strict modes want `false`.",
    "JSON Schema：是否允许未列出的属性。严格模式要求为 `false`。",
  ),
  field(
    ["anyOf", "oneOf", "allOf", "not"],
    "JSON Schema: combines schemas: one of them, exactly one, all, or none.",
    "JSON Schema：组合多个 schema：任一、恰好一个、全部或排除。",
  ),
  field(
    ["$defs", "definitions", "$ref"],
    "JSON Schema: schemas with a name, and the places that refer to them.",
    "JSON Schema：命名的 schema，以及对它们的引用。",
  ),
  field(
    ["$schema", "$id", "$comment"],
    "JSON Schema: which version of JSON Schema this is, or a name or note for it.",
    "JSON Schema：所用的规范版本，或标识、注释。",
    { source: "https://json-schema.org/draft/2020-12/json-schema-core" },
  ),
  field(
    "default",
    "JSON Schema: the value that is meant when none is given. The model sees it; nothing fills it in.",
    "JSON Schema：省略时的默认含义。模型看得到，但没有人会自动填入。",
  ),
  field(
    ["examples", "example"],
    "JSON Schema: values that would be fine here.",
    "JSON Schema：合法取值的示例。",
  ),
  field(
    ["format", "pattern", "contentMediaType", "contentEncoding"],
    "JSON Schema: the form that a text must have, as a named format or a regular expression.",
    "JSON Schema：文本须符合的格式，可以是格式名或正则表达式。",
  ),
  field(
    ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
    "JSON Schema: the bounds of a number.",
    "JSON Schema：数值的范围。",
  ),
  field(
    ["minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"],
    "JSON Schema: how long a text or how large a list or object may be.",
    "JSON Schema：文本长度，或数组、对象的大小限制。",
  ),
  field(
    "nullable",
    "Gemini and OpenAPI: whether null is allowed too.",
    "Gemini 与 OpenAPI：是否也允许 null。",
    { source: "https://ai.google.dev/api/caching#Schema" },
  ),
  field(
    "propertyOrdering",
    "Gemini: the order in which the model should write the names.",
    "Gemini：模型输出各属性的顺序。",
    { source: "https://ai.google.dev/api/caching#Schema" },
  ),
];

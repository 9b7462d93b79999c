/** A header, or a node of a JSON body, explained by its name and its place. */
import type { Side } from "../glossary/entry.ts";
import { explain, explainBody, explainValue, isOwn } from "../glossary/explain.ts";
import { glossary } from "../glossary/glossary.ts";
import { explained, type Explained } from "./explained.ts";
import { said } from "./note.ts";

/** By the key of its entry: of whatever is marked on the page. Null for a name that has none. */
export function explainKey(key: string): Explained | null {
  const [, dialect = "", kind, name] = /^(\S+) (\w+) (.*)$/s.exec(key) ?? [];
  const entry = byKey.get(key) ?? explain(dialect, `${kind}:${name}`);
  return entry ? explained((entry.at[0] ?? "").replace("$.", ""), [entry]) : null;
}

const byKey = new Map(glossary.map((entry) => [entry.key, entry]));

export function explainHeader(dialect: string, name: string): Explained | null {
  const entry = explain(dialect, `header:${name}`);
  return entry ? explained(name.toLowerCase(), [entry]) : null;
}

/** `value`: what stands there, of which a word may have a meaning of its own. */
export function explainField(dialect: string, side: Side, path: string, value: unknown): Explained {
  const entry = explainBody(dialect, side, path);
  const word = explainValue(dialect, side, path, value);
  if (!entry && isOwn(dialect, side, path))
    return explained(path, [], {
      why: [
        said([
          "This name is the user's own: a tool's argument, a property of a schema, a key of metadata. No API defines it.",
          "这是用户自己的名称：工具参数、schema 属性或元数据的键，没有 API 定义它。",
        ]),
      ],
    });
  return explained(path, [word, entry], { dialect, why: sizeOf(value) });
}

function sizeOf(value: unknown) {
  if (!Array.isArray(value)) return [];
  return [said([`There are ${value.length} here.`, `此处有 ${value.length} 个。`])];
}

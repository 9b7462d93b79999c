/** What a body is, by its headers: how it is looked through for credentials, and in which codings it comes. */
import type { Header } from "../../fact/fact.ts";
import { codingsOf } from "./decoder.ts";

/** `aws event stream`: binary messages with checksums. Else see `BodyMask`. */
export type BodyKind = "text" | "form" | "stream" | "answer" | "aws event stream";

export function bodyKind(
  from: "client" | "server",
  headers: readonly Header[],
  target: string,
): { readonly kind: BodyKind; readonly codings: readonly string[] } {
  let type = "";
  let isCoded = false;
  for (const [name, value] of headers) {
    const { length } = name;
    if (length === 12 && type === "" && name.toLowerCase() === "content-type") type = value;
    else if ((length === 16 || length === 17) && name.toLowerCase().endsWith("-encoding")) isCoded = true;
  }
  const said = saidBy(type);
  const codings = isCoded ? codingsOf(headers) : [];
  if (said === "aws event stream") return { kind: said, codings };
  // Whatever else a request is called, it may be a text: JSON that is called an image.
  if (from === "client") return { kind: said === "form" ? "form" : "text", codings };
  // Other answers are streams when a second object comes. Gemini's stream may be an array whose elements come one by one.
  const isStream = said === "stream" || (target.includes(":stream") && STREAMED.test(target));
  return { kind: isStream ? "stream" : "answer", codings };
}

const STREAMED = /:stream(?:GenerateContent|RawPredict)\b/;

type Said = "form" | "stream" | "aws event stream" | "nothing";

/** Few types are said again and again. Bounded, since anybody may say any. */
const known = new Map<string, Said>();
const REMEMBERED_TYPES = 100;

function saidBy(type: string): Said {
  const before = known.get(type);
  if (before !== undefined) return before;
  const said = read(type);
  if (known.size >= REMEMBERED_TYPES) known.clear();
  if (type.length < REMEMBERED_TYPES) known.set(type, said);
  return said;
}

function read(type: string): Said {
  if (/vnd\.amazon\.eventstream/i.test(type)) return "aws event stream";
  if (/event-?stream|ndjson|jsonl|json-?lines|json-seq|stream\+json/i.test(type)) return "stream";
  return /x-www-form-urlencoded/i.test(type) ? "form" : "nothing";
}

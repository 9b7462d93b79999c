/** One message of a socket, as those see it who tell its responses apart. */
import type { Bytes } from "../../fact/fact.ts";
import { decode } from "../frames/frame.ts";
import { object, parseJson, text, type Json } from "../json.ts";

export type Said = Pick<Bytes, "t" | "bytes" | "frame" | "passed"> & {
  readonly from: "client" | "server";
  /** What it holds; an empty object where it is no JSON. */
  readonly json: Json;
  /** What it calls itself; "" where it says nothing. */
  readonly type: string;
};

/** A longer message is not taken apart: what kind it is stands at its beginning, if anywhere. */
const LONGEST_PARSED = 8 * 1024 * 1024;
const HEAD = 1024;

export function said({ t, bytes, frame, passed, from }: Bytes): Said | null {
  if (frame === undefined || from === "stderr") return null;
  const about = { t, bytes, frame, from, ...(passed !== undefined && { passed }) };
  // Google's Live API sends its JSON in binary messages; nothing else binary begins with a brace.
  if (frame === "binary" && bytes[0] !== 0x7b) return { ...about, json: {}, type: "" };
  const value = bytes.byteLength > LONGEST_PARSED ? undefined : parseJson(decode(bytes));
  if (value === undefined) return { ...about, json: {}, type: typeAtStart(bytes) };
  const json = object(value);
  return { ...about, json, type: text(json["type"]) ?? "" };
}

/** Of what is too long, or was cut: SDKs write the type first. */
function typeAtStart(bytes: Uint8Array): string {
  return /^\s*\{\s*"type"\s*:\s*"([^"\\]{1,100})"/.exec(decode(bytes.subarray(0, HEAD)))?.[1] ?? "";
}

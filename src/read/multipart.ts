/** multipart/form-data (RFC 7578) as fields: text as strings, files as `{ filename, type, bytes }` without their content. */
import { decode } from "./frames/frame.ts";

export type FormFile = { filename: string; type: string | null; bytes: number };

/** Null when there is no boundary. A repeated field (`timestamp_granularities[]`) becomes a list. */
export function multipart(bytes: Uint8Array, contentType: string): Record<string, unknown> | null {
  const found = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = found?.[1] ?? found?.[2];
  if (!boundary) return null;
  const fields = new Map<string, unknown[]>();
  for (const part of split(bytes, boundary)) {
    const blank = indexOf(part, [13, 10, 13, 10], 0);
    if (blank < 0) continue;
    const head = decode(part.subarray(0, blank));
    const name = /name="([^"]*)"/i.exec(head)?.[1];
    if (name === undefined) continue;
    const content = part.subarray(blank + 4);
    const filename = /filename="([^"]*)"/i.exec(head)?.[1];
    const type = /^content-type:\s*(.+)$/im.exec(head)?.[1]?.trim() ?? null;
    const file: FormFile | null = filename === undefined ? null : { filename, type, bytes: content.length };
    fields.set(name, [...(fields.get(name) ?? []), file ?? decode(content)]);
  }
  return Object.fromEntries(
    [...fields].map(([name, values]) => [name, values.length > 1 ? values : values[0]]),
  );
}

function split(bytes: Uint8Array, boundary: string): Uint8Array[] {
  const mark = Array.from(new TextEncoder().encode(`--${boundary}`));
  const parts: Uint8Array[] = [];
  let from = indexOf(bytes, mark, 0);
  while (from >= 0) {
    const next = indexOf(bytes, mark, from + mark.length);
    // A part is closed by the CRLF before the next boundary; the last boundary is followed by "--".
    if (next >= 0) parts.push(bytes.subarray(from + mark.length + 2, next - 2));
    from = next;
  }
  return parts;
}

function indexOf(bytes: Uint8Array, wanted: readonly number[], from: number): number {
  const first = wanted[0] as number;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1))
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  return -1;
}

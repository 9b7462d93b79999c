/**
 * What the index keeps of a long line: all but the contents. A message of 30 MB would be in the index again, in each
 * frame that tells of it, and in the ring of frames; the file has it.
 */
import { copyExact } from "../fact/json-source.ts";

/** Bytes of a line. Most messages are below 10 KB; above this they are images, files, whole data sets. */
export const LONG = 64 * 1024;

const CONTENTS = ["params", "result"] as const;

/** The line with empty contents, and `outline` with its true size: an outline is never taken for the line itself. */
export function outlineOf(line: Record<string, unknown>, bytes: number): Record<string, unknown> {
  const outlined = copyExact(line);
  outlined["outline"] = { bytes };
  for (const name of ["raw", "text"])
    if (typeof line[name] === "string") outlined[name] = beginning(line[name]);
  const { message } = line;
  if (typeof message !== "object" || message === null) return outlined;
  const kept = copyExact(message);
  for (const name of CONTENTS) if (name in kept) kept[name] = {};
  for (const [name, value] of Object.entries(kept)) {
    if (typeof value === "string") kept[name] = beginning(value);
    else if (typeof value === "object" && JSON.stringify(value).length > LONG) kept[name] = {};
  }
  outlined["message"] = kept;
  return outlined;
}

function beginning(text: string): string {
  return text.slice(0, 1000);
}

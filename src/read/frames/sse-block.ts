/** A block of an event stream: its lines as fields, and the frame that they make when it is closed. */
import { parseJson } from "../json.ts";
import type { Frame, troubleList } from "./frame.ts";

export type Block = {
  start: number;
  first: number;
  name: string | null;
  id: string | null;
  data: string[];
  notes: string[];
  /** JSON objects on lines without a field: gateways write errors so. */
  bare: string[] | null;
  retry: boolean;
};

/** Where a frame stands, for what its lines do not say. */
type Closing = Pick<Frame, "n" | "t" | "end" | "last" | "whole">;

/** Of a line that is no field: enough for what a server says of its trouble. */
const MOST_WORDS = 300;

export function newBlock(start: number, first: number): Block {
  return { start, first, name: null, id: null, data: [], notes: [], bare: null, retry: false };
}

/** `line` is not empty, and without its end. */
export function takeLine(block: Block, line: string, troubles: ReturnType<typeof troubleList>): void {
  // Nearly every line, and each of a stream is asked.
  if (line.startsWith("data: ")) {
    block.data.push(line.slice(6));
    return;
  }
  const colon = line.indexOf(":");
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
  if (field === "data") block.data.push(value);
  else if (field === "event") block.name = value;
  else if (field === "id") block.id = value.includes("\0") ? block.id : value;
  else if (field === "") block.notes.push(value);
  else if (field === "retry") block.retry = block.notes.push(line) > 0;
  else if (field === "error") {
    // llama.cpp once told errors in a field of their own.
    block.name = "error";
    block.data.push(value);
  } else {
    const words = line.length > MOST_WORDS ? `${line.slice(0, MOST_WORDS)}…` : line;
    const what = `a line of the event stream has no field that a client knows: ${words}`;
    troubles.push({ at: block.start, rule: "stream/unknown-field", what });
    if (line.startsWith("{")) (block.bare ??= []).push(line);
    else block.notes.push(line);
  }
}

export function closed(block: Block, { n, t, end, last, whole }: Closing): Frame {
  const { start, first, name, id } = block;
  const lines = block.data.length > 0 ? block.data : (block.bare ?? block.data);
  const hasData = lines.length > 0;
  const said = hasData ? lines : block.notes;
  const data = said.length === 1 ? (said[0] as string) : said.join("\n");
  const json = hasData ? parseJson(data) : undefined;
  // A browser drops an event without data. One that is named an error says enough by its name.
  const isEvent = hasData || name === "error";
  const kind = isEvent ? "event" : name !== null || id !== null || block.retry ? "control" : "comment";
  return { n, t, name, id, data, json, kind, start, end, first, last, whole };
}

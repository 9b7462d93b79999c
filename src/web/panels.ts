/** The panels of an exchange, in the order of their tabs. A new one is a file in `panels/` and a line here. */
import { context } from "./panels/context.ts";
import type { Panel } from "./panels/panel.ts";
import { story } from "./panels/story.ts";
import { stream } from "./panels/stream.ts";
import { wire } from "./panels/wire.ts";
import type { Seen } from "./readings.ts";

export const panels: readonly Panel[] = [story, stream, context, wire];

/** Addresses that people kept: each is a part of one of the four. */
const PARTS: Readonly<Record<string, string>> = {
  conversation: "story",
  answer: "story",
  problems: "story",
  timeline: "stream",
  tools: "context",
  usage: "context",
  headers: "wire",
  raw: "wire",
  request: "wire",
  response: "wire",
};

/** What asks a question shows its story; what is no conversation shows its bytes. */
export function panelAt(wanted: string | null, seen: Seen): Panel {
  const name = wanted === null ? usual(seen) : (PARTS[wanted] ?? wanted);
  const shown = panels.filter((panel) => panel.shows(seen));
  const found = shown.find((panel) => panel.name === name) ?? shown.at(-1) ?? panels[0];
  if (!found) throw new Error("there are no panels");
  return found;
}

function usual({ reading }: Seen): string {
  return reading.dialect === "raw" ? "wire" : "story";
}

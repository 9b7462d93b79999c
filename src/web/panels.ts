/** The panels of an exchange, in the order of their tabs. A new one is a file in `panels/` and a line here. */
import type { Html } from "./html.ts";
import { answer } from "./panels/answer.ts";
import { conversation } from "./panels/conversation.ts";
import { headers } from "./panels/headers.ts";
import { problems } from "./panels/problems.ts";
import { raw } from "./panels/raw.ts";
import { timeline } from "./panels/timeline.ts";
import { tools } from "./panels/tools.ts";
import { usage } from "./panels/usage.ts";
import type { Seen } from "./readings.ts";
import type { View } from "./view.ts";
import type { Key } from "./words.ts";

export type Panel = {
  /** Stands in the address: `/llm/:id/<name>`. */
  readonly name: string;
  readonly title: Key;
  draw(view: View, seen: Seen): Html;
  /** The number beside its title; 0 shows none. */
  count?(seen: Seen): number;
  tone?(seen: Seen): string;
};

export const panels: readonly Panel[] = [
  conversation,
  answer,
  timeline,
  tools,
  usage,
  headers,
  raw,
  problems,
];

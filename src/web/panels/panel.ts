/** What a panel is: it says of which readings it shows anything, and draws one. */
import type { Html } from "../html.ts";
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";
import type { Key } from "../words.ts";

export type Panel = {
  /** Stands in the address: `/llm/:id/<name>`. */
  readonly name: string;
  readonly title: Key;
  /** Whether there is anything of this kind to see: a tab that says nothing is none. */
  shows(seen: Seen): boolean;
  /** `part`: the last word of the address, which may name a part of the panel. */
  draw(view: View, seen: Seen, part: string): Html | Promise<Html>;
  /** The number beside its title; 0 shows none. */
  count?(seen: Seen): number;
  tone?(seen: Seen): string;
};

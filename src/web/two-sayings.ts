/**
 * What is wrong is said twice: what happened here, in the English in which it is recorded, and what its rule means, in the
 * visitor's language. The one that the visitor reads comes first.
 */
import { inChinese } from "../shown/said-in-chinese.ts";
import { html, type Hole } from "./html.ts";
import type { View } from "./view.ts";

export type TwoSayings = { readonly first: Hole; readonly second: Hole };

export function twoSayings({ lang }: Pick<View, "lang">, what: string, meaning: string | null): TwoSayings {
  if (lang === "en" || meaning === null) return { first: what, second: meaning };
  return { first: meaning, second: saidIn(lang, what) };
}

/** A sentence of the program's own about an exchange or a session, in the visitor's language; any other is marked as English. */
export function saidIn(lang: View["lang"], said: string): Hole {
  if (lang === "en") return said;
  const zh = inChinese(said);
  return zh === said ? html`<span lang="en">${said}</span>` : zh;
}

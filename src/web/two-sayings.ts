/**
 * What is wrong is said twice: what happened here, in the English in which it is recorded, and what its rule means, in the
 * visitor's language. The one that the visitor reads comes first.
 */
import { html, type Hole } from "./html.ts";
import type { View } from "./view.ts";

export type TwoSayings = { readonly first: Hole; readonly second: Hole };

export function twoSayings({ lang }: Pick<View, "lang">, what: string, meaning: string | null): TwoSayings {
  if (lang === "en" || meaning === null) return { first: what, second: meaning };
  return { first: meaning, second: html`<span lang="en">${what}</span>` };
}

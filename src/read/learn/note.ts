/** What a learner is told beside what a thing is: why it is here, and what comes next. Its source is that of the glossary's entry. */

export type Said = { readonly en: string; readonly zh: string };
export type Note = { readonly why: Said; readonly next: Said };

/** By the key of a glossary entry, or by `same …`: the concept that entries of several dialects share. */
export type Notes = readonly (readonly [of: string, note: Note])[];

type Pair = readonly [en: string, zh: string];

export function note(of: string, why: Pair, next: Pair): Notes[number] {
  return [of, { why: said(why), next: said(next) }];
}

export function said([en, zh]: Pair): Said {
  return { en, zh };
}

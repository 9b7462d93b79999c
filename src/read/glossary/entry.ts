/** What an entry of the glossary is, and how a table of them is written down. */

/** `term` is a value that a field can have (`finish_reason=length`); the others are what their names say. */
export type Kind = "header" | "field" | "event" | "method" | "error" | "term";
export type Side = "request" | "response" | "stream";

export type Entry = {
  /** Unique and stable: the first of `where`, the kind, the first of `at`. */
  readonly key: string;
  readonly kind: Kind;
  /**
   * What it explains. Headers in lower case (`x-stainless-*` is a family); events, methods and errors as on the wire;
   * fields as a path or the end of one (`choices[].delta.content`), from the body's root with `$.`; terms as `path=value`.
   */
  readonly at: readonly string[];
  /** Dialects as the reader names them, and the providers that add to one; `any` holds for all. */
  readonly where: readonly string[];
  readonly en: string;
  readonly zh: string;
  /** The document that defines it. */
  readonly source: string;
  /** Entries with the same word mean the same thing in different dialects. */
  readonly same?: string;
  /** Only on this side of the exchange; without it on all. */
  readonly side?: Side;
  /**
   * What stands below the node: anything of the user's (`own`), a JSON Schema, or names of the user's with fields of the
   * API below them (`named`). Without it fields of the API.
   */
  readonly below?: "own" | "schema" | "named";
};

type More = Partial<Pick<Entry, "source" | "same" | "side" | "below" | "where">>;
type At = string | readonly [string, ...string[]];
type Write = (at: At, en: string, zh: string, more?: More) => Entry;

/** Writers for one table: entries get this place and this source unless they say otherwise. */
export function entriesOf(
  place: string | readonly [string, ...string[]],
  source: string,
): Record<Kind, Write> {
  const where = typeof place === "string" ? [place] : place;
  const writer =
    (kind: Kind): Write =>
    (at, en, zh, more = {}) => {
      const names = typeof at === "string" ? [at] : at;
      const places = more.where ?? where;
      const side = more.side ? ` (${more.side})` : "";
      return {
        key: `${places[0]} ${kind} ${names[0]}${side}`,
        kind,
        at: names,
        where: places,
        en,
        zh,
        source,
        ...more,
      };
    };
  return {
    header: writer("header"),
    field: writer("field"),
    event: writer("event"),
    method: writer("method"),
    error: writer("error"),
    term: writer("term"),
  };
}

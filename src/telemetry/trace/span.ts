/** A span before it is anybody's format. Times are wall ms; ids are those of W3C Trace Context. */

export type Value = string | number | boolean | readonly string[];

export type Place = { readonly trace: string; readonly span: string };

/** What was said, for who sends it along: of an exchange with a model, of the n-th call in one, of an MCP call. */
export type ContentKey =
  | { readonly of: "model"; readonly exchange: string }
  | { readonly of: "tool"; readonly exchange: string; readonly n: number; readonly seen: string | null }
  | { readonly of: "call"; readonly session: string; readonly seq: number; readonly answer: number | null };

export type Span = {
  readonly place: Place;
  /** `remote`: somebody else's span, named on the wire. */
  readonly parent: (Place & { readonly remote: boolean }) | null;
  readonly name: string;
  readonly kind: "internal" | "client";
  readonly start: number;
  readonly end: number;
  /** The sentence of what failed; null where nothing did. */
  readonly error: string | null;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly links: readonly Place[];
  readonly content: ContentKey | null;
};

/** At least 32 hexadecimal digits that look random and are the same for the same text. */
export type Hash = (text: string) => string;

/** The same thing has the same ids, whoever sends it and however often. */
export function traceId(hash: Hash, key: string): string {
  return hash(`trace ${key}`).slice(0, 32);
}

export function spanId(hash: Hash, key: string): string {
  return hash(`span ${key}`).slice(0, 16);
}

/** Without what is not known. */
export function known(
  attributes: Readonly<Record<string, Value | null | undefined>>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(attributes).filter(
      (pair): pair is [string, Value] =>
        pair[1] != null && pair[1] !== "" && !(Array.isArray(pair[1]) && pair[1].length === 0),
    ),
  );
}

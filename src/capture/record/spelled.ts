/**
 * How a credential may be said again, worked out once: each request of a client signs in with the same one, and its
 * escapes, its encodings and what tells where they begin cost more than all else that is recorded of a small request.
 */
import { userAndPassword } from "../../fact/secrets/schemes.ts";
import { mayBeSaidAgain, spellingsOf, type Source } from "../../fact/secrets/spellings.ts";

export type Spelling = {
  readonly bytes: Buffer;
  readonly text: string;
  readonly credential: string;
  readonly shown: number;
  /** For each length: how long a beginning of it also ends there (Knuth, Morris and Pratt). */
  readonly again: Uint16Array;
};

export type Spelled = {
  readonly credential: string;
  readonly spellings: readonly Spelling[];
  /** The bytes with which a beginning of one can end. */
  readonly ends: Uint8Array;
};

/** So much of the beginning of a long one may be told before the rest of it has come: its mask shows as much. */
export const SHOWN_CHARS = 3;
const LONG = 24;

/** Nobody keeps more of them in use; the oldest go first. Long ones would fill the memory. */
const REMEMBERED_CREDENTIALS = 200;
const LONGEST_KEPT = 1024;

const known: Record<Source, Map<string, readonly Spelled[]>> = {
  "signed in": new Map(),
  weak: new Map(),
  found: new Map(),
};

/** Nothing for what would be found by chance. Of `Basic` the password is one by itself. */
export function spelled(credential: string, source: Source): readonly Spelled[] {
  const before = known[source].get(credential);
  if (before) return before;
  const basic = source === "signed in" ? userAndPassword(credential) : null;
  const all = (basic ? [basic.password, credential] : [credential])
    .filter((one) => one.length <= 0xffff && mayBeSaidAgain(one, source))
    .map(worked);
  if (credential.length >= LONGEST_KEPT) return all;
  if (known[source].size >= REMEMBERED_CREDENTIALS) known[source].delete(known[source].keys().next().value!);
  known[source].set(credential, all);
  return all;
}

function worked(credential: string): Spelled {
  const ends = new Uint8Array(256);
  const spellings = spellingsOf(credential).map((text): Spelling => {
    const bytes = Buffer.from(text);
    for (const byte of bytes.subarray(0, -1)) ends[byte] = 1;
    const isLong = credential.length >= LONG && text.startsWith(credential.slice(0, SHOWN_CHARS));
    return { bytes, text, credential, shown: isLong ? SHOWN_CHARS : 0, again: againIn(bytes) };
  });
  return { credential, spellings, ends };
}

function againIn(bytes: Buffer): Uint16Array {
  const again = new Uint16Array(bytes.byteLength);
  let length = 0;
  for (let at = 1; at < bytes.byteLength; at++) {
    while (length > 0 && bytes[length] !== bytes[at]) length = again[length - 1]!;
    if (bytes[length] === bytes[at]) length++;
    again[at] = length;
  }
  return again;
}

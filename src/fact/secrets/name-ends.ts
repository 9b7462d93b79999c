/** A first look at where a name may have ended: nearly all names of nearly all texts are passed over with it. */
import { chars, DIGIT, EQUALS, PERCENT } from "./chars.ts";
import { coloursBefore } from "./colours.ts";

/**
 * Whether a name can be one, by its last five letters: most are passed over with one look. By the last three, a bit for
 * each letter that may stand in front of them.
 */
const TAILS = new Uint32Array(1 << 15);

for (const word of (
  "*key oken cret word sswd *pwd rase code okie earer tial auth tion sion *jwt fier natur *sig pass ring eys rets tials kies *sid *mac *psk ssid alue *val ader *sso *pat " +
  "sas icket onid n-id n_id y-id y_id yid ture d~by"
).split(" ")) {
  const [b4, b3, b2, b1] = word
    .slice(-4)
    .padStart(4, "*")
    .split("")
    // `IDENTIFIED BY` of SQL.
    .map((sign) => sign.replace("~", " ").charCodeAt(0) & 31);
  TAILS[(b3! << 10) | (b2! << 5) | b1!]! |=
    word.length < 4 || word[word.length - 4] === "*" ? 0xffff_ffff : 1 << b4!;
}

/** Whether a name that ends at `end` may be one. */
export function mayEndAName(bytes: Uint8Array, end: number): boolean {
  if (end < 3) return false;
  const b1 = bytes[end - 1]! & 31;
  const b2 = bytes[end - 2]! & 31;
  const b3 = bytes[end - 3]! & 31;
  const front = TAILS[(b3 << 10) | (b2 << 5) | b1]!;
  if (front === 0) return false;
  const b4 = end < 4 ? 0 : bytes[end - 4]! & 31;
  if (((front >>> b4) & 1) === 0) return false;
  if (b2 !== 15 || b1 !== 14 || b3 !== 9) return true;
  // Of all that end so, only authorization, authentication, assertion and session.
  const b5 = end < 5 ? 0 : bytes[end - 5]! & 31;
  return b4 === 19 ? b5 === 19 : b5 === 1 || b5 === 18;
}

/** Whether the sign at `at` may stand behind such a name. Between them may be blanks, quotes, and a number. */
export function mayFollowAName(bytes: Uint8Array, at: number): boolean {
  let end = at;
  while (end > 0 && BETWEEN[bytes[end - 1]!] === 1) end--;
  return mayEndAName(bytes, end) || mayBeDressed(bytes, at, end);
}

/** In a colour of its own, or in brackets as `user[password]=`. Few names end like one. */
function mayBeDressed(bytes: Uint8Array, at: number, end: number): boolean {
  const last = bytes[end - 1];
  if (last === M) {
    let inner = end - coloursBefore(bytes, end);
    if (inner === end) return false;
    while (inner > 0 && BETWEEN[bytes[inner - 1]!] === 1) inner--;
    return mayEndAName(bytes, inner);
  }
  if (bytes[at] !== EQUALS || (last !== CLOSES && last !== CODED && last !== (CODED | 32))) return false;
  return mayEndAName(bytes, end - bracketsBefore(bytes, end));
}

/** How long the bracket is that ends at `at`, plain or percent-coded, or the empty pair: `user[password]=`, `token%5B%5D=`. */
export function bracketsBefore(bytes: Uint8Array, at: number): number {
  const closes = bracket(bytes, at, CLOSES);
  return closes === 0 ? 0 : closes + bracket(bytes, at - closes, OPENS);
}

function bracket(bytes: Uint8Array, at: number, sign: number): number {
  if (bytes[at - 1] === sign) return 1;
  // `5B` and `5D`
  const letter = sign === OPENS ? 66 : 68;
  const isCoded = (bytes[at - 1]! & ~32) === letter && bytes[at - 2] === 53 && bytes[at - 3] === PERCENT;
  return isCoded ? 3 : 0;
}

/** `CODED`: the last letter of `%5D`. */
const [M, OPENS, CLOSES, CODED] = [109, 91, 93, 68];

/** What may stand between a name and the sign behind it. */
export const BETWEEN = chars(/[\s"'\\\d_]/);

/** The digits behind a name, as in `API_KEY_2`. */
export function numbered(bytes: Uint8Array, end: number): number {
  let n = 0;
  while (n < 8 && end - n > 0 && DIGIT[bytes[end - n - 1]!] === 1) n++;
  return n > 0 && bytes[end - n - 1] === 95 ? n + 1 : n;
}

/**
 * What a credential looks like: by the name that it is given, or by the form that its maker gave it. Everything that
 * masks looks here. Written so that what only resembles one (`max_tokens`, a token of logprobs, a slug that begins with
 * `sk-`, base64 that happens to hold `eyJ`) stays as it is.
 */

/** Names of JSON members whose string is a credential, without the quotes; to be used without regard to case. */
export const SECRET_MEMBER =
  "[\\w-]{0,64}(?:api|access|secret|private|subscription|account)[_-]?key" +
  "|(?:[\\w-]{0,64}[_-])?(?:access|refresh|auth|authorization|bearer|session|id|security|api|oauth)[_-]?token" +
  "|token|[\\w-]{0,64}secret|password|(?:proxy[_-])?authorization";

/** Names of parameters of a query or a form. */
export const SECRET_PARAMETER =
  /^(?:key|[\w-]*api[-_]?key|[\w-]*subscription[-_]?key|[\w-]*access[-_]?key(?:[-_]?id)?|(?:[\w-]*[-_])?token|(?:access|refresh|id|auth|session)token|jwt|auth|authorization|bearer|sig|(?:x-(?:amz|goog)-)?signature|x-(?:amz|goog)-credential|(?:client[-_]?)?secret|(?:client[-_]?)?assertion|password|passwd|passphrase|code|code_verifier)$/i;

/** Tokens that turn pages, not locks. */
const NOT_SECRET_PARAMETER = /^(?:(?:next|page|continuation|sync|cursor)[\w-]*token|pagetoken)$/i;

export function isSecretParameter(name: string): boolean {
  return SECRET_PARAMETER.test(name) && !NOT_SECRET_PARAMETER.test(name);
}

/** A member that is only called `token` is one of a language more often than one of a lock. */
export function isSecretValue(name: string, value: string): boolean {
  if (value === "") return false;
  return name.toLowerCase() !== "token" || /^(?=.*\d)(?=.*[a-z])[\w.~+/=|:-]{16,}$/i.test(value);
}

/**
 * A form: what it begins with, and what makes a whole one. `base64`: what may stand by chance in the middle of it, and
 * then is none.
 */
export type Shape = { readonly starts: string; readonly whole: RegExp; readonly base64?: true };

/** Random, and longer than any word: sixteen letters and digits in a row, with a digit. */
const RANDOM = /^(?=[\w-]*?(?=[a-z0-9]*\d)[a-z0-9]{16})[\w-]+$/i;

/** Each costs a search through every body that passes, so these are the ones that people really have. */
const MADE_AT_RANDOM = ["sk-", "gsk_", "xai-", "hf_", "ghp_", "github_pat_"];

export const SHAPES: readonly Shape[] = [
  ...MADE_AT_RANDOM.map((starts): Shape => ({ starts, whole: RANDOM })),
  { starts: "xox", whole: /^xox[abeprs]-[\w-]*\d[\w-]{8,}$/ },
  { starts: "AIza", whole: /^AIza[\w-]{35}$/, base64: true },
  { starts: "AKIA", whole: /^AKIA[A-Z0-9]{16}$/, base64: true },
  { starts: "eyJ", whole: /^eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*$/, base64: true },
];

/** The characters that all forms are made of; one of them in front, and it is the middle of something else. */
const RUN = /[\w.-]+/y;
const GOES_ON_BEFORE = /[\w-]/;
const IS_BASE64 = /[+/=]/;

/** Longer than any key; what goes on like this is base64. */
export const LONGEST_SHAPE = 8192;

/**
 * The key that begins at `at`: where it ends, null when there is none, and `open` when the text ends before it is
 * known. `before` is the character in front where the text does not hold it.
 */
export function keyAt(
  text: string,
  at: number,
  { starts, whole, base64 }: Shape,
  before = "",
): number | "open" | null {
  const front = at > 0 ? text[at - 1]! : before;
  if (GOES_ON_BEFORE.test(front) || (base64 && /[+/]/.test(front))) return null;
  RUN.lastIndex = at;
  const run = RUN.exec(text)?.[0] ?? "";
  if (run.length > LONGEST_SHAPE || !run.startsWith(starts)) return null;
  const end = at + run.length;
  if (end === text.length) return "open";
  if (base64 && IS_BASE64.test(text[end]!)) return null;
  // A dot that ends a sentence is no part of it.
  const key = run.replace(/\.+$/, "");
  return whole.test(key) ? at + key.length : null;
}

const ANY_START = new RegExp(SHAPES.map(({ starts }) => starts.replace(".", "\\.")).join("|"), "g");

/** Keys in a text that is whole, by their form alone. */
export function maskShapes(text: string, secret: (key: string) => string): string {
  let out = "";
  let done = 0;
  const spaced = `${text} `;
  for (const { 0: starts, index } of text.matchAll(ANY_START)) {
    if (index < done) continue;
    const end = keyAt(
      spaced,
      index,
      SHAPES.find((shape) => shape.starts === starts)!,
    );
    if (typeof end !== "number") continue;
    out += text.slice(done, index) + secret(text.slice(index, end));
    done = end;
  }
  return done === 0 ? text : out + text.slice(done);
}

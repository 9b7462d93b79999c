/**
 * What a value looks like: something that was made at random, a place that is still to be filled, a label, a word. A
 * name alone does not make a credential: `{"password": "Passwort"}` is a form's label and `key=title` is none either.
 */
import type { Strength } from "./names.ts";

/** Longer than any key; what goes on like this is content. */
export const LONGEST_KEY = 8192;

/** A value without an end is masked as it comes from here on: the record must not hold what the wire does not. */
export const LONGEST_VALUE = 64 * 1024;

/** Whether the value behind a name of this strength is a credential. `value` is what was meant, without escapes. */
export function isSecretValue(strength: Strength, value: string): boolean {
  if (strength === null || value === "" || isMasked(value)) return false;
  const word = withoutScheme(value);
  if (strength === "weak")
    return (
      isOpaque(word) || (KNOWN.test(word) && word.length >= 16 && !isPlaceholder(word)) || isCookie(word)
    );
  return word.length > LONGEST_KEY || !(isPlaceholder(word) || isLabel(word) || CONSTANT.test(word));
}

/** How the client signs in, which is no secret. Only words that are known: the first of two may be the credential. */
export const SCHEME =
  /^(?:Bearer|Basic|Digest|Token|Negotiate|NTLM|DPoP|AWS4-HMAC-SHA256|Api-?Key|Key|OAuth|GoogleLogin|SharedKey(?:Lite)?|SharedAccessSignature|Hawk|JWT|Splunk|GenieKey|SSWS|MAC|Vapid|Private-Token|Deepgram)[ \t]+(?=\S)/i;

export function withoutScheme(value: string): string {
  return value.slice(SCHEME.exec(value)?.[0].length ?? 0);
}

/** `sid=…; theme=dark`, or one with its attributes: RFC 6265 4.1.1. */
function isCookie(value: string): boolean {
  if (value.length > LONGEST_KEY || !COOKIES.test(value)) return false;
  return value.split(";").some((one) => isOpaque(one.slice(one.indexOf("=") + 1)));
}

const COOKIES = /^[\w.-]{1,64}=[^\s;,]*(?:; ?[\w.-]{1,64}(?:=[^;]*)?)*;?$/;

/** What a name and the beginning of a well-known form say together. */
const KNOWN =
  /^(?:sk-|AIza|ya29\.|gh[opusr]_|github_pat_|glpat-|hf_|xox[a-z]-|gsk_|xai-|pplx-|nvapi-|eyJ|ek_)/;

const CONSTANT = /^(?:true|false|null|none|nil|undefined|yes|no|on|off|\d{1,3})$/i;

/** A mask of ours, in any of its forms. */
export function isMasked(value: string): boolean {
  return /^\*+$|[…*]#[0-9a-f]{8}\**$/.test(value);
}

/** Whether a mask of ours stands in it: what it says beside that is not what passed. */
export function holdsMask(value: string): boolean {
  return /[…*]#[0-9a-f]{8}/.test(value) || isMasked(value);
}

/**
 * A text with the marks of credentials for their masks. A mask is as long as there is room: in a header, an address and
 * a body the same credential has the same mark only. And `#` would begin a fragment of an address.
 */
export function marked(text: string): string {
  return text.replaceAll(/[…*]#([0-9a-f]{8})\**/g, "~$1");
}

/**
 * One word, long, with letters and digits mixed: sixteen characters, of which ten in a row are letters and two numbers or
 * a long one, or change their kind as often as chance does. `claude-sonnet-4.5`, `user-settings-dark-mode` and
 * `documentGetElementById2` are not like this.
 */
export function isOpaque(value: string): boolean {
  if (value.length < 16 || value.length > LONGEST_KEY || !ONE_WORD.test(value)) return false;
  for (const [run] of value.matchAll(/[A-Za-z0-9]{10,}/g)) {
    if (!/[A-Za-z]/.test(run)) continue;
    if (count(run, DIGITS) >= 5 || count(run, NUMBERS) >= 2) return true;
    if (run.length >= 16 && changes(run) * 2 >= run.length) return true;
  }
  return false;
}

const ONE_WORD = /^[\w.~+/=|:@!$^%-]+$/;
const DIGITS = /\d/g;
const NUMBERS = /\d+/g;

function count(text: string, kind: RegExp): number {
  return text.match(kind)?.length ?? 0;
}

/** How often a letter of one kind stands beside another kind. */
function changes(run: string): number {
  const kinds = run.replace(/[a-z]/g, "a").replace(/[A-Z]/g, "A").replace(/\d/g, "0");
  let changed = 0;
  for (let at = 1; at < kinds.length; at++) if (kinds[at] !== kinds[at - 1]) changed++;
  return changed;
}

/** In prose and code, where a name may be a variable's: a word of letters and digits that no name would be. */
export function isLikely(value: string): boolean {
  if (isOpaque(value)) return true;
  if (value.length < 8 || value.length > LONGEST_KEY || isPlaceholder(value) || PATH.test(value))
    return false;
  if (CALL.test(value) || !/[A-Za-z]/.test(value)) return false;
  const digits = count(value, DIGITS);
  return (
    digits >= 2 ||
    (digits === 1 && value.length >= 16 && !ONE_NAME.test(value)) ||
    (digits === 1 && /[!@#$%^&*+/=~-]/.test(value) && !ONE_NAME.test(value))
  );
}

/** `config.api_key`, `self.token2`; `team-2`. */
const CALL = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/;
const ONE_NAME = /^[a-z]+(?:[-_.][a-z]+)*[-_.]?\d$/i;
const PATH = /^(?:~|\.{1,2})?\/[\w.-]+\/|^(?:~|\.{1,2})\/|^[A-Z]:\\/;

/** Behind an option or a variable's name: anything but what stands for something else. */
export function isGiven(value: string): boolean {
  if (value.length < 4 || isPlaceholder(value) || isLabel(value) || isMasked(value)) return false;
  return !CONSTANT.test(value) && !CALL.test(value) && !PATH.test(value) && !/^\d+$/.test(value);
}

/** To be filled in, or filled in by somebody else: `<token>`, `${KEY}`, `{{key}}`, `%s`, `your-api-key`, `****`, `EMPTY`. */
export function isPlaceholder(value: string): boolean {
  return (
    /^(?:[$%]?\{.*\}?|<[^>]*>?|\$(?:[A-Za-z_(].*)?|%\w+%?|%[sdv]|\[[^\]]*\]|\(.*)$/s.test(value) ||
    /^(?:(.)\1{2,}|…|[*•.…x-]{3,}|sk-(?:\.{3}|…|[x*]+))$/i.test(value) ||
    /^(?:your|enter|insert|replace|paste|change)[-_ ]?(?:[\w-]*[-_ ])?(?:key|token|secret|password|me|here|this)\b/i.test(
      value,
    ) ||
    /^(?:sk-)?(?:no-?(?:api-?)?key(?:-(?:required|needed))?|not[-_]needed|not[-_]used|unused|empty|n\/?a|redacted|placeholder|dummy(?:[-_]key)?|ollama|lm-studio)$/i.test(
      value,
    ) ||
    // The name of a variable, or where a credential is kept.
    /^[A-Z]+(?:_[A-Z]+)+$/.test(value) ||
    /^(?:arn|vault|op|ssm|secretsmanager|keychain|env|file|ref|doppler|sops):/i.test(value) ||
    /^https?:\/\/[^@?#]*$/.test(value) ||
    /^(?:process\.env|os\.environ|env|secrets|vars|import\.meta)\b[.[]/.test(value)
  );
}

/** A word for the thing, or a sentence about it, in the languages that forms are often written in. */
export function isLabel(value: string): boolean {
  if (value.length > 200) return false;
  const words = value
    .toLowerCase()
    .split(/[\s:*?!.,;()'"`_/|<>-]+/)
    .filter((word) => word !== "");
  if (words.length === 0 || value === "Secret") return true;
  if (words.length <= 4 && words.every((word) => LABELS.has(word) || /^\d{1,3}$/.test(word))) return true;
  // A word of a script that this list does not know, and no more than letters.
  if (FOREIGN.test(value)) return true;
  return words.length > 1 && /\s/.test(value) && words.some((word) => LABELS.has(word) || SMALL.has(word));
}

const FOREIGN = /^(?=.*[^\0-\x7f])[\p{L}\p{M}\s:：]{1,40}$/u;

const LABELS = new Set(
  (
    "password passwort kennwort passwd passphrase pwd contraseña contrasena clave senha parola wachtwoord lösenord adgangskode " +
    "salasana hasło heslo jelszó şifre пароль 密码 口令 密碼 パスワード 비밀번호 令牌 密钥 token tokens key keys api apikey " +
    "credential credentials authorization bearer basic cookie jwt oauth oauth2 apikey string str text varchar number integer " +
    "int boolean bool object array any unknown required optional hidden readonly masked inherit include omit header query " +
    "body min max confirmed nullable null input field form type value example uuid ascii alphanumeric valid invalid expired missing incorrect wrong weak schlüssel clé llave chiave jeton geheimnis geheim secreto segredo segreto new old current confirm repeat"
  ).split(" "),
);

/** The small words of sentences; nobody's password is made of them alone. */
const SMALL = new Set(
  (
    "the a an is are be must of to your our my for in on at with or and not this that it its has have should can will please enter " +
    "der die das ist sie ihr dein bitte eingeben vergessen de la le el mot votre tu su por favor"
  ).split(" "),
);

/** What has begun like a key and has a part of what is made at random. */
export function isHalfKey(text: string): boolean {
  return text.length >= 14 && /\d/.test(text) && /^[\w-]+$/.test(text);
}

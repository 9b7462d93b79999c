/** A command line for people: quoted as a POSIX shell would need it, and without the secrets that options carry. */
import { strengthOf } from "./secrets/names.ts";
import { isGiven, isLikely, isSecretValue, SCHEME } from "./secrets/values.ts";

export function quoted(words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}

/**
 * Masks each word, and whole the value of `--api-key VALUE` and `TOKEN=VALUE`: VALUE alone does not show what it is. A
 * variable that is passed on by its name alone (`docker run -e GITHUB_TOKEN image`) has no value here.
 */
export function withoutSecrets(words: readonly string[], mask: (text: string) => string): string[] {
  return words.map((word, n) => {
    const before = words[n - 1] ?? "";
    if (isValueOf(before, word)) return MASKED;
    if (/^(?:-H|--headers?)$/.test(before)) return maskedHeader(word, mask);
    // The words of a script are words of a command, too.
    if (/^-\w{0,8}c$|^\/c$/i.test(before) && /\s/.test(word)) return maskedScript(word, mask);
    const header = /^(--headers?=)(.+)$/s.exec(word);
    if (header) return header[1]! + maskedHeader(header[2]!, mask);
    const masked = mask(word);
    // `/password:VALUE`, `-Password:VALUE` of Windows.
    const [, own = "", said = ""] =
      /^([-/][A-Za-z][\w-]{0,64}:)(.+)$/s.exec(masked === word ? word : "") ?? [];
    if (own !== "" && isSaidOf(own.slice(0, -1), said)) return own + MASKED;
    const [name, value] = word.split(/=(.*)/s);
    if (masked !== word || !name || !value || !ASSIGNED.test(name) || CODE.test(value)) return masked;
    return isGivenTo(name, value) ? `${name}=${MASKED}` : word;
  });
}

function maskedHeader(line: string, mask: (text: string) => string): string {
  const [, name = "", gap = "", value = ""] = /^([\w-]{1,64})(:\s*)(.+)$/s.exec(line) ?? [];
  const scheme = SCHEME.exec(value)?.[0] ?? "";
  const is = strengthOf(name, "header") === "strong" && isSecretValue("strong", value.slice(scheme.length));
  return is ? `${name}${gap}${scheme}${MASKED}` : mask(line);
}

function maskedScript(script: string, mask: (text: string) => string): string {
  const parts = mask(script).split(/([\s;&|()]+)/);
  const words = withoutSecrets(
    parts.filter((_, n) => n % 2 === 0),
    (word) => word,
  );
  return parts.map((part, n) => (n % 2 === 0 ? words[n / 2]! : part)).join("");
}

const PLAIN = /^[\w@%+=:,./-]+$/;
const OPTION = /^--?[A-Za-z][\w-]{0,64}$/;
const ASSIGNED = /^-{0,2}[A-Za-z_][\w-]{0,64}$/;
const MASKED = "***";
/** A script that is one word. */
const CODE = /[\s()'"`\\]/;

function isValueOf(option: string, word: string): boolean {
  return OPTION.test(option) && !word.startsWith("-") && isGivenTo(option, word);
}

/**
 * A variable in capitals is set for a program, as an option is: whatever it is set to is meant. But `--key ./server.key`
 * and `--credentials ~/google.json` name files.
 */
function isGivenTo(name: string, value: string): boolean {
  const isOption = name.startsWith("-") || /^[A-Z][A-Z0-9_]*$/.test(name);
  const strength = strengthOf(name, isOption ? "option" : "variable");
  const meant = value.replace(/^\\*(["'])(.*?)\\*\1$/s, "$2");
  if (strength === null || FILE.test(meant)) return false;
  if (isOption) return isSecretValue("strong", meant);
  return strength === "weak" ? isLikely(meant) : isGiven(meant);
}

/** A path begins with a slash as well: only a name that leaves no doubt. */
function isSaidOf(name: string, value: string): boolean {
  if (name.startsWith("-")) return isGivenTo(name, value);
  const isCertain = strengthOf(name.slice(1), "parameter") === "strong";
  return isCertain && isSecretValue("strong", value) && !FILE.test(value);
}

const FILE = /^(?:\.{0,2}|~)\/|\.(?:pem|key|crt|json|ya?ml|txt|env)$/;

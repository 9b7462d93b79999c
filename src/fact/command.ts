/** A command line for people: quoted as a POSIX shell would need it, and without the secrets that options carry. */
import { strengthOf } from "./secrets/names.ts";
import { isGiven, isSecretValue } from "./secrets/values.ts";

export function quoted(words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}

/**
 * Masks each word, and whole the value of `--api-key VALUE` and `TOKEN=VALUE`: VALUE alone does not show what it is. A
 * variable that is passed on by its name alone (`docker run -e GITHUB_TOKEN image`) has no value here.
 */
export function withoutSecrets(words: readonly string[], mask: (text: string) => string): string[] {
  return words.map((word, n) => {
    if (isValueOf(words[n - 1] ?? "", word)) return MASKED;
    const [name, value] = word.split(/=(.*)/s);
    if (!name || !value || !ASSIGNED.test(name)) return mask(word);
    const masked = mask(word);
    if (masked !== word) return masked;
    const place = name.startsWith("-") ? "option" : "variable";
    const isOne =
      strengthOf(name, place) !== null && (name.startsWith("-") ? isGivenTo(name, value) : isGiven(value));
    return isOne || isShortVariable(name, value) ? `${name}=${MASKED}` : word;
  });
}

const PLAIN = /^[\w@%+=:,./-]+$/;
const OPTION = /^--?[A-Za-z][\w-]{0,64}$/;
const ASSIGNED = /^-{0,2}[A-Za-z_][\w-]{0,64}$/;
const MASKED = "***";

function isValueOf(option: string, word: string): boolean {
  return OPTION.test(option) && !word.startsWith("-") && isGivenTo(option, word);
}

/** `--key ./server.key` names a file, and so does `--credentials ~/google.json`. */
function isGivenTo(option: string, value: string): boolean {
  const strength = strengthOf(option, "option");
  if (
    strength === null ||
    /^(?:\.{0,2}|~)\//.test(value) ||
    /\.(?:pem|key|crt|json|ya?ml|txt|env)$/.test(value)
  )
    return false;
  return isSecretValue("strong", value);
}

/** A variable in capitals is set for a program: whatever it is set to is meant. */
function isShortVariable(name: string, value: string): boolean {
  return (
    /^[A-Z][A-Z0-9_]*$/.test(name) && strengthOf(name, "option") !== null && isSecretValue("strong", value)
  );
}

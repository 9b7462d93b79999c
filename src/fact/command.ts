/** A command line for people: quoted as a POSIX shell would need it, and without the secrets that options carry. */

export function quoted(words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}

/** Masks each word, and whole the value of `--api-key VALUE` and `--token=VALUE`: VALUE alone does not show what it is. */
export function withoutSecrets(words: readonly string[], mask: (text: string) => string): string[] {
  return words.map((word, n) => {
    if (SECRET_OPTION.test(words[n - 1] ?? "")) return MASKED;
    const [option, value] = word.split(/=(.*)/s);
    return value && option && SECRET_OPTION.test(option) ? `${option}=${MASKED}` : mask(word);
  });
}

const PLAIN = /^[\w@%+=:,./-]+$/;
const SECRET_OPTION = /^(--?|[A-Z_]+_)([\w-]*[-_])?(api[-_]?key|key|token|secret|password|passwd|auth)$/i;
const MASKED = "***";

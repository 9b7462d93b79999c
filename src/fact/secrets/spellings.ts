/** The ways in which a credential is written when somebody says it again: as it is, escaped, encoded, decoded. */
import { isLikely, isOpaque, isPlaceholder } from "./values.ts";

/**
 * How it became known: the client signed in with it; it stood under a name that often means something else (a cookie,
 * `?key=`); it was found in a body.
 */
export type Source = "signed in" | "weak" | "found";

/**
 * Whether it is looked for wherever it may be said again. What is short, or a word that is said by chance (the name of a
 * model in a cookie, `sk-no-key-required`), would make nonsense of the record.
 */
export function mayBeSaidAgain(credential: string, source: Source): boolean {
  if (isPlaceholder(credential)) return false;
  if (source !== "signed in") return isOpaque(credential);
  return credential.length >= 16 || (credential.length >= 8 && isLikely(credential));
}

export function spellingsOf(credential: string): string[] {
  const plain = new Set([credential, percentDecoded(credential)]);
  const all = new Set(plain);
  for (const word of plain) {
    if (/^[\w.~-]*$/.test(word)) continue;
    all.add(word.replaceAll("/", "\\/"));
    all.add(JSON.stringify(word).slice(1, -1));
    for (const code of [hex, (unit: number) => hex(unit).toUpperCase()]) {
      all.add(word.replaceAll(/[^\w.~-]/g, (sign) => `\\u${code(sign.charCodeAt(0)).padStart(4, "0")}`));
      all.add(
        word
          .replaceAll("/", "\\/")
          .replaceAll(/[^\w.~/\\-]/g, (sign) => `\\u${code(sign.charCodeAt(0)).padStart(4, "0")}`),
      );
      all.add(word.replaceAll(/[^\w.~-]/g, (sign) => `%${code(sign.charCodeAt(0)).padStart(2, "0")}`));
    }
    all.add(word.replaceAll(/[&<>"']/g, (sign) => NAMED[sign]!));
    all.add(word.replaceAll(/[&<>"'+/=]/g, (sign) => NAMED[sign] ?? `&#${sign.charCodeAt(0)};`));
    all.add(word.replaceAll(/[&<>"'+/=]/g, (sign) => NAMED[sign] ?? `&#x${hex(sign.charCodeAt(0))};`));
    all.add(
      word.replaceAll(/[&<>"'+/=]/g, (sign) => NAMED[sign] ?? `&#x${hex(sign.charCodeAt(0)).toUpperCase()};`),
    );
  }
  return [...all];
}

const NAMED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function hex(unit: number): string {
  return unit.toString(16);
}

function percentDecoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not what it looks like
  }
}

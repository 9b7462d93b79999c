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
    for (const each of [...inJson(word), ...inAddress(word), ...inMarkup(word)]) all.add(each);
    // Python shows a text in quotes of its own.
    all.add(word.replaceAll("\\", "\\\\").replaceAll("'", "\\'"));
  }
  return [...all];
}

/** A string of JSON, and one in a text of JSON: escaped as little as may be, for a page, in ASCII alone, or wherever it may be. */
function inJson(word: string): string[] {
  const text = JSON.stringify(word).slice(1, -1);
  const escape = (from: string, signs: RegExp, isUpper: boolean) =>
    from.replaceAll(signs, (sign) => `\\u${hexOf(sign.charCodeAt(0), isUpper, 4)}`);
  const slashes = text.replaceAll("/", "\\/");
  return [
    text,
    slashes,
    JSON.stringify(text).slice(1, -1),
    ...[true, false].flatMap((isUpper) => [
      escape(text, /[^ -~]/g, isUpper),
      escape(slashes, /[^ -~]/g, isUpper),
      escape(text, /[<>&]/g, isUpper),
      escape(text, /[<>&]|[^ -~]/g, isUpper),
      escape(text, /[<>&'+]|[^ -~]/g, isUpper),
      escape(slashes, /[^\w.~/\\-]/g, isUpper),
      escape(word, /[^\w.~-]/g, isUpper),
    ]),
  ];
}

/** A query, a path, a form: what each language's encoder leaves as it is. */
const LEFT = [/[\w.~-]/, /[\w.~!*'()-]/, /[\w.*-]/, /[\w.~/-]/, /[\w.~!*'();,/?:@&=+$#-]/];

function inAddress(word: string): string[] {
  const coded = LEFT.flatMap((left) =>
    [true, false].map((isUpper) =>
      [...new TextEncoder().encode(word)]
        .map((byte) => {
          const sign = String.fromCharCode(byte);
          return byte < 128 && left.test(sign) ? sign : `%${hexOf(byte, isUpper, 2)}`;
        })
        .join(""),
    ),
  );
  return [...coded, ...coded.map((one) => one.replaceAll("%20", "+"))];
}

/** HTML and XML: quotes by name or by number, as the escapers of JavaScript, Python, Go, PHP and Java write them. */
const QUOTES = [
  ["&quot;", "&#39;"],
  ["&quot;", "&#x27;"],
  ["&quot;", "&#039;"],
  ["&quot;", "&apos;"],
  ["&#34;", "&#39;"],
  ['"', "'"],
] as const;

function inMarkup(word: string): string[] {
  const named = word.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const numbered = (text: string, code: (unit: number) => string) =>
    text.replaceAll(/[+/=]|[^ -~]/gu, (sign) => `&#${code(sign.codePointAt(0)!)};`);
  return QUOTES.flatMap(([double, single]) => {
    const text = named.replaceAll('"', double).replaceAll("'", single);
    return [
      text,
      numbered(text, String),
      numbered(text, (unit) => `x${hexOf(unit, false, 2)}`),
      numbered(text, (unit) => `x${hexOf(unit, true, 2)}`),
      text.replaceAll("+", "&#43;"),
    ];
  });
}

function hexOf(unit: number, isUpper: boolean, length: number): string {
  const digits = unit.toString(16).padStart(length, "0");
  return isUpper ? digits.toUpperCase() : digits;
}

function percentDecoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not what it looks like
  }
}

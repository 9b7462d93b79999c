/**
 * A tool's result as its server gave it against the result as the model saw it. Both may be excerpts: what is said
 * of them holds for what was kept.
 */
import type { Block, Excerpt, SeenResult, ServedResult } from "./evidence.ts";
import { canonicalText, hashOf, isSame, isWhole } from "./excerpt.ts";
import { commonStart, type Likeness, likeness } from "./likeness.ts";
import { unwrapped } from "./wrappers.ts";

export type Form = "content" | "structured" | "both" | "neither" | "unknown";

export type Comparison = {
  form: Form;
  likeness: Likeness;
  wrapper: string | null;
  /** The parts of the result are all there, in another order. */
  reordered: boolean;
  /** Characters of the served text that were seen, when it was cut. */
  kept: number | null;
  served: number;
  seen: number;
};

/** The same two are compared for the tie, for its row and for the step's. */
export function compare(served: ServedResult, seen: SeenResult): Comparison {
  const known = compared.get(seen);
  if (known?.served === served) return known.as;
  const as = compareAnew(served, seen);
  compared.set(seen, { served, as });
  return as;
}

const compared = new WeakMap<SeenResult, { served: ServedResult; as: Comparison }>();

function compareAnew(served: ServedResult, seen: SeenResult): Comparison {
  const words = textOf(seen.blocks);
  const content = textOf(served.blocks);
  const { inner, wrapper } = unwrapped(words.text);
  const shown: Excerpt = wrapper === null ? words : { text: inner, chars: inner.length, hash: hashOf(inner) };
  const parts = partsIn(served.blocks, shown.text);
  const asContent = bestOf(likeness(content, shown), parts);
  const data = asData(served, shown);
  const form = formOf(served, content, shown, asContent, data.as);
  const { as, source, found } =
    form === "structured" ? data : { as: asContent, source: content, found: shown };
  return {
    form,
    likeness: as,
    wrapper,
    reordered: parts === "reordered",
    kept: as === "cut" ? Math.min(commonStart(source.text, found.text), source.chars) : null,
    served: source.chars,
    seen: found.chars,
  };
}

/** A host joins several texts in its own way; each has to be long enough not to stand there by chance. */
const PART = 4;

/** Where the result has several texts and all of them were seen: whether in their order. */
function partsIn(blocks: readonly Block[], seen: string): "in order" | "reordered" | null {
  const texts = blocks.flatMap(({ type, said }) => (said !== null && type === "text" ? [said] : []));
  if (texts.length < 2 || texts.some((one) => !isWhole(one) || one.chars < PART)) return null;
  let at = 0;
  let isInOrder = true;
  for (const { text } of texts) {
    const next = seen.indexOf(text, at);
    if (next < 0 && !seen.includes(text)) return null;
    if (next < 0) isInOrder = false;
    else at = next + text.length;
  }
  return isInOrder ? "in order" : "reordered";
}

function bestOf(as: Likeness, parts: ReturnType<typeof partsIn>): Likeness {
  return parts !== null && STRENGTH[as] < STRENGTH.inside ? "inside" : as;
}

type Likened = { as: Likeness; source: Excerpt; found: Excerpt };

/**
 * What was seen against the structured content: as a value where it is whole, else as it was written, for of a JSON
 * that was cut nobody can sort the keys; and without white space, since hosts indent it.
 */
function asData({ structured, written }: ServedResult, shown: Excerpt): Likened {
  if (structured === null) return { as: "unknown", source: NOTHING, found: shown };
  const source = written ?? structured;
  const found = canonicalOf(shown);
  const asValue: Likened = { as: likeness(structured, found), source, found: shown };
  if (STRENGTH[asValue.as] >= STRENGTH.inside) return asValue;
  const asWritten: Likened = { as: likeness(source, shown), source, found: shown };
  // Beside other words it is only looked for as it was written.
  if (!/^\s*[[{]/.test(shown.text)) return STRENGTH[asWritten.as] >= STRENGTH.inside ? asWritten : asValue;
  const [bareSource, bareFound] = [bare(source), bare(shown)];
  const asBare: Likened = { as: likeness(bareSource, bareFound), source: bareSource, found: bareFound };
  return [asWritten, asBare].reduce(
    (best, one) => (STRENGTH[one.as] > STRENGTH[best.as] ? one : best),
    asValue,
  );
}

const NOTHING: Excerpt = { text: "", chars: 0, hash: "" };

/** Of an excerpt the rest is taken to be as dense as what was kept. */
function bare(of: Excerpt): Excerpt {
  const text = of.text.replaceAll(/\s+/g, "");
  const rest = of.chars - of.text.length;
  const chars = text.length + (rest === 0 ? 0 : Math.round((rest * text.length) / of.text.length));
  return { text, chars, hash: hashOf(text) };
}

const STRENGTH: Record<Likeness, number> = {
  equal: 4,
  inside: 3,
  cut: 2,
  rewritten: 1,
  unrelated: 0,
  unknown: 0,
};

/** What the model saw is more like the one or the other; where it is as much like both, it has both or they are the same. */
function formOf(
  { structured }: ServedResult,
  content: Excerpt,
  shown: Excerpt,
  asContent: Likeness,
  asStructured: Likeness,
): Form {
  const text = STRENGTH[asContent];
  const data = STRENGTH[asStructured];
  if (structured === null)
    return content.chars === 0 ? "unknown" : text > 0 ? "content" : otherwise(asContent);
  const isSameTwice = isSame(canonicalOf(content), structured);
  const hasBoth =
    text >= 3 && data >= 3 && !isSameTwice && shown.chars > Math.max(content.chars, structured.chars);
  if (hasBoth) return "both";
  if (text === 0 && data === 0)
    return asContent === "unknown" ? otherwise(asStructured) : otherwise(asContent);
  return data > text ? "structured" : "content";
}

function otherwise(likeness: Likeness): Form {
  return likeness === "unrelated" ? "neither" : "unknown";
}

/** The texts of a result as hosts join them. */
export function textOf(blocks: readonly Block[]): Excerpt {
  const texts = blocks.flatMap(({ type, said }) => (said !== null && type !== "resource_link" ? [said] : []));
  const [only, ...more] = texts;
  if (only && more.length === 0) return only;
  const text = texts.map((each) => each.text).join("\n");
  const chars = texts.reduce((sum, each) => sum + each.chars, Math.max(0, texts.length - 1));
  return { text, chars, hash: hashOf(texts.map(({ hash }) => hash).join()) };
}

function canonicalOf(words: Excerpt): Excerpt {
  if (!isWhole(words) || !/^\s*[[{]/.test(words.text)) return words;
  const text = canonicalText(words.text);
  return { text, chars: text.length, hash: hashOf(text) };
}

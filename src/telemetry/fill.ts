/** Adds what was said to spans, just before they leave: nothing of it waits in memory. */
import { contentFor, type ContentSource } from "./content.ts";
import type { Semconv } from "./semconv.ts";
import type { Span } from "./trace/span.ts";

export type Filler = (spans: readonly Span[]) => Promise<Span[]>;

/** `withheld`: told of attributes that held a credential. What cannot be read costs its own span its content. */
export function fillWith(
  source: ContentSource,
  convention: Semconv,
  withheld: (count: number) => void,
): Filler {
  return async (spans) => {
    const filled: Span[] = [];
    for (const span of spans) filled.push(await fill(span));
    return filled;
  };

  async function fill(span: Span): Promise<Span> {
    if (span.content === null) return span;
    try {
      const content = await contentFor(span.content, convention, source);
      if (content.withheld > 0) withheld(content.withheld);
      return { ...span, attributes: { ...span.attributes, ...content.attributes } };
    } catch {
      return span; // its file is gone or odd; what the span says of it is as good as ever
    }
  }
}

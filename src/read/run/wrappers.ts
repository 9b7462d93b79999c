/** What hosts put around a tool's result before a model sees it. */

type Wrapper = { name: string; take(text: string): string | null };

const WRAPPERS: readonly Wrapper[] = [
  {
    name: "Codex",
    take: (text) => /^Wall time: [^\n]*\n(?:[^\n]*\n){0,4}?Output:\n([\s\S]*)$/.exec(text)?.[1] ?? null,
  },
  { name: "Gemini CLI", take: geminiOutput },
];

/** The text without them, and whose they were. */
export function unwrapped(text: string): { inner: string; wrapper: string | null } {
  for (const { name, take } of WRAPPERS) {
    const inner = take(text);
    if (inner !== null) return { inner, wrapper: name };
  }
  return { inner: text, wrapper: null };
}

/** `{"output":"<untrusted_context>\n…\n</untrusted_context>"}`; with the end missing where only a beginning was kept. */
function geminiOutput(text: string): string | null {
  if (!text.startsWith('{"output":"')) return null;
  let output: string;
  try {
    const value: unknown = JSON.parse(text);
    if (
      typeof value !== "object" ||
      value === null ||
      !("output" in value) ||
      typeof value.output !== "string"
    )
      return null;
    if (Object.keys(value).length !== 1) return null;
    output = value.output;
  } catch {
    return null; // a beginning: its end is not known
  }
  return /^<untrusted_context>\n([\s\S]*)\n<\/untrusted_context>$/.exec(output)?.[1] ?? output;
}

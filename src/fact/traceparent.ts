/** W3C Trace Context 3.2: the header with which a client says in which of its spans it asks. */

export type TraceParent = { readonly trace: string; readonly span: string; readonly flags: number };

/** Version 00 has nothing behind its flags; a later one may. Ids of zeros are none, and version ff is forbidden. */
const FORM = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?=$|-)/;

export function isTraceParent(text: string): boolean {
  return traceParent(text) !== null;
}

/** Null for what does not say one. */
export function traceParent(text: string): TraceParent | null {
  const [whole, version, trace, span, flags] = FORM.exec(text) ?? [];
  if (trace === undefined || span === undefined || flags === undefined) return null;
  if (version === "00" && whole !== text) return null;
  return { trace, span, flags: Number.parseInt(flags, 16) };
}

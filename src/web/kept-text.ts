/** A text of ours that is the same until the program ends: sent once, and not again to whoever has it. */

export type KeptText = { readonly text: string; readonly type: string; readonly etag: string };

export function keptText(text: string, type: string): KeptText {
  return { text, type, etag: `"${Bun.hash(text).toString(36)}"` };
}

/** RFC 9110 13.1.2: who says the mark of what it has gets nothing but that it is still right. */
export function answerWith({ text, type, etag }: KeptText, request: Request): Response {
  const headers = { "content-type": type, "cache-control": "no-cache", etag };
  const has = (request.headers.get("if-none-match") ?? "").split(",").some((mark) => mark.trim() === etag);
  return has ? new Response(null, { status: 304, headers }) : new Response(text, { headers });
}

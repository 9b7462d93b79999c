/**
 * A Markdown text in pieces that are small enough for a library whose time grows with the square of a piece: cut at blank
 * lines, fenced code taken out whole. What is long without a blank line is shown as it came.
 */
export type Block =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string; readonly lang: string }
  | { readonly kind: "source"; readonly text: string };

/** Characters of one piece: the worst texts of this length take some tens of milliseconds. */
const MOST_CHARS = 4_000;
/** A piece of source in its own box, so that the browser lays out what is in sight only. */
const SOURCE = 8_000;

export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let size = 0;
  let fence: { sign: string; lang: string; body: string[] } | null = null;
  const end = () => {
    const piece = lines.join("\n");
    [lines, size] = [[], 0];
    if (piece.trim() === "") return;
    if (piece.length <= 2 * MOST_CHARS) blocks.push({ kind: "text", text: piece });
    else
      for (let at = 0; at < piece.length; at += SOURCE)
        blocks.push({ kind: "source", text: piece.slice(at, at + SOURCE) });
  };
  for (const line of text.split("\n")) {
    if (fence) {
      if (isClosing(line, fence.sign)) {
        blocks.push({ kind: "code", text: fence.body.join("\n"), lang: fence.lang });
        fence = null;
      } else fence.body.push(line);
      continue;
    }
    // Indented ones belong to a list: the library knows where they end.
    const [, sign, lang = ""] = /^(`{3,}|~{3,})[ \t]*([^`]{0,80})$/.exec(line.replace(/\r$/, "")) ?? [];
    if (sign !== undefined) {
      end();
      fence = { sign, lang: lang.trim(), body: [] };
      continue;
    }
    if (line.trim() === "" && size > MOST_CHARS / 2) end();
    lines.push(line);
    size += line.length + 1;
  }
  // A stream may end inside of its code.
  if (fence) blocks.push({ kind: "code", text: fence.body.join("\n"), lang: fence.lang });
  end();
  return blocks;
}

function isClosing(line: string, sign: string): boolean {
  const it = line.trim();
  return it.length >= sign.length && it[0] === sign[0] && [...it].every((one) => one === sign[0]);
}

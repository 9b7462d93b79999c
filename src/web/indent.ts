/** JSON made readable without being parsed: numbers, the order of keys and double keys stay as they were sent. */

/** A body: JSON, or a stream whose lines or `data:` fields are JSON. What is neither comes back as it is. */
export function indentedBody(text: string): string {
  if (/^\s*[[{]/.test(text)) return tokens(text);
  return text.replace(
    /^(data: ?)([[{].*)$/gm,
    (_, name: string, json: string) => name + indented(json).replaceAll("\n", "\n      "),
  );
}

/** Only what is JSON as a whole: an argument that was cut off is shown as it came. */
export function indented(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  return tokens(text);
}

/** Anything that is not JSON passes through, token by token. Values that follow each other start a line each. */
function tokens(text: string): string {
  const out: string[] = [];
  let depth = 0;
  let last = "";
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|"/g)) {
    const closes = token === "}" || token === "]";
    const opened = last === "{" || last === "[";
    if (closes) depth = Math.max(0, depth - 1);
    if ((opened && !closes) || (closes && !opened) || last === "," || (depth === 0 && isEnd(last)))
      out.push("\n", "  ".repeat(depth));
    out.push(token === ":" ? ": " : token);
    if (token === "{" || token === "[") depth += 1;
    last = token;
  }
  return out.join("");
}

function isEnd(token: string): boolean {
  return token === "}" || token === "]";
}

/** Commands for a terminal: cURL and HTTPie. Everything is quoted, so that nothing of a recorded text is run by the shell. */
import type { Request } from "./request.ts";

/** Longer ones do not fit into one argument (Linux: 128 KiB): they come on standard input. */
const LONGEST_ARGUMENT = 100_000;

export function curl(request: Request): string {
  const { method, url, headers } = request;
  const stream = isStream(request) ? " -N" : "";
  const lines = [`curl${stream} -X ${quoted(method)} ${quoted(url)}`];
  for (const { name, value, key } of headers) lines.push(`-H ${withKey(`${name}: ${value}`, key)}`);
  return body(request, lines, "--data-raw", "--data-binary @-");
}

export function httpie(request: Request): string {
  const { method, url, headers } = request;
  const stream = isStream(request) ? " --stream" : "";
  const isInline = request.text !== null && request.text.length <= LONGEST_ARGUMENT;
  const lines = [`http${isInline ? " --ignore-stdin" : ""}${stream} ${quoted(method)} ${quoted(url)}`];
  for (const { name, value, key } of headers) lines.push(withKey(`${name}:${value}`, key));
  return body(request, lines, "--raw", "");
}

function body({ text, bytes }: Request, lines: string[], inline: string, piped: string): string {
  if (bytes.byteLength === 0) return lines.join(" \\\n  ");
  if (text !== null && text.length <= LONGEST_ARGUMENT)
    return [...lines, `${inline} ${quoted(text)}`].join(" \\\n  ");
  const command = [...lines, ...(piped === "" ? [] : [piped])].join(" \\\n  ");
  if (text === null) return `base64 -d <<'BODY' | ${command}\n${base64(bytes)}\nBODY`;
  // Without the line break that a here-document ends with: the bytes are those that were recorded.
  const end = endOf(text);
  return `{ IFS= read -rd '' body <<'${end}' || true; printf %s "\${body%?}"; } | ${command}\n${text}\n${end}`;
}

function endOf(text: string): string {
  let word = "BODY";
  while (text.includes(word)) word += "_";
  return word;
}

/** A text whose end is a variable, or a text alone. */
function withKey(text: string, key: string | null): string {
  if (key === null) return quoted(text);
  return `"${text.replace(/[\\"$`!]/g, "\\$&")}$${key}"`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function isStream({ json, url }: Request): boolean {
  return json?.["stream"] === true || /alt=sse|streamGenerateContent/.test(url);
}

function base64(bytes: Uint8Array): string {
  return bytes.toBase64().replace(/.{76}/g, "$&\n");
}

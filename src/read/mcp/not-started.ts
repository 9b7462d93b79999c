/**
 * A stdio server that said nothing before it ended: why, as far as the record knows it, in one sentence. It could not be
 * started; it crashed; or its host gave up waiting.
 */
import { record, text } from "./line.ts";

export type Beginning = {
  readonly command: string | null;
  /** Requests that the client made. */
  readonly asked: number;
  /** Whether any message of the server came. */
  readonly spoke: boolean;
  /** The last of what it wrote to stderr. */
  readonly lastWords: readonly string[];
  /** ms since the start. */
  readonly t: number | null;
};

const WORDS = 400;
/** Programs that fetch what they run when they run it the first time. */
const FETCHES = /^(\S*[\\/])?(npx|bunx|pnpx|pnpm|yarn|uvx|uv|pipx|docker|podman)(\.cmd|\.exe)?\b/;

/** Null when it did start, or nobody wanted anything of it. `fields` are those of the session's `exit`. */
export function notStarted(
  fields: Readonly<Record<string, unknown>>,
  { command, asked, spoke, lastWords, t }: Beginning,
): string | null {
  if (fields["ending"] === "refused") return text(fields["error"]) ?? "the program could not be started";
  if (spoke || fields["ending"] === "interrupted") return null;
  const host = record(fields["host"]) ?? {};
  const left =
    text(host["signal"]) ?? (typeof host["stdin_ended_ms"] === "number" ? "closed its stdin" : null);
  const code = typeof fields["code"] === "number" ? fields["code"] : null;
  const signal = text(fields["signal"]);
  // A host that only looked, or a program that was run without one.
  if (asked === 0 && (left !== null || code === 0)) return null;
  if (code === null && signal === null) return null;
  const name = command === null ? "the server" : JSON.stringify(shortened(command, 80));
  const words =
    lastWords.length === 0
      ? "nothing on stderr"
      : `last on stderr: ${shortened(lastWords.join(" · "), WORDS)}`;
  const after = t === null ? "" : `, ${span(t)} after its start`;
  if (left !== null) {
    const how = left.startsWith("SIG") ? `sent ${left}` : left;
    const fetches = FETCHES.test(command ?? "")
      ? "; it may still have been fetching its package: run the command once in a terminal"
      : "";
    return `${name} said nothing, and the host gave up before the handshake (${how})${after}; ${words}${fetches}`;
  }
  const how = signal === null ? `ended with ${code}` : `was ended by ${signal}`;
  return `${name} ${how} before the handshake${after}; ${words}`;
}

/** How a process ended, for the calls that it leaves without an answer. */
export function endOf(fields: Readonly<Record<string, unknown>>): string {
  const signal = text(fields["signal"]);
  if (signal !== null) return `the server was ended by ${signal}`;
  if (typeof fields["code"] === "number") return `the server ended with ${fields["code"]}`;
  return text(fields["error"]) ?? "the session ended";
}

function span(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function shortened(words: string, most: number): string {
  return words.length > most ? `${words.slice(0, most)}…` : words;
}

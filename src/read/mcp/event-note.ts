/** What a line about the session itself says in a list: how the server ended, how an exchange did. One short line. */
import { beginningOf } from "../../fact/beginning.ts";
import { record, text } from "./line.ts";

const MOST_CHARS = 300;

export function eventNote(event: string, fields: Readonly<Record<string, unknown>>): string | null {
  const said = event === "close" ? closed(fields) : event === "exit" ? ended(fields) : opened(fields);
  return said === null || said === "" ? null : beginningOf(said, MOST_CHARS);
}

/** `HTTP 401 · asks to sign in: Bearer …`, or what went wrong where there was no answer. */
function closed(fields: Readonly<Record<string, unknown>>): string {
  const { method, status, ending, error, challenge } = fields;
  const answer = record(fields["answer"]) ?? {};
  const later = text(answer["retry_after"]);
  return joined([
    fields["ours"] === true ? "no answer" : typeof status === "number" ? `HTTP ${status}` : null,
    method === "GET" || method === "DELETE" ? method : null,
    ending === "complete" ? null : text(ending),
    text(error),
    text(answer["location"]),
    later === null ? null : `again after ${later}`,
    fields["stale"] === true ? "the session is not known any more" : null,
    text(challenge),
    typeof status === "number" && status !== 202 ? text(answer["type"]) : null,
  ]);
}

function ended({ code, signal, error, ending }: Readonly<Record<string, unknown>>): string {
  const how = text(signal) ?? (typeof code === "number" ? String(code) : null);
  return joined([how, ending === "interrupted" ? "interrupted" : null, text(error)]);
}

function opened(fields: Readonly<Record<string, unknown>>): string | null {
  const said = fields["target"] ?? fields["command"] ?? fields["why"] ?? fields["path"];
  return Array.isArray(said) ? said.join(" ") : text(said);
}

function joined(parts: readonly (string | null)[]): string {
  return parts.filter((it) => it !== null && it !== "").join(" · ");
}

/** What is wrong with a line as it came, whatever its message says: framing, size, depth, what is no message at all. */
import { DEEPEST, isTooMuch, MOST_VALUES } from "../../fact/nesting.ts";
import { parseJson } from "../json.ts";
import type { CallBook } from "./calls.ts";
import type { Identity } from "./identity.ts";
import { record, text, type MessageLine, type RawLine, type Side } from "./line.ts";
import type { Findings } from "./lint-findings.ts";
import { isLongerThan } from "./longer-than.ts";
import { lineNamer, type NotAMessage } from "./not-a-message.ts";
import { other } from "./open-calls.ts";
import { isRevision } from "./schemas.ts";

/** Where the official SDKs stop reading a message (STDIO_DEFAULT_MAX_BUFFER_SIZE). */
const TOO_BIG_BYTES = 10 * 1024 * 1024;

export function lineRules(who: Identity, book: CallBook, { add, addOnce }: Findings) {
  const namer = lineNamer();

  return {
    message(line: MessageLine): void {
      cut(line.from);
      if (line.eol === "none" && line.exchange === null) {
        const what = "the last message has no line end; a reader waits for one";
        add(line, null, [{ rule: "mcp/framing", where: pipeOf(line.from), what }]);
      }
      if (line.batch?.index === 0 && who.revision() !== "2025-03-26" && isRevision(who.revision()))
        add(line, null, [
          { rule: "mcp/batch", where: "$", what: `${line.batch.size} messages in one array` },
        ]);
      if (isLongerThan(line.message, TOO_BIG_BYTES))
        add(line, null, [{ rule: "mcp/too-big", where: "$", what: "the message is over 10 MiB" }]);
    },

    invalid(line: MessageLine, why: string): void {
      add(line, null, [{ rule: "mcp/invalid-message", where: "$", what: why }]);
    },

    /** `isOdd`: a pipe or an answer carried it where only messages belong. */
    raw(line: RawLine, isOdd: boolean): void {
      const { seq, cut: length, from, text: words, http } = line;
      if (length !== null && length > TOO_BIG_BYTES) {
        const what = `a line of ${Math.round(length / 1024 / 1024)} MiB; the record keeps its beginning`;
        add({ seq }, null, [{ rule: "mcp/too-big", where: "$", what }]);
      }
      if (http?.path?.includes("/oauth-protected-resource")) {
        const resource = text(record(parseJson(words))?.["resource"]);
        if (resource !== null) elsewhere(seq, "$.resource", resource);
      }
      if (!isOdd) return;
      if (isTooMuch(words)) {
        const what = `a message nested deeper than ${DEEPEST} levels, or of more than ${MOST_VALUES} values, is kept as text`;
        return add({ seq }, null, [{ rule: "mcp/too-deep", where: pipeOf(from), what }]);
      }
      for (const found of namer.name(line)) named(found, from);
    },

    /** What a 401 or 403 asks for. */
    challenge(words: string | null, seq: number): void {
      const metadata = /resource_metadata="?(https?:\/\/[^",\s]+)/i.exec(words ?? "")?.[1];
      if (metadata !== undefined) elsewhere(seq, "challenge", metadata);
    },

    /** No line comes any more: what was begun stays so. */
    over(): void {
      cut("client");
      cut("server");
    },
  };

  /** A message that another one broke off. */
  function cut(from: Side): void {
    for (const found of namer.cut(from)) named(found, from);
  }

  /** A line that is no message, at the call that its message would have been about. */
  function named({ seq, rule, where, what, meant }: NotAMessage, from: Side): void {
    const answer = meant.find((it) => it.kind === "result" || it.kind === "error");
    const call = answer?.key ? book.earlier(other(from), answer.key) : null;
    add({ seq }, call, [{ rule, where, what }]);
  }

  function elsewhere(seq: number, where: string, address: string): void {
    const what = `the server calls itself by ${address}, and the client knows it by the proxy's address`;
    addOnce(address, { seq }, null, { rule: "mcp/oauth-resource", where, what });
  }
}

function pipeOf(from: Side): string {
  return from === "server" ? "stdout" : "stdin";
}

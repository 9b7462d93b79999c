import { expect, test } from "bun:test";
import fc from "fast-check";
import { look } from "../look.ts";
import { read } from "../read.ts";
import { exchangeOf } from "../recording.ts";
import { threadKeys } from "../thread.ts";
import { type RunBook, runBook } from "./book.ts";
import { cacheMiss } from "./cache-miss.ts";
import { exposureOf } from "./exposure.ts";
import { modelEvidence } from "./from-exchange.ts";
import { sessionFold } from "./from-session.ts";
import { ledgerOf } from "./ledger.ts";
import { requestDiff } from "./request-diff.ts";

/** Values that look like what a reader expects, and are not. */
const odd = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      null,
      true,
      -1,
      1e308,
      "",
      "__proto__",
      "constructor",
      "toolu_1",
      "../../etc",
      "<b>x",
      "\ud800",
      "tools/call",
    ),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        "type",
        "id",
        "name",
        "input",
        "content",
        "tool_use_id",
        "role",
        "messages",
        "tools",
        "_meta",
        "__proto__",
        "text",
        "arguments",
        "toString",
      ),
      tie("value"),
      { maxKeys: 5 },
    ),
  ),
})).value;

const path = fc.constantFrom(
  "/v1/messages",
  "/v1/chat/completions",
  "/v1/responses",
  "/v1beta/models/m:generateContent",
);

test("whatever a request and an answer hold, their evidence, their difference and their ledger are made", () => {
  const book = runBook();
  let n = 0;
  fc.assert(
    fc.property(path, odd, odd, odd, odd, (where, messages, tools, content, settings) => {
      const body = { model: "m", messages, input: messages, contents: messages, tools, system: settings };
      const answer = {
        type: "message",
        role: "assistant",
        content,
        choices: content,
        output: content,
        candidates: content,
        diagnostics: settings,
      };
      const exchange = {
        ...exchangeOf({
          request: { method: "POST", path: where, headers: { "session-id": String(n % 5) }, body },
          response: { status: 200, body: JSON.stringify(answer) },
        }),
        id: `x${n++}`,
        at: n * 10,
      };
      const seen = look(exchange);
      const reading = read(exchange, seen);
      const it = modelEvidence(exchange, seen, reading, threadKeys(reading, exchange, seen));
      if (it) book.model(JSON.parse(JSON.stringify(it)));
      const diff = requestDiff(reading, reading);
      const side = { reading, at: 0, request: body, answer };
      cacheMiss(side, side, diff);
      exposureOf(
        reading,
        body,
        [
          {
            session: "s",
            name: "x",
            server: null,
            isWhole: true,
            tools: [{ name: "a", description: null, schema: settings }],
          },
        ],
        new Map(),
      );
      const { entries, input } = ledgerOf(reading);
      expect(entries.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(input);
      settled(book);
    }),
    { numRuns: 300 },
  );
});

test("whatever the lines of a session hold, its calls are kept, and the book goes on", () => {
  const book = runBook();
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.constantFrom("client", "server", "odd"),
          odd,
          fc.constantFrom(
            "tools/call",
            "tools/list",
            "notifications/cancelled",
            "notifications/progress",
            "tasks/get",
          ),
          odd,
        ),
        { maxLength: 12 },
      ),
      (said) => {
        const fold = sessionFold("x");
        for (const [n, [from, id, method, params]] of said.entries()) {
          const message =
            from === "server"
              ? { jsonrpc: "2.0", id, result: params }
              : { jsonrpc: "2.0", id, method, params };
          const { calls, session } = fold.add({
            session_id: "s",
            seq: n,
            timestamp: n % 3 === 0 ? "never" : "2026-01-01T00:00:00Z",
            from,
            message,
          });
          if (session) book.session(structuredClone(fold.session()!));
          for (const call of calls) book.served(structuredClone(call));
        }
        settled(book);
      },
    ),
    { numRuns: 300 },
  );
});

/** Rows are JSON that a schema describes: no number of theirs is none. */
function settled(book: RunBook): void {
  const changes = book.take();
  JSON.stringify(changes, (_, value: unknown) => {
    if (typeof value === "number") expect(Number.isFinite(value)).toBe(true);
    return value;
  });
}

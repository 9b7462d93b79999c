/** One turn of an agent as it passes on both wires: the model's answer, MCP lines, the next request. Only tests use it. */
import type { StepRow } from "../../fact/rows.ts";
import { parseExact } from "../../fact/json-source.ts";
import { look } from "../look.ts";
import { read } from "../read.ts";
import { exchangeOf } from "../recording.ts";
import { threadKeys } from "../thread.ts";
import { runBook } from "./book.ts";
import { modelEvidence } from "./from-exchange.ts";
import { sessionFold } from "./from-session.ts";
import { add, type Told } from "./written.testkit.ts";

export type WiredCall = {
  name?: string;
  /** As the model wrote it, JSON as it stands on the wire. */
  args?: string;
  /** As the host sent them, where that is another; null when nothing was sent. */
  sent?: string | null;
  /** The server's result; null when it never answered. */
  result?: Record<string, unknown> | null;
  /** What the model is told, as Anthropic's blocks; null when the result is not sent back. */
  told?: unknown[] | string | null;
  /** `is_error` of what it is told. */
  failed?: boolean;
  /** When the server answers, ms after it was asked. */
  after?: number;
};

export type Wires = {
  calls?: WiredCall[];
  /** The order in which the results stand in the next request. */
  order?: number[];
  /** Turns, one behind the other, each with these calls. */
  turns?: number;
  /** MCP calls that nobody asked for. */
  lone?: string[];
  cancelled?: boolean;
  /** How far the clock of the MCP recorder is ahead of the other one, ms. */
  ahead?: number;
  /** Every turn's calls have the ids of the first's. */
  ids?: "used again";
  /** Which side was recorded. */
  only?: "model" | "mcp";
};

export const text = (said: string) => [{ type: "text", text: said }];

const START = 1_760_000_000_000;
const SECOND = 1_000;

/** The tool steps that come of it, in the order of time. */
export function stepsOn(wires: Wires): StepRow[] {
  const { steps } = toldOn(wires);
  return [...steps.values()].filter(({ kind }) => kind === "tool").toSorted((a, b) => a.at - b.at);
}

export function toldOn({
  calls = [{}],
  order,
  turns = 1,
  lone = [],
  cancelled = false,
  ahead = 0,
  ids,
  only,
}: Wires): Told {
  const book = runBook();
  const fold = sessionFold("notes");
  let seq = 0;
  const line = (at: number, from: "client" | "server", message: string) => {
    if (only === "model") return;
    const timestamp = new Date(at + ahead).toISOString();
    const { calls: found, session } = fold.add({
      session_id: "s",
      seq: seq++,
      timestamp,
      direction: "request",
      from,
      message: parseExact(message),
    });
    if (session) book.session(structuredClone(fold.session()!));
    for (const one of found) book.served(structuredClone(one));
  };
  const tools = ["read_note", ...calls.map(({ name = "read_note" }) => name)];
  line(START - 900, "client", `{"jsonrpc":"2.0","id":"l","method":"tools/list"}`);
  line(
    START - 800,
    "server",
    JSON.stringify({
      jsonrpc: "2.0",
      id: "l",
      result: { tools: [...new Set(tools)].map((name) => ({ name, inputSchema: {} })) },
    }),
  );
  const history: unknown[] = [{ role: "user", content: "Read my notes to me, please." }];
  const answers: { at: number; message: string }[] = [];
  for (let turn = 0; turn <= turns; turn++) {
    const at = START + turn * 10 * SECOND;
    for (const { at: when, message } of answers.filter((one) => one.at < at)) line(when, "server", message);
    answers.splice(0, answers.length, ...answers.filter((one) => one.at >= at));
    const asks = turn < turns ? calls : [];
    const id = (n: number) => `toolu_${ids ? 0 : turn}_${n}`;
    const name = (call: WiredCall) => call.name ?? "mcp__notes__read_note";
    const content =
      asks.length === 0
        ? [{ type: "text", text: "Done." }]
        : asks.map((call, n) => ({
            type: "tool_use",
            id: id(n),
            name: name(call),
            input: JSON.parse(call.args ?? '{"name":"a"}') as unknown,
          }));
    put(at, { messages: history }, content, asks, turn);
    history.push({ role: "assistant", content });
    for (const [n, call] of asks.entries()) {
      if (call.sent === null) continue;
      const params = `{"name":${JSON.stringify(name(call).replace("mcp__notes__", ""))},"arguments":${call.sent ?? call.args ?? '{"name":"a"}'},"_meta":{"claudecode/toolUseId":"${id(n)}"}}`;
      const rpc = turn * 100 + n;
      const sent = at + SECOND + n;
      line(sent, "client", `{"jsonrpc":"2.0","id":${rpc},"method":"tools/call","params":${params}}`);
      if (cancelled)
        line(
          sent + 50,
          "client",
          `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${rpc}}}`,
        );
      else if (call.result !== null)
        answers.push({
          at: sent + (call.after ?? 100),
          message: JSON.stringify({
            jsonrpc: "2.0",
            id: rpc,
            result: call.result ?? { content: text("a note about milk and bread") },
          }),
        });
    }
    answers.sort((a, b) => a.at - b.at);
    const results = asks.flatMap((call, n) =>
      call.told === null
        ? []
        : [
            {
              type: "tool_result",
              tool_use_id: id(n),
              content: call.told ?? text("a note about milk and bread"),
              ...(call.failed && { is_error: true }),
            },
          ],
    );
    const ordered = order ? order.map((n) => results[n]) : results;
    if (turn < turns)
      history.push({ role: "user", content: ordered.length > 0 ? ordered : "What did you find?" });
  }
  for (const { at: when, message } of answers) line(when, "server", message);
  for (const [n, tool] of lone.entries()) {
    const at = START + 2 * SECOND + n * 10;
    line(
      at,
      "client",
      `{"jsonrpc":"2.0","id":"x${n}","method":"tools/call","params":{"name":"${tool}","arguments":{}}}`,
    );
    line(at + 5, "server", JSON.stringify({ jsonrpc: "2.0", id: `x${n}`, result: { content: text("ok") } }));
  }
  const all: Told = { runs: new Map(), steps: new Map(), ties: new Map() };
  add(all, book.take());
  return all;

  function put(at: number, body: object, content: object[], asks: WiredCall[], turn: number): void {
    const exchange = {
      ...exchangeOf({
        request: {
          method: "POST",
          path: "/v1/messages",
          headers: { "user-agent": "claude-cli/2.1.9", "x-claude-code-session-id": "one" },
          body: { model: "m", max_tokens: 9, stream: true, ...body },
        },
        response: {
          status: 200,
          headers: { "content-type": "text/event-stream" },
          body: streamed(content, asks),
        },
      }),
      id: `x${turn}`,
      at,
    };
    const seen = look(exchange);
    const reading = read(exchange, seen);
    const it = modelEvidence(exchange, seen, reading, threadKeys(reading, exchange, seen));
    if (it && only !== "mcp") book.model(structuredClone(it));
  }
}

/** As Anthropic streams: of a call its arguments stand as the model wrote them. */
function streamed(content: object[], asks: WiredCall[]): string {
  const usage = { input_tokens: 9, output_tokens: 9 };
  const blocks = content.flatMap((block, index) => {
    const call = asks[index];
    const begins = {
      type: "content_block_start",
      index,
      content_block: call ? { ...block, input: {} } : block,
    };
    const json = { type: "input_json_delta", partial_json: call?.args ?? '{"name":"a"}' };
    return [
      begins,
      ...(call ? [{ type: "content_block_delta", index, delta: json }] : []),
      { type: "content_block_stop", index },
    ];
  });
  const message = { id: "msg", type: "message", role: "assistant", model: "m", content: [], usage };
  const events = [
    { type: "message_start", message },
    ...blocks,
    { type: "message_delta", delta: { stop_reason: asks.length > 0 ? "tool_use" : "end_turn" }, usage },
    { type: "message_stop" },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}

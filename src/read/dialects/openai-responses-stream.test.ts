/** Streams of the Responses API that leave out beginnings, ends, or what was streamed; sockets that outlive an error. */
import { expect, test } from "bun:test";
import { assembled, read } from "../read.ts";
import { exchangeOf, type Recording } from "../recording.ts";

type Json = Record<string, unknown>;
const REQUEST = { model: "gpt-5", stream: true, input: "When is high tide?" };

function stream(...events: Json[]) {
  const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  const request = { method: "POST", path: "/v1/responses", host: "model.example", body: REQUEST };
  return exchangeOf({
    request,
    response: { status: 200, headers: { "content-type": "text/event-stream" }, body },
  });
}

const created = {
  type: "response.created",
  response: { id: "r", status: "in_progress", model: "gpt-5", output: [] },
};
const completed = (output: Json[] = []) => ({
  type: "response.completed",
  response: { id: "r", status: "completed", output },
});
const rules = (exchange: ReturnType<typeof stream>) => read(exchange).problems.map(({ rule }) => rule);

test("items that never began are known from their deltas: text, thoughts, refusals and calls", () => {
  const exchange = stream(
    created,
    { type: "response.reasoning_summary_text.delta", output_index: 0, item_id: "t", delta: "Moon first." },
    { type: "response.output_text.delta", output_index: 1, item_id: "m", delta: "At six." },
    { type: "response.function_call_arguments.delta", output_index: 2, item_id: "f", delta: '{"port":' },
    {
      type: "response.function_call_arguments.done",
      output_index: 2,
      item_id: "f",
      name: "tide",
      arguments: '{"port":1}',
    },
    { type: "response.custom_tool_call_input.delta", output_index: 3, item_id: "c", delta: "ls" },
    completed(),
  );
  const { text, reasoning, tool_calls, problems } = read(exchange);
  expect({ text, reasoning, tool_calls, problems }).toEqual({
    text: "At six.",
    reasoning: "Moon first.",
    tool_calls: [
      { id: "f", name: "tide", arguments: '{"port":1}' },
      { id: "c", name: "", arguments: "ls" },
    ],
    problems: [],
  });
});

test("without numbers the items are told apart by their ids, without ids the last one goes on", () => {
  const delta = (type: string, delta: string, item_id?: string) => ({
    type,
    delta,
    ...(item_id && { item_id }),
  });
  const exchange = stream(
    created,
    delta("response.reasoning_text.delta", "Hm", "a"),
    delta("response.output_text.delta", "Six", "b"),
    delta("response.reasoning_text.delta", ".", "a"),
    delta("response.output_text.delta", " sharp"),
    completed(),
  );
  const { text, reasoning } = read(exchange);
  // The last item that anything came for is the one that began last.
  expect([text, reasoning]).toEqual(["Six sharp", "Hm."]);
});

test("items that all have one number are told apart by their kinds and their calls", () => {
  const begin = (item: Json) => ({ type: "response.output_item.added", output_index: 0, item });
  const piece = (kind: string, item_id: string, delta: string) => ({
    type: `response.${kind}.delta`,
    output_index: 0,
    item_id,
    delta,
  });
  const call = (id: string) =>
    begin({ type: "function_call", id: `f${id}`, call_id: `c${id}`, name: "tide" });
  const reading = read(
    stream(
      created,
      begin({ type: "reasoning", id: "t", summary: [] }),
      piece("reasoning_summary_text", "t", "Moon."),
      begin({ type: "message", id: "m", role: "assistant", content: [] }),
      piece("output_text", "m", "Six"),
      call("1"),
      call("2"),
      piece("function_call_arguments", "f1", '{"a":1}'),
      piece("function_call_arguments", "f2", '{"a":2}'),
      piece("output_text", "m", "."),
      completed(),
    ),
  );
  expect([reading.text, reading.reasoning]).toEqual(["Six.", "Moon."]);
  expect(reading.tool_calls.map(({ id, arguments: args }) => [id, args])).toEqual([
    ["c1", '{"a":1}'],
    ["c2", '{"a":2}'],
  ]);
});

test("done events without content, and a done of another kind, take nothing away", () => {
  const exchange = stream(
    created,
    {
      type: "response.output_item.added",
      output_index: 0,
      item: { type: "reasoning", id: "t", summary: [] },
    },
    { type: "response.reasoning_summary_text.delta", output_index: 0, summary_index: 0, delta: "Moon." },
    {
      type: "response.reasoning_summary_part.done",
      output_index: 0,
      summary_index: 0,
      part: { type: "summary_text", text: "" },
    },
    { type: "response.output_item.done", output_index: 0, item: { type: "message", id: "t", content: [] } },
    { type: "response.output_text.delta", output_index: 1, item_id: "m", delta: "Six." },
    { type: "response.output_text.done", output_index: 1, item_id: "m", text: "" },
    completed([
      { type: "message", id: "m", role: "assistant", content: [{ type: "output_text", text: "" }] },
    ]),
  );
  const { text, reasoning } = read(exchange);
  expect([text, reasoning]).toEqual(["Six.", "Moon."]);
  expect(rules(exchange)).toEqual(["stream/left-out"]);
});

test("a last snapshot with everything in it is the answer as it came", () => {
  const output = [
    { type: "message", id: "other", role: "assistant", content: [{ type: "output_text", text: "Six." }] },
  ];
  const exchange = stream(
    created,
    { type: "response.output_item.added", output_index: 0, item: { type: "message", id: "m", content: [] } },
    { type: "response.output_text.delta", output_index: 0, item_id: "m", delta: "Six." },
    completed(output),
  );
  expect((assembled(exchange) as Json)["output"]).toEqual(output);
  expect(rules(exchange)).toEqual([]);
});

test("on a socket an error ends one response and not the next", () => {
  const said = (from: "client" | "server", json: Json, t_ms: number) => ({
    from,
    t_ms,
    text: JSON.stringify(json),
  });
  const recording: Recording = {
    request: { method: "GET", path: "/v1/responses", body: null },
    response: { status: 101, body: "" },
    messages: [
      said("client", { type: "response.create", ...REQUEST }, 1),
      said("server", { type: "error", status: 400, error: { message: "no such tide" } }, 2),
      said("client", { type: "response.create", ...REQUEST }, 3),
      said("server", created, 4),
      said("server", { type: "response.output_text.delta", output_index: 0, item_id: "m", delta: "Six." }, 5),
      said("server", completed(), 6),
    ],
  };
  expect(read(exchangeOf(recording)).text).toBe("Six.");
});

test("a realtime session that goes on after an error has its answer, and the error as a warning", () => {
  const said = (from: "client" | "server", json: Json, t_ms: number) => ({
    from,
    t_ms,
    text: JSON.stringify(json),
  });
  const error = { type: "error", error: { type: "invalid_request_error", message: "nothing to cancel" } };
  const response = {
    id: "r",
    status: "completed",
    output: [{ type: "message", id: "m", content: [{ type: "text", text: "Six." }] }],
  };
  const messages = [
    said("server", { type: "session.created", session: { model: "gpt-realtime" } }, 1),
    said("client", { type: "response.cancel" }, 2),
    said("server", error, 3),
    said("server", { type: "response.created", response: { id: "r", status: "in_progress" } }, 4),
    said("server", { type: "response.done", response }, 5),
  ];
  const of = (some: typeof messages) =>
    read(
      exchangeOf({
        request: { method: "GET", path: "/v1/realtime", body: null },
        response: { status: 101, body: "" },
        messages: some,
      }),
    );
  const { text, error: told, problems } = of(messages);
  expect([text, told]).toEqual(["Six.", null]);
  expect(problems.map(({ rule, severity }) => [rule, severity])).toEqual([["stream/error-event", "warning"]]);
  expect(of(messages.slice(0, 3)).error?.message).toBe("nothing to cancel");
});

test("numbers may come as digits, and a whole response without its event's wrapping is the last snapshot", () => {
  const output = [
    { type: "message", id: "m", role: "assistant", content: [{ type: "output_text", text: "Six." }] },
  ];
  const exchange = stream(
    created,
    { type: "response.output_text.delta", output_index: "0", item_id: "m", delta: "Six" },
    { type: "response.output_text.delta", output_index: "0", item_id: "m", delta: "." },
    { id: "r", object: "response", status: "completed", output },
  );
  const { text, finish_reason, problems } = read(exchange);
  expect([text, finish_reason, problems]).toEqual(["Six.", "completed", []]);
});

test("a realtime session that translates has what it heard and what it said; speech that is not understood is told", () => {
  const said = (json: Json, t_ms: number) => ({ from: "server" as const, t_ms, text: JSON.stringify(json) });
  const words = (side: string, delta: string) => ({ type: `session.${side}_transcript.delta`, delta });
  const messages = [
    { type: "session.created", session: { type: "translation", model: "gpt-realtime-translate" } },
    words("input", "Wann ist "),
    words("input", "Flut?"),
    words("output", "When is "),
    words("output", "high tide?"),
    {
      type: "conversation.item.input_audio_transcription.failed",
      item_id: "i",
      error: { message: "too much wind" },
    },
    { type: "session.closed" },
  ].map(said);
  const request = { method: "GET", path: "/v1/realtime/translations", body: null };
  const {
    text,
    messages: turns,
    problems,
  } = read(exchangeOf({ request, response: { status: 101, body: "" }, messages }));
  expect([text, turns.map(({ role }) => role)]).toEqual(["When is high tide?", ["user"]]);
  expect(problems.map(({ rule, severity }) => [rule, severity])).toEqual([["stream/error-event", "warning"]]);
});

test("a realtime response whose last event is empty keeps what was streamed", () => {
  const said = (json: Json, t_ms: number) => ({ from: "server" as const, t_ms, text: JSON.stringify(json) });
  const item = { type: "message", id: "m", role: "assistant", content: [] };
  const messages = [
    { type: "response.created", response: { id: "r", status: "in_progress" } },
    { type: "response.output_item.added", response_id: "r", output_index: 0, item },
    {
      type: "response.output_audio_transcript.delta",
      response_id: "r",
      output_index: 0,
      item_id: "m",
      content_index: 0,
      delta: "Six.",
    },
    { type: "response.done", response: { id: "r", status: "completed", output: [item] } },
  ].map(said);
  const request = { method: "GET", path: "/v1/realtime", body: null };
  expect(read(exchangeOf({ request, response: { status: 101, body: "" }, messages })).text).toBe("Six.");
});

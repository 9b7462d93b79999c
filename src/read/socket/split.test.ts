/** Which messages of a socket are which response, for each protocol that makes responses on one. */
import { expect, test } from "bun:test";
import type { Fact } from "../../fact/fact.ts";
import { read } from "../read.ts";
import { story } from "../story.ts";
import { factsOf, inWords, responsesIn, socketOf, type Line } from "./split.testkit.ts";

const words = (path: string, lines: readonly Line[], end?: Parameters<typeof factsOf>[2]) =>
  responsesIn(factsOf(socketOf(path), lines, end)).map(inWords);

const create = (more: object = {}) => ({ type: "response.create", model: "m", input: [], ...more });
const created = (id: string, more: object = {}) => ({ type: "response.created", response: { id }, ...more });
const delta = (more: object = {}) => ({ type: "response.output_text.delta", delta: "a", ...more });
const done = (id: string, how = "completed") => ({ type: `response.${how}`, response: { id } });

test("each response.create is a response of its own, timed from its own frame", () => {
  const lines: Line[] = [
    [10, "client", create({ generate: false })],
    [20, "server", created("r1")],
    [30, "server", done("r1")],
    [35, "server", { type: "codex.rate_limits" }],
    [500, "client", create({ previous_response_id: "r1" })],
    [505, "server", { type: "codex.rate_limits" }],
    [510, "server", created("r2")],
    [520, "server", delta()],
    [900, "server", done("r2")],
  ];
  expect(words("/v1/responses", lines)).toEqual([
    "1: create created completed | complete @10",
    "2: create codex.rate_limits created output_text.delta completed | complete @500",
  ]);
  const [, second] = responsesIn(factsOf(socketOf(), lines));
  expect([second?.response?.ttfb, second?.response?.status, second?.close?.t]).toEqual([5, 101, 400]);
  expect(second?.part).toEqual({ socket: socketOf().id, n: 2 });
});

test("two at once are told apart by their ids, their items and their lanes", () => {
  const lines: Line[] = [
    [1, "client", create({ stream_id: "a" })],
    [2, "client", create({ stream_id: "b" })],
    [3, "server", created("rb", { stream_id: "b" })],
    [4, "server", created("ra", { stream_id: "a" })],
    [5, "server", { type: "response.output_item.added", response_id: "ra", item: { id: "ia" } }],
    [6, "server", delta({ stream_id: "b" })],
    [7, "server", delta({ item_id: "ia" })],
    [8, "client", { type: "response.cancel", response_id: "rb" }],
    [9, "server", done("rb", "cancelled")],
    [10, "server", done("ra")],
  ];
  expect(words("/v1/responses", lines)).toEqual([
    "1: create created output_item.added output_text.delta completed | complete @1",
    "2: create created output_text.delta cancel cancelled | complete @2",
  ]);
});

test("without lanes the first asked is the first made; an error ends the one that waits, else the one that runs", () => {
  expect(
    words("/v1/responses", [
      [1, "client", create()],
      [2, "server", created("r1")],
      [3, "client", create()],
      [4, "server", { type: "error", error: { message: "one at a time" } }],
      [5, "server", delta()],
      [6, "server", done("r1")],
      [7, "client", create()],
      [8, "server", created("r3")],
      [9, "server", { type: "error", error: { message: "overloaded" } }],
    ]),
  ).toEqual([
    "1: create created output_text.delta completed | complete @1",
    "2: create error | complete @3",
    "3: create created error | complete @7",
  ]);
});

test("an id that comes twice is the newest; steering and what no response is about stay where they belong", () => {
  expect(
    words("/v1/responses", [
      [1, "client", create()],
      [2, "server", created("same")],
      [3, "client", { type: "response.steer", response_id: "same" }],
      [4, "server", { type: "response.steer.accepted", response_id: "same" }],
      [5, "server", done("same")],
      [6, "server", delta({ response_id: "same" })],
      [7, "client", create()],
      [8, "server", created("same")],
      [9, "server", done("same", "failed")],
      [10, "server", created("unasked")],
      [11, "server", done("unasked", "incomplete")],
    ]),
  ).toEqual([
    "1: create created steer steer.accepted completed | complete @1",
    "2: create created failed | complete @7",
    "3: created incomplete | complete @10",
  ]);
});

test("what a prewarm has brought, the response that goes on from it rests on", () => {
  const lines: Line[] = [
    [1, "client", create({ generate: false, input: [{ role: "user", content: "Hi" }] })],
    [2, "server", created("w")],
    [3, "server", done("w")],
    [4, "client", create({ previous_response_id: "w" })],
    [5, "server", created("r")],
    [6, "server", done("r")],
    [7, "client", create({ previous_response_id: "r" })],
    [8, "server", done("q")],
  ];
  expect(words("/v1/responses", lines)).toEqual([
    "1: create created completed | complete @1",
    "2: (create) create created completed | complete @4",
    "3: create completed | complete @7",
  ]);
  expect(responsesIn(factsOf(socketOf(), lines))[1]?.before?.[0]?.t).toBe(-3);
});

test("a question that is seen behind the beginning of its answer is that answer's", () => {
  expect(
    words("/v1/responses", [
      [1, "server", created("r1")],
      [2, "client", create()],
      [3, "server", delta()],
      [4, "server", done("r1")],
      [5, "client", create()],
      [6, "server", created("r2")],
      [7, "server", done("r2")],
    ]),
  ).toEqual([
    "1: created create output_text.delta completed | complete @1",
    "2: create created completed | complete @5",
  ]);
  expect(
    words("/v1/realtime", [
      [1, "server", { type: "session.created", session: {} }],
      [2, "server", created("r1")],
      [3, "client", { type: "conversation.item.create", item: {} }],
      [4, "client", { type: "response.create" }],
      [5, "server", done("r1", "done")],
    ]),
  ).toEqual(["1: (created) created item.create create done | complete @2"]);
});

test("also a question that is seen behind the whole of its answer", () => {
  const lines: Line[] = [
    [1, "server", created("r1")],
    [9, "server", done("r1")],
    [50, "client", create()],
    [60, "client", create()],
  ];
  expect(words("/v1/responses", lines)).toEqual([
    "1: created completed create | complete @1",
    "2: create | client-gone @60",
  ]);
  expect(responsesIn(factsOf(socketOf(), lines))[0]?.close?.t).toBe(8);
  expect(
    words("/v1/responses", [
      [1, "server", created("r1")],
      [9, "server", done("r1")],
      [10, "server", created("r2")],
      [11, "server", done("r2")],
      [50, "client", create()],
    ]),
  ).toEqual(["1: created completed | complete @1", "2: created completed create | complete @10"]);
});

test("a request that brings a result rests on the call that it answers", () => {
  const item = { type: "function_call", call_id: "c1", name: "look", id: "f1" };
  const called: Line = [3, "server", { type: "response.output_item.done", item }];
  const output = { type: "function_call_output", call_id: "c1", output: "fine" };
  const lines: Line[] = [
    [1, "client", create()],
    [2, "server", created("r1")],
    called,
    [4, "server", done("r1")],
    [5, "client", create({ previous_response_id: "r1", input: [output, output] })],
  ];
  expect(words("/v1/responses", lines)[1]).toBe("2: (output_item.done) create | client-gone @5");
  const [, second] = responsesIn(factsOf(socketOf(), lines));
  expect(second && story(read(second), second).asked).toBe("↩ look: fine · ↩ look: fine");
});

test("a socket that ends cuts off what is being made, and says who did it", () => {
  const lines: Line[] = [
    [1, "client", create()],
    [2, "server", created("r")],
  ];
  const ends = (end: Parameters<typeof factsOf>[2]) => {
    const [one] = responsesIn(factsOf(socketOf(), lines, end));
    return [one?.close?.ending, one?.close?.error];
  };
  const close = { code: 1011, reason: "restart" };
  expect(ends({ ending: "complete", error: null, socket: { ...close, from: "server" } })).toEqual([
    "upstream-error",
    "the upstream closed the socket (1011 restart) before this response was over",
  ]);
  expect(ends({ ending: "complete", error: null, socket: { ...close, reason: "", from: "client" } })).toEqual(
    ["client-gone", "the client closed the socket (1011) before this response was over"],
  );
  expect(ends({ ending: "interrupted", error: "killed" })).toEqual(["interrupted", "killed"]);
  expect(ends(null)).toEqual([undefined, undefined]);
});

test("Realtime: what was said between two responses belongs to the second, which is timed from the end of the speech", () => {
  expect(
    words("/v1/realtime?model=m", [
      [1, "server", { type: "session.created", session: {} }],
      [2, "client", { type: "session.update", session: {} }],
      [3, "server", { type: "session.updated", session: {} }],
      [10, "client", { type: "input_audio_buffer.append", audio: "AA" }],
      [20, "server", { type: "input_audio_buffer.speech_stopped" }],
      [21, "server", { type: "conversation.item.added", item: { id: "u", role: "user" } }],
      [30, "server", created("r1")],
      [31, "client", { type: "input_audio_buffer.append", audio: "AA" }],
      [32, "server", { type: "conversation.item.input_audio_transcription.completed", item_id: "u" }],
      [33, "server", { type: "error", error: { message: "odd", event_id: "e9" } }],
      [40, "server", done("r1", "done")],
      [50, "client", { type: "conversation.item.create", item: { type: "function_call_output" } }],
      [51, "client", { type: "response.create", event_id: "e1" }],
      [52, "server", created("r2")],
      [60, "server", done("r2", "done")],
      [70, "client", { type: "response.create", event_id: "e2" }],
      [71, "server", { type: "error", error: { message: "busy", event_id: "e2" } }],
    ]),
  ).toEqual([
    "1: (created update updated speech_stopped item.added) created item.input_audio_transcription.completed done | complete @20",
    "2: (created update updated error item.create) create created done | complete @51",
    "3: (created update updated) create error | complete @70",
  ]);
});

test("Gemini Live: a turn ends when it is complete, or with a call; counts that come behind it are its own", () => {
  const path = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
  const said = (more: object) => ({ serverContent: { modelTurn: { parts: [{ text: "a" }] }, ...more } });
  expect(
    words(path, [
      [1, "client", { setup: { model: "models/m" } }],
      [2, "server", { setupComplete: {} }],
      [10, "client", { clientContent: { turns: [], turnComplete: true } }],
      [20, "server", { toolCall: { functionCalls: [] } }],
      [21, "server", { usageMetadata: { totalTokenCount: 3 } }],
      [30, "client", { toolResponse: { functionResponses: [] } }],
      [40, "server", said({})],
      [50, "server", { serverContent: { turnComplete: true }, usageMetadata: {} }],
      [60, "client", { realtimeInput: { audio: { data: "AA" } } }],
      [70, "server", { serverContent: { inputTranscription: { text: "hm" } } }],
      [80, "server", said({})],
      [90, "server", said({ turnComplete: true })],
    ]),
  ).toEqual([
    "1: (setup setupComplete) clientContent toolCall usageMetadata | complete @10",
    "2: (setup setupComplete) toolResponse serverContent serverContent | complete @30",
    "3: (setup setupComplete serverContent) serverContent serverContent | complete @70",
  ]);
});

test("OpenAI Live: what the model says between two utterances is a response, and so is each that it delegates", () => {
  const said = (who: string) => ({ type: `session.${who}_transcript.delta`, delta: "a" });
  expect(
    words("/v1/live/sessions", [
      [1, "client", { type: "session.start", session: {} }],
      [2, "server", { type: "session.started", session: {} }],
      [10, "server", said("input")],
      [20, "server", { type: "session.delegation.created" }],
      [21, "server", { type: "response.event", event: created("d1") }],
      [22, "server", said("output")],
      [23, "server", { type: "response.event", event: delta() }],
      [24, "server", said("output")],
      [25, "server", { type: "response.event", event: done("d1") }],
      [26, "server", { type: "session.usage.updated" }],
      [40, "server", said("input")],
      [41, "server", said("output")],
      [42, "server", said("input")],
      [43, "server", said("output")],
    ]),
  ).toEqual([
    "1: (start started input_transcript.delta delegation.created) event event event | complete @21",
    "2: (start started) output_transcript.delta output_transcript.delta usage.updated | complete @10",
    "3: (start started input_transcript.delta) output_transcript.delta | complete @40",
    "4: (start started input_transcript.delta) output_transcript.delta | complete @42",
  ]);
});

test("a socket of an address that says nothing is known by what is said first; others hold no responses", () => {
  const setup: Line = [1, "client", { setup: { model: "m" } }];
  const turn: Line = [2, "client", { clientContent: { turnComplete: true } }];
  expect(words("/ws", [setup, turn])).toEqual(["1: (setup) clientContent | client-gone @2"]);
  expect(words("/ws", [[1, "client", create()]])).toHaveLength(1);
  expect(
    words("/ws", [
      [1, "server", { type: "session.created" }],
      [2, "server", created("r")],
    ]),
  ).toHaveLength(1);
  expect(
    words("/chat", [
      [1, "client", { type: "hello" }],
      [2, "client", "no JSON"],
    ]),
  ).toEqual([]);
});

test("a socket of very many responses, and of very many that never end, costs what is open", () => {
  const open = socketOf();
  const lines: Line[] = [];
  for (let n = 0; n < 5_000; n++)
    lines.push([n, "client", create()], [n, "server", created(`r${n}`)], [n, "server", done(`r${n}`)]);
  const all = responsesIn(factsOf(open, lines));
  expect(all).toHaveLength(5_000);
  expect(new Set(all.map(({ id }) => id)).size).toBe(5_000);
  const never = responsesIn(
    factsOf(
      open,
      Array.from({ length: 1_500 }, (_, n): Line => [n, "client", create()]),
      null,
    ),
  );
  expect(never.filter(({ close }) => close === null)).toHaveLength(1_000);
  expect(never[0]?.close?.ending).toBe("interrupted");
});

test("a message that is too long to be taken apart, or was cut, is known by its beginning", () => {
  const long = `{"type":"response.create","input":"${"a".repeat(9 * 1024 * 1024)}"`;
  expect(responsesIn(factsOf(socketOf(), [[1, "client", long]]))).toHaveLength(1);
});

test("ids are UUIDs of version 7 that count up, and the same each time", () => {
  const lines: Line[] = [
    [1, "client", create()],
    [1, "client", create()],
    [900, "client", create()],
  ];
  const ids = () => responsesIn(factsOf(socketOf(), lines)).map(({ id }) => id);
  expect(ids()).toEqual(ids());
  expect(ids()).toEqual(ids().toSorted());
  for (const id of ids())
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a hole in the socket's record is one in each response that stands open", () => {
  const open = socketOf();
  const gap: Fact = { fact: "gap", id: open.id, t: 5, from: "server", lost: 9, why: "w" };
  const facts = factsOf(open, [[1, "client", create()]]);
  const [one] = responsesIn([...facts.slice(0, -1), gap, facts.at(-1)!]);
  expect(one?.gaps).toEqual([{ t: 4, from: "server", lost: 9, why: "w" }]);
});

/** Models that talk over WebSockets: what both sides say passes, is live on the page while they talk, and is in the file. */
import { expect, test } from "bun:test";
import { exchangeFiles, getJson, type Json, startProgram, until } from "./program.ts";

type Said = string | Uint8Array;

/** A server that answers each message as `answer` says, and closes when the client says "bye". */
function socketUpstream(answer: (message: Said) => Said[], perMessageDeflate = true) {
  const seen: { protocol: string | null; beta: string | null } = { protocol: null, beta: null };
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request, self) {
      seen.protocol = request.headers.get("sec-websocket-protocol");
      seen.beta = request.headers.get("openai-beta");
      const headers = { "Sec-WebSocket-Protocol": "realtime" };
      return self.upgrade(request, seen.protocol ? { headers } : {})
        ? undefined
        : new Response("no", { status: 400 });
    },
    websocket: {
      perMessageDeflate,
      message(socket, message) {
        if (message === "bye") return socket.close(4001, "session expired");
        for (const one of answer(message)) socket.send(one as never, true);
      },
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, seen, [Symbol.asyncDispose]: () => server.stop(true) };
}

async function connect(url: string, protocols: string[], headers: Record<string, string> = {}) {
  const socket = new WebSocket(url.replace("http", "ws"), { protocols, headers } as never);
  socket.binaryType = "arraybuffer";
  const heard: Said[] = [];
  const closed = new Promise<CloseEvent>((resolve) => (socket.onclose = resolve));
  socket.onmessage = ({ data }) =>
    heard.push(typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer));
  await new Promise((resolve) => (socket.onopen = resolve));
  return { socket, heard, closed };
}

const event = (type: string, more: object = {}) => JSON.stringify({ type, ...more });

test("as OpenAI's Realtime: subprotocol and headers pass, messages of both sides are live on the page and text in the file", async () => {
  const answers: Record<string, string[]> = {
    "session.update": [event("session.created", { session: { model: "gpt-realtime" } })],
    "response.create": [
      event("response.created", { response: { id: "resp_1", status: "in_progress", output: [] } }),
      event("response.output_text.delta", {
        response_id: "resp_1",
        item_id: "i",
        output_index: 0,
        content_index: 0,
        delta: "Grüße 🌍",
      }),
    ],
  };
  await using upstream = socketUpstream((message) => answers[(JSON.parse(String(message)) as Json).type]!);
  await using program = await startProgram(["--target-url", upstream.url]);
  const page = new WebSocket(`${program.pageUrl.replace("http", "ws")}/ws`);
  const frames: Json[] = [];
  page.onmessage = ({ data }) => {
    const frame = JSON.parse(String(data)) as Json;
    frames.push(frame);
    if (frame.type === "exchange.open") page.send(JSON.stringify({ subscribe: frame.row.id }));
  };
  await until(() => frames.some(({ type }) => type === "hello"));

  const { socket, heard, closed } = await connect(
    `${program.proxyUrl}/v1/realtime?model=gpt-realtime`,
    ["realtime", "openai-insecure-api-key.sk-proj-0123456789abcdef0123456789"],
    { "OpenAI-Beta": "realtime=v1" },
  );
  expect([upstream.seen.protocol, upstream.seen.beta, socket.protocol]).toEqual([
    "realtime, openai-insecure-api-key.sk-proj-0123456789abcdef0123456789",
    "realtime=v1",
    "realtime",
  ]);
  await until(() => frames.some(({ type }) => type === "exchange.head"));
  socket.send(event("session.update", { session: { type: "realtime" } }));
  await until(() => heard.length === 1);
  socket.send(event("response.create"));
  await until(() => heard.length === 3);
  const { row } = frames.find(({ type }) => type === "exchange.open");
  await until(() =>
    frames.some(
      ({ type, from, text }) => type === "exchange.bytes" && from === "server" && /Grüße/.test(text ?? ""),
    ),
  );
  const live = await (await fetch(`${program.pageUrl}/llm/${row.id}/body/response`)).text();
  expect(live).toContain("response.output_text.delta");
  expect(live).toContain("Grüße 🌍");

  socket.send("bye");
  const { code, reason } = await closed;
  expect([code, reason]).toEqual([4001, "session expired"]);
  page.close();
  const files = await exchangeFiles(program.logDir, 2);
  const file = files.find(({ socket_id }) => socket_id === undefined)!;
  expect(file).toMatchObject({
    wire: "websocket",
    responses: 1,
    path: "/v1/realtime?model=gpt-realtime",
    response_status: 101,
    ending: "complete",
    socket: { code: 4001, reason: "session expired", from: "server" },
    dialect: "openai-realtime",
  });
  expect(file["request_chunks"].map(({ data, frame }: Json) => [frame, data])).toEqual([
    ["text", event("session.update", { session: { type: "realtime" } })],
    ["text", event("response.create")],
    ["text", "bye"],
  ]);
  expect(file["response_chunks"].map(({ data }: Json) => data)).toEqual(heard);
  const times = [...file["request_chunks"], ...file["response_chunks"]].map(({ t_ms }: Json) => typeof t_ms);
  expect(new Set(times)).toEqual(new Set(["number"]));
  expect(JSON.stringify(file)).not.toContain("0123456789abcdef");
  // The response is an exchange of its own, with the session that it was made in.
  expect(files.find(({ socket_id }) => socket_id === row.id)).toMatchObject({
    n: 1,
    dialect: "openai-realtime",
    model: "gpt-realtime",
    ending: "upstream-error",
    request_chunks: [{ data: event("response.create") }],
    before_chunks: [{ from: "client" }, { from: "server" }],
  });
  const reading = await until(async () => {
    const found = await getJson(`${program.pageUrl}/api/exchanges/${row.id}/reading`);
    return found.dialect === "openai-realtime" && found;
  });
  expect(JSON.stringify(reading)).toContain("Grüße 🌍");
});

test.each([false, true])(
  "the list's row of an open socket knows what its messages say (compressed: %p)",
  async (perMessageDeflate) => {
    const created = event("session.created", { session: { model: "gpt-realtime" } });
    await using upstream = socketUpstream(() => [created], perMessageDeflate);
    await using program = await startProgram(["--target-url", upstream.url]);
    const page = new WebSocket(`${program.pageUrl.replace("http", "ws")}/ws`);
    const rows: Json[] = [];
    page.onmessage = ({ data }) => rows.push((JSON.parse(String(data)) as Json).row);
    await new Promise((resolve) => (page.onopen = resolve));
    const { socket } = await connect(`${program.proxyUrl}/v1/realtime`, ["realtime"]);
    await until(() => rows.some((row) => row?.state === "streaming"));
    expect(rows.map((row) => row?.model).filter(Boolean)).toEqual([]);
    const item = { type: "message", role: "user", content: [{ type: "input_text", text: "Is it windy?" }] };
    socket.send(event("conversation.item.create", { item }));
    const row = await until(() => rows.find((each) => each?.model));
    const said = {
      state: "streaming",
      dialect: "openai-realtime",
      model: "gpt-realtime",
      asked: "Is it windy?",
    };
    expect(row).toMatchObject(said);
    // Somebody who opens the page now sees the same.
    expect((await getJson(`${program.pageUrl}/api/exchanges`)).items).toMatchObject([said]);
    socket.close();
    page.close();
  },
);

test("as Gemini's Live API: JSON in binary messages and raw audio pass, and are base64 in the file where they are no text", async () => {
  const audio = Uint8Array.from({ length: 3000 }, (_, n) => (n * 7) & 255);
  const setup = new TextEncoder().encode(JSON.stringify({ setupComplete: {} }));
  await using upstream = socketUpstream(() => [setup, audio]);
  await using program = await startProgram(["--target-url", upstream.url]);
  const { socket, heard, closed } = await connect(
    `${program.proxyUrl}/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=AIzaSecret0123456789`,
    [],
  );
  socket.send(JSON.stringify({ setup: { model: "models/gemini-live" } }));
  await until(() => heard.length === 2);
  expect(heard).toEqual([setup, audio]);
  socket.close(1000, "done");
  await closed;
  const [file] = await exchangeFiles(program.logDir);
  expect(file).toMatchObject({
    wire: "websocket",
    ending: "complete",
    socket: { code: 1000, from: "client" },
  });
  expect(file["path"]).not.toContain("Secret");
  const [first, second] = file["response_chunks"];
  expect([first.frame, second.frame]).toEqual(["binary", "binary"]);
  expect(Buffer.from(second.data.$base64, "base64")).toEqual(Buffer.from(audio));
  const said =
    typeof first.data === "string" ? first.data : Buffer.from(first.data.$base64, "base64").toString();
  expect(JSON.parse(said)).toEqual({ setupComplete: {} });
});

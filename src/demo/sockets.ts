/**
 * The demo's WebSockets. A `response.create` is asked over HTTP, each with all that came before it; what is no socket of
 * the Responses API is the package's own.
 */
import { plainRequest } from "./codex-tools.ts";
import { eventsOf, parsed } from "./events.ts";
import { asked, isResponses } from "./behind.ts";

type Json = Record<string, unknown>;

type State = {
  readonly path: string;
  /** What the last answer ended: the model itself remembers nothing. */
  before: Json[];
  /** One answer after the other. */
  busy: Promise<void>;
  other: WebSocket | null;
};

export function startSockets(behind: string): { readonly port: number; readonly stop: () => Promise<void> } {
  const server = Bun.serve<State>({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request, self) {
      const { pathname, search } = new URL(request.url);
      const data: State = { path: pathname + search, before: [], busy: Promise.resolve(), other: null };
      return self.upgrade(request, { data }) ? undefined : new Response(null, { status: 400 });
    },
    websocket: {
      open(socket) {
        if (!isResponses(socket.data.path)) passOn(socket, behind);
      },
      message(socket, message) {
        const { data } = socket;
        if (data.other) return sendTo(data.other, message);
        const send = (event: Json) => void socket.send(JSON.stringify(event));
        data.busy = data.busy
          .then(() => respond(data, parsed(String(message)) ?? {}, behind, send))
          .catch(() => socket.close());
      },
      close: ({ data }) => data.other?.close(),
    },
  });
  return { port: server.port ?? 0, stop: () => server.stop(true) };
}

async function respond(
  state: State,
  message: Json,
  behind: string,
  send: (event: Json) => void,
): Promise<void> {
  const { type, generate, previous_response_id: before, ...body } = message;
  if (type !== "response.create") return;
  const given = Array.isArray(body["input"]) ? (body["input"] as Json[]) : [];
  const input = before === undefined || before === null ? given : [...state.before, ...given];
  if (generate === false) {
    state.before = input;
    for (const event of prewarmed(body["model"])) send(event);
    return;
  }
  const plain = plainRequest({ ...body, input, stream: true });
  const headers = { "content-type": "application/json" };
  const answer = await asked(behind, "POST", "/v1/responses", headers, JSON.stringify(plain.body));
  for await (const event of eventsOf(answer, plain)) {
    const output = (event["response"] as Json | undefined)?.["output"];
    if (event["type"] === "response.completed" && Array.isArray(output))
      state.before = [...input, ...(output as Json[])];
    send(event);
  }
}

/** It wants no answer, only the word that it was heard. */
function prewarmed(model: unknown): Json[] {
  const response = { id: `resp-${crypto.randomUUID()}`, object: "response", model, output: [] };
  const usage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
  return [
    { type: "response.created", response: { ...response, status: "in_progress" } },
    { type: "response.completed", response: { ...response, status: "completed", usage } },
  ];
}

function passOn(socket: Bun.ServerWebSocket<State>, behind: string): void {
  const other = new WebSocket(behind.replace(/^http/, "ws") + socket.data.path);
  other.addEventListener("message", ({ data }) => void socket.send(data as string));
  other.addEventListener("close", () => socket.close());
  socket.data.other = other;
}

function sendTo(other: WebSocket, message: string | Buffer): void {
  if (other.readyState === WebSocket.CONNECTING) other.addEventListener("open", () => other.send(message));
  else other.send(message);
}

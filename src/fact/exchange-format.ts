/** What is in the file of an exchange: the public format 1. `docs/format.md` is printed from this. */
import { type Static, Type } from "@sinclair/typebox";

const Headers = Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]));
const Binary = Type.Object({ $base64: Type.String() });
const Side = Type.Union([Type.Literal("client"), Type.Literal("server")]);
const Chunk = Type.Object({
  t_ms: Type.Number(),
  data: Type.Optional(Type.Union([Type.String(), Binary])),
  cut: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
  frame: Type.Optional(Type.Union([Type.Literal("text"), Type.Literal("binary")])),
});
const Chunks = Type.Array(Chunk);
export const Said = Type.Array(Type.Composite([Chunk, Type.Object({ from: Side })]));
const Kept = Type.Optional(Type.Unknown());

/** What is read of an exchange file, a stranger's too; more members may stand beside these. */
export const ExchangeFile = Type.Object({
  format: Type.Literal(1),
  id: Type.String({ pattern: "^[0-9A-Za-z._-]{1,100}$" }),
  timestamp: Type.String(),
  method: Type.String(),
  path: Type.String(),
  target: Type.Union([Type.String(), Type.Null()]),
  headers: Headers,
  body: Type.Unknown(),
  trailers: Type.Optional(Headers),
  response_status: Type.Union([Type.Integer(), Type.Null()]),
  response_headers: Type.Optional(Type.Union([Headers, Type.Null()])),
  response_body: Type.Optional(Type.Unknown()),
  response_trailers: Type.Optional(Headers),
  response_chunks: Type.Optional(Chunks),
  request_chunks: Type.Optional(Chunks),
  wire: Type.Optional(Type.Literal("websocket")),
  /** Of a response on a socket: the socket's exchange, its number there, what was said before on which it rests. */
  socket_id: Type.Optional(Type.String({ pattern: "^[0-9A-Za-z._-]{1,100}$" })),
  n: Type.Optional(Type.Integer({ minimum: 1 })),
  before_chunks: Type.Optional(Said),
  /** Of a socket: how many responses were made on it, each in a file of its own. */
  responses: Type.Optional(Type.Integer({ minimum: 0 })),
  protocol: Type.Optional(Type.String()),
  upstream: Type.Optional(Type.String()),
  run: Kept,
  body_raw: Kept,
  response_body_raw: Kept,
  request_bytes: Type.Optional(Type.Number({ minimum: 0 })),
  response_bytes: Type.Optional(Type.Number({ minimum: 0 })),
  gaps: Type.Optional(
    Type.Array(
      Type.Object({
        t_ms: Type.Number(),
        from: Type.Union([Side, Type.Literal("stderr")]),
        bytes: Type.Number(),
        why: Type.String(),
      }),
    ),
  ),
  socket: Type.Optional(Type.Object({ code: Type.Number(), reason: Type.String(), from: Side })),
  ttfb_ms: Type.Union([Type.Number(), Type.Null()]),
  duration_ms: Type.Union([Type.Number(), Type.Null()]),
  ending: Type.Union(
    (["complete", "client-gone", "upstream-error", "refused", "interrupted"] as const).map((word) =>
      Type.Literal(word),
    ),
  ),
  error: Type.Union([Type.String(), Type.Null()]),
});

export type File = Static<typeof ExchangeFile>;

const number = Type.Union([Type.Number(), Type.Null()]);
const text = Type.Union([Type.String(), Type.Null()]);

/** What this program writes at the end of the file for people who grep. It is made again when the file is read. */
export const Noted = Type.Partial(
  Type.Object({
    truncated: Type.Object({ bytes: Type.Number() }),
    dialect: text,
    provider: text,
    model: text,
    finish_reason: text,
    usage: Type.Union([
      Type.Object({ input: number, output: number, total: number, cached: number, reasoning: number }),
      Type.Null(),
    ]),
    cost: Type.Union([
      Type.Object({
        input: number,
        output: number,
        total: Type.Number(),
        source: Type.String(),
        as_of: text,
      }),
      Type.Null(),
    ]),
    ttft_ms: number,
    tool_calls: Type.Array(Type.Object({ id: text, name: Type.String() })),
    conversation: text,
    turn: number,
    problems: Type.Array(Type.Object({ rule: Type.String(), where: Type.String(), what: Type.String() })),
    reason: Type.String(),
  }),
);

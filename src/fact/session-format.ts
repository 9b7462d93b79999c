/**
 * The format of a session file, `logs/mcp_<name>/<UTC time>_<session id>.jsonl`: one JSON object a line, appended as
 * it happens, in the order in which it passed. `seq` counts from 1 without holes within a file. Times: `timestamp` is
 * wall time of the last byte of the line, `t_ms` the same moment in monotonic ms since the session began.
 *
 * - A line of a pipe (or a JSON-RPC message over HTTP) that is JSON-RPC 2.0 becomes `message`. The text inside the
 *   file is the text that passed, not a re-formatted copy, unless a credential had to be masked in it.
 * - A JSON-RPC batch (revision 2025-03-26 only) becomes a line for each element, in order, with `batch` to tell so.
 * - Everything else that came on stdin or stdout is kept as `raw`: text, or base64 when it is not UTF-8.
 * - What the wrapped process wrote to stderr is kept as `text`, a line for each line.
 * - A line longer than the limit keeps its beginning; `truncated` holds its true length and the SHA-256 of the whole.
 * - `eol` is there when a line did not end in a plain "\n".
 * - `event` lines: `start` is first, `exit` is last (written by whoever finds the file, when the recorder was killed;
 *   a session over HTTP may go on behind it), `gap` says what was not kept and why, `end` that a pipe was closed. A session over HTTP has further ones: `stream` (the server may now speak unasked), `endpoint`
 *   (HTTP+SSE: where to post) and `close` (an exchange ended: with which status, and how).
 */
import { Type, type Static, type TObject, type TProperties } from "@sinclair/typebox";

const common = {
  session_id: Type.String(),
  timestamp: Type.String({ description: "ISO 8601, UTC, milliseconds" }),
  seq: Type.Integer({ minimum: 1 }),
  t_ms: Type.Number({ minimum: 0 }),
};
/**
 * What every line has for whoever reads it, in any version of the format: the rest is looked at by the kind of the line.
 * A file may be a stranger's.
 */
export const AnyLine = Type.Object({
  session_id: Type.String({ pattern: "^[\\w.:-]{1,128}$" }),
  timestamp: Type.Optional(Type.String({ maxLength: 64 })),
  seq: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 50 })),
  t_ms: Type.Optional(Type.Number()),
  direction: Type.Optional(Type.String()),
  from: Type.Optional(Type.String()),
  text: Type.Optional(Type.String()),
  raw: Type.Optional(Type.String()),
  event: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  transport: Type.Optional(Type.String()),
  target: Type.Optional(Type.String()),
  command: Type.Optional(Type.Array(Type.String())),
  pid: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  cwd: Type.Optional(Type.String()),
  ending: Type.Optional(Type.String()),
  error: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  code: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  signal: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  lost: Type.Optional(Type.Number()),
  why: Type.Optional(Type.String()),
  exchange_id: Type.Optional(Type.String()),
  method: Type.Optional(Type.String()),
  path: Type.Optional(Type.String()),
  key: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  status: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
});

const From = Type.Union([Type.Literal("client"), Type.Literal("server")]);
const AnyFrom = Type.Union([Type.Literal("client"), Type.Literal("server"), Type.Literal("stderr")]);
const asItCame = {
  eol: Type.Optional(Type.Union([Type.Literal("crlf"), Type.Literal("none")])),
  base64: Type.Optional(Type.Literal(true)),
  truncated: Type.Optional(Type.Object({ bytes: Type.Integer(), sha256: Type.Optional(Type.String()) })),
};
/** Where a message came from when it came over HTTP: the exchange, and whether in its body or an SSE event. */
const overHttp = {
  exchange_id: Type.Optional(Type.String()),
  event_id: Type.Optional(Type.String()),
  /** The event has a name other than "message", or the stream ended inside it: clients do not read such events. */
  event_name: Type.Optional(Type.String()),
  unfinished: Type.Optional(Type.Literal(true)),
  http: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
};
const line = <T extends TProperties>(fields: T): TObject<typeof common & T> =>
  Type.Object({ ...common, ...fields });

export const MessageLine = line({
  direction: Type.Union([Type.Literal("request"), Type.Literal("response"), Type.Literal("notification")]),
  from: From,
  message: Type.Record(Type.String(), Type.Unknown()),
  batch: Type.Optional(Type.Object({ index: Type.Integer(), size: Type.Integer() })),
  eol: asItCame.eol,
  ...overHttp,
});
export const RawLine = line({ from: From, raw: Type.String(), ...asItCame, ...overHttp });
export const StderrLine = line({ from: Type.Literal("stderr"), text: Type.String(), ...asItCame });
export const StartLine = line({
  event: Type.Literal("start"),
  format: Type.Literal(1),
  name: Type.String(),
  transport: Type.Union([Type.Literal("stdio"), Type.Literal("http")]),
  /** The command line as a shell would need it, or the URL of the server. */
  target: Type.String(),
  command: Type.Optional(Type.Array(Type.String())),
  pid: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  cwd: Type.Optional(Type.String()),
  versions: Type.Record(Type.String(), Type.String()),
  /** The run of an agent that the tap's command named. */
  run: Type.Optional(Type.String()),
  /** Who writes this file: see `recorder-mark.ts`. */
  recorder: Type.Optional(
    Type.Object({
      machine: Type.String(),
      pid: Type.Integer(),
      born: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
});
export const ExitLine = line({
  event: Type.Literal("exit"),
  ending: Type.String(),
  error: Type.Union([Type.String(), Type.Null()]),
  code: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  signal: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  /** What the host did before the process ended: the first signal that it sent, the end of stdin. */
  host: Type.Optional(
    Type.Object({
      stdin_ended_ms: Type.Optional(Type.Integer()),
      signal: Type.Optional(Type.String()),
      signal_ms: Type.Optional(Type.Integer()),
    }),
  ),
});
/** A stream of the process ended, and the process went on. */
export const EndLine = line({ event: Type.Literal("end"), from: AnyFrom, why: Type.String() });
export const GapLine = line({
  event: Type.Literal("gap"),
  from: Type.Optional(AnyFrom),
  /** Bytes that passed and were not kept; -1 when not known. */
  lost: Type.Integer(),
  why: Type.String(),
  /** Over HTTP: the exchange that has all of it. */
  exchange_id: Type.Optional(Type.String()),
});

/** Over HTTP: a stream without a request of its own opened (GET). */
export const StreamLine = line({
  event: Type.Literal("stream"),
  exchange_id: Type.String(),
  method: Type.String(),
  path: Type.String(),
  http: Type.Record(Type.String(), Type.Unknown()),
});
/** HTTP+SSE (2024-11-05): the server said where to post. `key` marks its session id, which is not kept. */
export const EndpointLine = line({
  event: Type.Literal("endpoint"),
  exchange_id: Type.String(),
  path: Type.String(),
  key: Type.Union([Type.String(), Type.Null()]),
});
/**
 * An HTTP exchange of the session is over. `challenge` is what a 401 or 403 asks for; `answer` what came where no
 * message of the server did; `ours` that the server said nothing and status and body are the proxy's own; `stale` that
 * the server does not know the session that the client named.
 */
export const CloseLine = line({
  event: Type.Literal("close"),
  exchange_id: Type.String(),
  method: Type.String(),
  path: Type.String(),
  status: Type.Union([Type.Integer(), Type.Null()]),
  ending: Type.String(),
  error: Type.Union([Type.String(), Type.Null()]),
  challenge: Type.Optional(Type.String()),
  ours: Type.Optional(Type.Literal(true)),
  stale: Type.Optional(Type.Literal(true)),
  answer: Type.Optional(
    Type.Object({
      type: Type.Union([Type.String(), Type.Null()]),
      bytes: Type.Integer(),
      location: Type.Optional(Type.String()),
      retry_after: Type.Optional(Type.String()),
    }),
  ),
});

export const SessionLine = Type.Union([
  MessageLine,
  RawLine,
  StderrLine,
  StartLine,
  ExitLine,
  EndLine,
  GapLine,
  StreamLine,
  EndpointLine,
  CloseLine,
]);
export type SessionLine = Static<typeof SessionLine>;

/** A line before it gets what every line has. */
export type LineBody = SessionLine extends infer L
  ? L extends unknown
    ? Omit<L, keyof typeof common>
    : never
  : never;

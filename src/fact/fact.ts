/**
 * The vocabulary: a fact is one thing that was seen, with its time. Facts are the only truth; everything else
 * (files, rows, readings, pages) is made from them and can be made again.
 *
 * Two clocks: `open.at` is wall time (ms since 1970, UTC); every `t` is monotonic ms since that `open`, with
 * fractions. `t` of one exchange must never be compared with `t` of another.
 */
export type Fact = Open | Head | Bytes | Trailers | Gap | Close;

/** Who said it. `stderr` only for a wrapped process. */
export type From = "client" | "server" | "stderr";

/** What carries it. One `http` or `websocket` fact stream is an exchange; one `stdio` stream is a session. */
export type Wire = "http" | "websocket" | "stdio";

/** Exactly one for each exchange. A 500 or a 429 is `complete`: an ending says how the transfer ended. */
export type Ending = "complete" | "client-gone" | "upstream-error" | "refused" | "interrupted";

/** Raw pairs in the order they came, names as the runtime gives them. Repeated names stay repeated. */
export type Header = readonly [name: string, value: string];

/** The request came (or the process started). Always the first fact of its id. */
export type Open = {
  readonly fact: "open";
  /** UUID v7. */
  readonly id: string;
  readonly at: number;
  readonly wire: Wire;
  /** HTTP method; for stdio the empty string. */
  readonly method: string;
  /** As the client sent it, query included; for stdio the empty string. */
  readonly path: string;
  /** Name of the upstream (`openrouter`, `anthropic`, `mcp/weather`, …); for stdio the server's name. */
  readonly upstream: string;
  /** The URL that was asked upstream; for stdio the command line, quoted as a shell would need it. */
  readonly target: string;
  /** Request headers, credentials masked. */
  readonly headers: readonly Header[];
  /** The run of an agent that the address, or the tap's command, named. */
  readonly run?: string;
  /** Of a response that was made on a WebSocket: whose it is, and what it rests on. */
  readonly part?: Part;
  readonly before?: readonly Before[];
  /** Only for stdio. */
  readonly process?: {
    readonly pid: number | null;
    readonly command: readonly string[];
    readonly cwd: string;
  };
};

/** One response of a WebSocket: the exchange of the socket, and which of its responses it is, from 1 on. */
export type Part = { readonly socket: string; readonly n: number };

/** A message that was said on the socket before this response began, and still holds for it; `t` is below 0. */
export type Before = {
  readonly t: number;
  readonly from: "client" | "server";
  readonly bytes: Uint8Array;
  readonly frame?: "text" | "binary";
};

/** The response's status line and headers came. At most one; none when there was no response. */
export type Head = {
  readonly fact: "head";
  readonly id: string;
  readonly t: number;
  readonly status: number;
  readonly headers: readonly Header[];
  /** Where the upstream did not speak HTTP/1.1. */
  readonly protocol?: "HTTP/2";
};

/** A piece of a body as it passed, or one WebSocket message (then `frame` says which kind); codings are taken off. */
export type Bytes = {
  readonly fact: "bytes";
  readonly id: string;
  readonly t: number;
  readonly from: From;
  readonly bytes: Uint8Array;
  readonly frame?: "text" | "binary";
  /** Of what passed in a coding: how many bytes on the wire these were. */
  readonly passed?: number;
};

/** Headers behind a body, credentials masked. At most one for each side, after its last piece. */
export type Trailers = {
  readonly fact: "trailers";
  readonly id: string;
  readonly t: number;
  readonly from: "client" | "server";
  readonly headers: readonly Header[];
};

/** Something passed that was not kept. `lost` is in bytes; -1 when not known. */
export type Gap = {
  readonly fact: "gap";
  readonly id: string;
  readonly t: number;
  readonly from: From;
  readonly lost: number;
  /** A sentence for people. */
  readonly why: string;
};

/** The end. Always the last fact of its id, exactly one. */
export type Close = {
  readonly fact: "close";
  readonly id: string;
  readonly t: number;
  readonly ending: Ending;
  /** A sentence for people, or null. */
  readonly error: string | null;
  /** How a wrapped process ended. */
  readonly exit?: {
    readonly code: number | null;
    readonly signal: string | null;
    /** What its host did before: the first signal that it sent, the end of stdin; ms since the start. */
    readonly host?: {
      readonly stdin_ended_ms?: number;
      readonly signal?: string;
      readonly signal_ms?: number;
    };
  };
  /** How a WebSocket ended, and who closed it. */
  readonly socket?: { readonly code: number; readonly reason: string; readonly from: "client" | "server" };
};

/** The one function in which capture and everything else meet. It must return at once and never throw. */
export type Tell = (fact: Fact) => void;

/** What a scene of the demo model is: an answer written out as it goes over the wire, piece by piece. */

export type Asked = {
  readonly body: Record<string, unknown>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
};

export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Each is one write, so that mostly it is one network read. */
  readonly pieces: readonly string[];
  /** ms between two pieces. */
  readonly pace: number;
  /** `cut`: the connection is broken off behind the last piece. */
  readonly end: "whole" | "cut";
};

export type Scene = (asked: Asked) => Reply;

/** At a speed at which a person sees it grow. */
const PACE = 40;

export function stream(pieces: readonly string[], end: Reply["end"] = "whole"): Reply {
  const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" };
  return { status: 200, headers, pieces, pace: PACE, end };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    pieces: [JSON.stringify(body)],
    pace: PACE,
    end: "whole",
  };
}

/** Words with the space before them, as models give them. */
export function words(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}

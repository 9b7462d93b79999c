/**
 * What is kept of a socket and of each of its responses: as much as of a body, however long the socket is. What a socket's
 * own record has no room for stands in the files of its responses, which come and go.
 */
import type { Bytes, Gap } from "../fact/fact.ts";

/** Of each side; each message costs whoever reads them far more than its bytes. */
const MOST_MESSAGES = 150_000;

type Side = { bytes: number; messages: number; lost: number; t: number };

export class SocketLimits {
  readonly #bodyLimit: number;
  readonly #sides = new Map<string, { client: Side; server: Side }>();

  constructor(bodyLimit: number) {
    this.#bodyLimit = bodyLimit;
  }

  /** False for a message that the record of this exchange has no room for any more. */
  hasRoom({ id, t, from, frame, bytes }: Bytes): boolean {
    if (frame === undefined || from === "stderr") return true;
    const sides = this.#sides.get(id) ?? { client: nothing(), server: nothing() };
    this.#sides.set(id, sides);
    const side = sides[from];
    const isFull =
      side.lost > 0 || side.bytes + bytes.byteLength > this.#bodyLimit || side.messages >= MOST_MESSAGES;
    if (isFull) {
      side.lost += Math.max(1, bytes.byteLength);
      side.t = t;
      return false;
    }
    side.bytes += bytes.byteLength;
    side.messages++;
    return true;
  }

  /** The holes that it has by that, for its end. */
  over(id: string): Gap[] {
    const sides = this.#sides.get(id);
    this.#sides.delete(id);
    return (["client", "server"] as const).flatMap((from) => {
      const { lost = 0, t = 0 } = sides?.[from] ?? {};
      const why = `the record keeps ${this.#bodyLimit} bytes and ${MOST_MESSAGES} messages of one side; everything passed`;
      return lost === 0 ? [] : [{ fact: "gap", id, t, from, lost, why }];
    });
  }
}

function nothing(): Side {
  return { bytes: 0, messages: 0, lost: 0, t: 0 };
}

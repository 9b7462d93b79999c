/**
 * Tells the responses of a socket apart while its messages pass: from the facts of the socket the facts of an exchange for
 * each response. Pure, and the same however the facts are handed over: what is live, what is on disk and what is read
 * again after a crash are the same exchanges with the same ids.
 */
import type { Before, Bytes, Close, Fact, From, Head, Open } from "../../fact/fact.ts";
import type { Begun, Hands, Made, Protocol } from "./hands.ts";
import { partId } from "./part-id.ts";
import { protocolOf } from "./protocols.ts";
import { said as saidOf, type Said } from "./said.ts";

export type Splitter = {
  /** What this fact is for the responses of the socket, in order. */
  take(fact: Exclude<Fact, Open>): Fact[];
  /** How many have begun. */
  count(): number;
  /** Ends what stands open: nothing more is told apart. */
  giveUp(t: number): Fact[];
};

/** Messages by which a socket has shown what it speaks. */
const MOST_UNKNOWN = 64;
/** Responses that stand open on one socket; no agent has more than some. Each message looks through all of them. */
const MOST_OPEN = 1_000;
/** What is kept for the next response: a session's description is some KB. Of more the newest stay. */
const MOST_KEPT = { messages: 500, bytes: 1024 * 1024 };

export function socketSplitter(socket: Open): Splitter {
  const open: Made[] = [];
  const held = new Map<string, Said>();
  let kept: Said[] = [];
  let keptBytes = 0;
  let head: Head | null = null;
  let protocol: Protocol | null = null;
  let count = 0;
  /** Messages that were taken. */
  let taken = 0;
  let told: Fact[] = [];
  const hands: Hands = { open, begin, add, end: (made) => close(made, made.last, WELL), keep, hold };

  return { take, count: () => count, giveUp };

  function giveUp(t: number): Fact[] {
    for (let made = open[0]; made; made = open[0]) close(made, t, NOT_FOLLOWED);
    return taking();
  }

  function taking(): Fact[] {
    const all = told;
    told = [];
    return all;
  }

  function take(fact: Exclude<Fact, Open>): Fact[] {
    switch (fact.fact) {
      case "head":
        head = fact;
        break;
      case "bytes":
        takeMessage(fact);
        break;
      case "gap":
        for (const { id, begun } of open) told.push({ ...fact, id, t: since(begun, fact.t) });
        break;
      case "close":
        for (let made = open[0]; made; made = open[0])
          close(made, made.rests ? made.last : fact.t, made.rests ? WELL : cutBy(fact));
        break;
      case "trailers":
        break;
      default:
        fact satisfies never;
    }
    return taking();
  }

  function takeMessage(fact: Bytes): void {
    // What speaks of nothing known is not looked at for ever.
    if (protocol === null && taken >= MOST_UNKNOWN) return;
    const said = saidOf(fact);
    if (said === null) return;
    taken++;
    protocol ??= protocolOf(socket.path, said, hands);
    protocol?.(said);
  }

  function begin(first: Said, { lane = null, since: asked = null, before = [] }: Begun = {}): Made {
    if (open.length >= MOST_OPEN) close(open[0]!, first.t, TOO_MANY);
    const begun = asked ?? first.t;
    // Behind its socket, also in whole ms: rows of one moment have no order.
    const at = Math.ceil(socket.at + begun);
    const n = ++count;
    const { wire, method, path, upstream, target, headers, run } = socket;
    const about = { wire, method, path, upstream, target, headers, ...(run !== undefined && { run }) };
    const id = partId(socket.id, n, at);
    told.push({
      fact: "open",
      id,
      at,
      ...about,
      part: { socket: socket.id, n },
      before: [...held.values(), ...before, ...kept].map((said) => beforeOf(said, begun)),
    });
    kept = [];
    keptBytes = 0;
    const marks = { name: null, answered: false, touched: 0, last: begun, rests: false, counted: false };
    const unasked = first.from === "server" && asked === null;
    const made: Made = { id, n, begun, lane, ...marks, unasked, items: new Set() };
    open.push(made);
    add(made, first);
    return made;
  }

  function add(made: Made, { t, from, bytes, frame, passed }: Said): void {
    if (made.touched === taken) return;
    made.touched = taken;
    // A question that comes behind its answer makes it no longer.
    if (!made.rests || from === "server") made.last = Math.max(made.last, t);
    const at = since(made.begun, t);
    if (from === "server" && !made.answered) {
      made.answered = true;
      const { status = 101, headers = [] } = head ?? {};
      told.push({ fact: "head", id: made.id, t: at, status, headers });
    }
    const about = { ...(frame && { frame }), ...(passed !== undefined && { passed }) };
    told.push({ fact: "bytes", id: made.id, t: at, from, bytes, ...about });
  }

  function close(made: Made, t: number, { ending, error }: Pick<Close, "ending" | "error">): void {
    open.splice(open.indexOf(made), 1);
    told.push({ fact: "close", id: made.id, t: since(made.begun, t), ending, error });
  }

  function keep(said: Said): void {
    kept.push(copied(said));
    keptBytes += said.bytes.byteLength;
    while (kept.length > MOST_KEPT.messages || keptBytes > MOST_KEPT.bytes)
      keptBytes -= kept.shift()?.bytes.byteLength ?? keptBytes;
  }

  function hold(name: string, said: Said): void {
    if (said.bytes.byteLength > MOST_KEPT.bytes) return;
    // In the order in which they came.
    held.delete(name);
    held.set(name, copied(said));
  }
}

const WELL = { ending: "complete", error: null } as const;
const NOT_FOLLOWED = {
  ending: "interrupted",
  error: "the messages of this socket could not be told apart any further",
} as const;
const TOO_MANY = {
  ending: "interrupted",
  error: `more than ${MOST_OPEN} responses stood open on this socket: this one is not followed any further`,
} as const;

/** A socket that is closed as it should be cuts off what is still being made on it. */
function cutBy({ ending, error, socket }: Close): Pick<Close, "ending" | "error"> {
  if (ending !== "complete") return { ending, error };
  const who: From = socket?.from ?? "client";
  const code = socket ? ` (${[socket.code, socket.reason].filter((one) => one !== "").join(" ")})` : "";
  return who === "client"
    ? { ending: "client-gone", error: `the client closed the socket${code} before this response was over` }
    : {
        ending: "upstream-error",
        error: `the upstream closed the socket${code} before this response was over`,
      };
}

/** A batch of facts must not be kept for the few bytes of one of them. */
function copied(said: Said): Said {
  return { ...said, bytes: said.bytes.slice() };
}

function beforeOf({ t, from, bytes, frame }: Said, begun: number): Before {
  return { t: Math.min(0, since(begun, t)), from, bytes, ...(frame && { frame }) };
}

/** ms, to a hundredth, as all times of the record are. */
function since(begun: number, t: number): number {
  return Math.round((t - begun) * 100) / 100;
}

import { expect, test } from "bun:test";
import { deflateRawSync, gzipSync } from "node:zlib";
import type { Fact, Header } from "../../fact/fact.ts";
import { createMask } from "../../fact/mask.ts";
import type { LaterTask } from "./later.ts";
import { Recording } from "./recording.ts";

/** Each of them another one, so that each has to be hashed. */
function many(unit: string, bytes: number): string {
  let text = "";
  for (let n = 0; text.length < bytes; n++) text += unit.replaceAll("$", `${n}`);
  return text;
}

const LONG = 240_000;
const PASSWORDS = many('{"password":"p$"},', LONG);
const EVENTS = many('data: {"delta":{"text":"password=hunter$ "}}\n\n', LONG);

type Said = { readonly path?: string; readonly method?: string; readonly headers?: readonly Header[] };
const frame = "text" as const;
const deflate: readonly Header[] = [["Sec-WebSocket-Extensions", "permessage-deflate"]];

const CASES: readonly (readonly [string, Said, (recording: Recording) => void])[] = [
  ["a body", {}, (one) => one.bytes("client", Buffer.from(PASSWORDS))],
  ["a path", { path: `/?x=1${many("&token=secretword$", LONG)}` }, () => {}],
  ["a method", { method: many("https://a:b$@c/ ", LONG) }, () => {}],
  ["a cookie", { headers: [["Cookie", many("a=b$; ", LONG)]] }, () => {}],
  ["cookies", { headers: Array.from({ length: 5000 }, (_, n) => ["Cookie", `a=b${n}`] as const) }, () => {}],
  ["a subprotocol", { headers: [["Sec-WebSocket-Protocol", many("token, word$, ", LONG)]] }, () => {}],
  ["a header", { headers: [["X-Links", many("https://a:b$@c/ ", LONG)]] }, () => {}],
  ["an answer's header", {}, (one) => one.head(200, [["Link", many("<https://a:b$@c/>, ", LONG)]])],
  [
    "trailers",
    {},
    (one) => one.trailers("server", { trailers: [["X-Links", many("https://a:b$@c/ ", LONG)]], missed: 0 }),
  ],
  [
    "a stream",
    {},
    (one) => {
      one.head(200, [["Content-Type", "text/event-stream"]]);
      one.bytes("server", Buffer.from(EVENTS));
    },
  ],
  [
    "AWS's stream that is none",
    {},
    (one) => {
      one.head(200, [["Content-Type", "application/vnd.amazon.eventstream"]]);
      one.bytes("server", Buffer.from(PASSWORDS));
    },
  ],
  [
    "a compressed body",
    {},
    (one) => {
      one.head(200, [["Content-Encoding", "gzip"]]);
      one.bytes("server", gzipSync(PASSWORDS));
    },
  ],
  [
    "a message",
    {},
    (one) => one.tunnelled(0, (t) => one.message("client", t, Buffer.from(PASSWORDS), { frame })),
  ],
  [
    "a compressed message",
    {},
    (one) => {
      one.head(101, deflate);
      const bytes = deflateRawSync(PASSWORDS).subarray(0);
      one.tunnelled(0, (t) => one.message("server", t, bytes, { frame, deflated: true }));
    },
  ],
];

/** Does all of it, turn by turn: how many credentials were hashed, and how many in one turn at the most. */
async function hashedIn(said: Said, passes: (recording: Recording) => void) {
  let hashed = 0;
  const mask = createMask((word) => {
    hashed++;
    return Bun.hash(word).toString(16).padStart(8, "0");
  });
  const tasks: LaterTask[] = [];
  const owed: Promise<void>[] = [];
  const facts: Fact[] = [];
  const later = {
    push: (task: LaterTask) => void tasks.push(task),
    shouldPause: () => false,
    owe: (work: Promise<void>) => void owed.push(work),
    drain: async () => {},
  };
  const recording = new Recording(
    {
      tell: (fact) => void facts.push(fact),
      later,
      mask,
      shouldPause: () => false,
      released: () => {},
      bodyLimit: 1024 * 1024,
    },
    { wire: "http", method: "POST", path: "/", upstream: "u", target: "http://u/", headers: [], ...said },
  );
  passes(recording);
  recording.close("complete", null);
  let most = 0;
  while (facts.at(-1)?.fact !== "close") {
    const before = hashed;
    const task = tasks[0];
    if (!task) await owed.at(-1);
    else if (task(0) !== "again") tasks.shift();
    // Decoding has turns of its own, in which parts come one by one.
    if (task) most = Math.max(most, hashed - before);
  }
  return { hashed, most, facts };
}

test.each(CASES)(
  "%s full of credentials is looked through in parts, and all of it",
  async (_, said, passes) => {
    const { hashed, most, facts } = await hashedIn(said, passes);
    expect(hashed).toBeGreaterThan(3_500);
    expect(most).toBeLessThan(1_000);
    expect(facts.filter(({ fact }) => fact === "gap")).toEqual([]);
  },
);

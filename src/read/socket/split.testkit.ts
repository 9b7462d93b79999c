/** Sockets for tests: what both sides say in a few words, and the responses that it comes to in a few words again. */
import { addFact, type Exchange } from "../../fact/exchange.ts";
import type { Close, Fact, Open } from "../../fact/fact.ts";
import { socketSplitter } from "./split.ts";

export type Line = readonly [t: number, from: "client" | "server", message: object | string];

const encoder = new TextEncoder();

export function socketOf(path = "/v1/responses", id = "0199c3d0-5a61-7c2e-9d0b-3f1f0f6f2a11"): Open {
  return {
    fact: "open",
    id,
    at: 1_760_000_000_000,
    wire: "websocket",
    method: "GET",
    path,
    upstream: "openai",
    target: `https://api.openai.com${path}`,
    headers: [["user-agent", "test"]],
  };
}

export function factsOf(
  open: Open,
  lines: readonly Line[],
  end: Pick<Close, "ending" | "error" | "socket"> | null = { ending: "complete", error: null },
): Fact[] {
  const { id } = open;
  const last = lines.at(-1)?.[0] ?? 0;
  return [
    open,
    { fact: "head", id, t: 1, status: 101, headers: [] },
    ...lines.map(([t, from, message]): Fact => {
      const text = typeof message === "string" ? message : JSON.stringify(message);
      return { fact: "bytes", id, t, from, bytes: encoder.encode(text), frame: "text" };
    }),
    ...(end ? [{ fact: "close", id, t: last + 1, ...end } as const] : []),
  ];
}

/** The exchanges of the responses, in the order in which they began. */
export function responsesIn(facts: readonly Fact[]): Exchange[] {
  const [open, ...rest] = facts as [Open, ...Exclude<Fact, Open>[]];
  const splitter = socketSplitter(open);
  const exchanges = new Map<string, Exchange>();
  for (const fact of rest)
    for (const each of splitter.take(fact)) exchanges.set(each.id, addFact(exchanges.get(each.id), each));
  return [...exchanges.values()];
}

/** `3: create created done | complete @120`: number, what both sides said, how it ended, when it began. */
export function inWords({ part, at, request, response, close, before = [] }: Exchange): string {
  const pieces = [...request.pieces, ...(response?.pieces ?? [])].toSorted((a, b) => a.t - b.t);
  const word = (bytes: Uint8Array) => {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as { type?: string };
    return (
      value.type?.replace(/^(response|session|conversation|input_audio_buffer)\./, "") ??
      Object.keys(value)[0]
    );
  };
  const held = before.length > 0 ? `(${before.map(({ bytes }) => word(bytes)).join(" ")}) ` : "";
  return `${part?.n}: ${held}${pieces.map(({ bytes }) => word(bytes)).join(" ")} | ${close?.ending ?? "open"} @${at - 1_760_000_000_000}`;
}

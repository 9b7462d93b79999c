/** A session on a socket in which both sides talk: what was said folds into one state, as it comes or all at once. */
import type { Exchange } from "../../fact/exchange.ts";
import type { Added, Assembler, Glimpse, StreamEvent } from "../dialect.ts";
import { talk } from "../frames/websocket.ts";
import { isObject, type Json } from "../json.ts";
import { folded } from "./stream.ts";

export type Talk<State> = {
  /** The document that defines it. */
  readonly source: string;
  start(): State;
  /** Takes one event into the state. Null when the dialect does not know it. */
  take(state: State, json: Json, from: StreamEvent["from"]): Added[] | null;
  /** Of what was said so far. */
  message(state: State): unknown;
};

/** Its message is null as long as nothing came that the dialect knows. */
export function talkAssembler<State>(of: Talk<State>, glimpse: Glimpse): Assembler {
  const state = of.start();
  let came = false;
  return folded(of.source, glimpse, () => ({
    take(json, { from }) {
      const added = of.take(state, json, from);
      came ||= added !== null;
      return added;
    },
    hasSound: true,
    message: () => (came ? of.message(state) : null),
  }));
}

/** All of it, for what was asked. */
export function talked<State>(of: Talk<State>, exchange: Exchange): State {
  const state = of.start();
  for (const { json, from } of talk(exchange)) if (isObject(json)) of.take(state, json, from);
  return state;
}

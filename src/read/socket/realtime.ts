/**
 * OpenAI Realtime (also Azure's and xAI's): a session on which responses are made, asked for by the client or by the
 * server's own ear. What was said between two responses belongs to the second.
 */
import { object, text } from "../json.ts";
import {
  asked,
  latest,
  over,
  overtaken,
  remember,
  settle,
  type Hands,
  type Made,
  type Protocol,
} from "./hands.ts";
import { byItem, named, running, TERMINAL } from "./responses.ts";
import type { Said } from "./said.ts";

export function realtime({ open, begin, add, end, keep, hold }: Hands): Protocol {
  /** When the user had said what the next response will be about. */
  let heard: number | null = null;
  /** What the client calls the events by which it asked. */
  const asking = new WeakMap<Made, string>();

  return (said) => (said.from === "client" ? ofClient(said) : ofServer(said));

  function ofClient(said: Said): void {
    const { type, json } = said;
    // Sound without end: it stands in the socket's own record.
    if (type === "input_audio_buffer.append") return;
    const answer = overtaken(open);
    if (answer) add(answer, said);
    if (type === "response.create") {
      if (answer) return asked(answer, end);
      const made = begin(said);
      const event = text(json["event_id"]);
      if (event !== null) asking.set(made, event);
      heard = null;
      return;
    }
    if (type === "input_audio_buffer.commit") heard = said.t;
    if (type === "session.update") return hold(type, said);
    const made = type.startsWith("response.") ? (named(open, json) ?? latest(open)) : undefined;
    if (made) add(made, said);
    else keep(said);
  }

  function ofServer(said: Said): void {
    const { type, json } = said;
    if (/^(transcription_)?session\.(created|updated)$/.test(type)) {
      hold(type, said);
      const made = running(open);
      if (made) add(made, said);
      return;
    }
    if (/^input_audio_buffer\.(speech_stopped|committed)$/.test(type)) heard = said.t;
    if (type === "response.created") {
      settle(open, end);
      const waiting = open.find(({ name }) => name === null);
      const made = waiting ?? named(open, json) ?? begin(said, { since: heard });
      made.name = text(object(json["response"])["id"]);
      heard = null;
      return add(made, said);
    }
    const made = madeOf(said);
    if (!made) return keep(said);
    add(made, said);
    if (isOfUser(said)) keep(said);
    remember(made, object(json["item"])["id"]);
    if (TERMINAL.test(type) || (type === "error" && made.name === null)) over(made, end);
  }

  function madeOf({ type, json }: Said): Made | undefined {
    const known = named(open, json) ?? byItem(open, json);
    if (known || type !== "error") return known ?? running(open.filter(({ answered }) => answered));
    // An error that a session survives; it is a response's own when that was just asked for.
    const event = text(object(json["error"])["event_id"]);
    const waiting = open.find((made) => made.name === null && (event === null || asking.get(made) === event));
    return waiting ?? (event === null ? running(open) : undefined);
  }

  function isOfUser({ type, json }: Said): boolean {
    const item = object(json["item"]);
    return type.startsWith("conversation.item.") && (item["role"] === "user" || item["role"] === "system");
  }
}

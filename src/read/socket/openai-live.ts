/**
 * OpenAI Live: a voice session. What the model says between two utterances of the user's is one response, and each
 * response that it delegates to (`response.event`) is one of its own.
 */
import { object, text } from "../json.ts";
import { overtaken, type Hands, type Made, type Protocol } from "./hands.ts";
import { TERMINAL } from "./responses.ts";
import type { Said } from "./said.ts";

export function openaiLive({ open, begin, add, end, keep, hold }: Hands): Protocol {
  let speaking: Made | null = null;
  /** When the user was heard last. */
  let heard: number | null = null;

  return (said) => (said.from === "client" ? ofClient(said) : ofServer(said));

  function ofClient(said: Said): void {
    if (said.type === "session.input_audio.append") return;
    const answer = overtaken(open);
    if (answer && said.type === "session.start") add(answer, said);
    if (/^session\.(start|update)$/.test(said.type)) return hold(said.type, said);
    const made = said.type === "response.item.create" ? delegated() : undefined;
    if (made) add(made, said);
    else keep(said);
  }

  function ofServer(said: Said): void {
    const { type } = said;
    if (/^session\.(started|updated)$/.test(type)) return hold(type, said);
    switch (type) {
      case "session.output_transcript.delta":
      case "session.output_audio.delta":
        return speak(said);
      case "session.input_transcript.delta":
        silence();
        heard = said.t;
        return keep(said);
      case "response.event":
        return ofDelegated(said);
      case "session.usage.updated":
      case "session.closed": {
        const made = spoken();
        if (made) add(made, said);
        return silence();
      }
      default:
        return keep(said);
    }
  }

  function speak(said: Said): void {
    const known = spoken();
    if (known) return add(known, said);
    speaking = begin(said, { since: heard });
    speaking.rests = true;
    heard = null;
  }

  function spoken(): Made | null {
    return speaking && open.includes(speaking) ? speaking : null;
  }

  function silence(): void {
    const made = spoken();
    if (made) end(made);
    speaking = null;
  }

  function ofDelegated(said: Said): void {
    const event = object(said.json["event"]);
    const type = text(event["type"]) ?? "";
    const name = text(event["response_id"]) ?? text(object(event["response"])["id"]);
    let made = name === null ? delegated() : open.findLast((one) => one.name === name);
    if (made) add(made, said);
    else made = begin(said);
    made.name ??= name;
    if (TERMINAL.test(type) || type === "error") end(made);
  }

  function delegated(): Made | undefined {
    return open.findLast((made) => made !== speaking);
  }
}

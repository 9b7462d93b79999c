/**
 * Gemini Live: a turn of the client's, or what the server hears, is answered in pieces until the turn is complete. A call
 * of tools ends a response: what comes after their results is another one.
 */
import { isObject, object, objects } from "../json.ts";
import { first } from "../dialects/values.ts";
import { running } from "./responses.ts";
import { asked, overtaken, type Hands, type Protocol } from "./hands.ts";
import type { Said } from "./said.ts";

export function geminiLive({ open, begin, add, end, keep, hold }: Hands): Protocol {
  let heard: number | null = null;
  /** The client has said something beside its setup. */
  let hasSpoken = false;

  return (said) => (said.from === "client" ? ofClient(said) : ofServer(said));

  function ofClient(said: Said): void {
    const { json } = said;
    const answer = hasSpoken ? undefined : overtaken(open);
    if (answer) add(answer, said);
    if (isObject(json["setup"])) return hold("setup", said);
    hasSpoken ||= Object.keys(json).length > 0;
    if (answer && hasSpoken) asked(answer, (made) => made.counted && end(made));
    if (answer) return;
    const content = object(first(json, "clientContent", "client_content"));
    const results = object(first(json, "toolResponse", "tool_response"));
    const isTurn = first(content, "turnComplete", "turn_complete") === true;
    if (isTurn || Object.keys(results).length > 0) {
      finish();
      // Said before anything was answered: the server takes both for one turn.
      const waiting = open.find(({ answered }) => !answered);
      if (waiting) add(waiting, said);
      else begin(said);
      heard = null;
      return;
    }
    const input = object(first(json, "realtimeInput", "realtime_input"));
    // Sound and pictures without end: they stand in the socket's own record.
    if (["audio", "video", "mediaChunks", "media_chunks"].some((kind) => kind in input)) return;
    if (Object.keys(json).length === 0) return;
    heard = said.t;
    keep(said);
  }

  function ofServer(said: Said): void {
    const { json } = said;
    if ("setupComplete" in json) return hold("setupComplete", said);
    const content = object(json["serverContent"]);
    const isCounts = isObject(json["usageMetadata"]);
    const makes = Object.keys(content).some((key) => key !== "inputTranscription") || "toolCall" in json;
    // Behind the end only the counts belong to it.
    if (!isCounts || makes) finish();
    let made = running(open);
    // What was heard of the user comes before the answer to it.
    if (!made && !makes) {
      if (objects([content["inputTranscription"]]).length > 0) {
        heard = said.t;
        keep(said);
      }
      return;
    }
    if (made) add(made, said);
    else made = begin(said, { since: heard });
    made.answered = true;
    heard = null;
    if (isCounts) made.counted = true;
    made.rests ||= content["turnComplete"] === true || "toolCall" in json;
    if (made.rests && made.counted && (hasSpoken || !made.unasked)) end(made);
  }

  function finish(): void {
    const resting = open.find(({ rests }) => rests);
    if (resting) end(resting);
  }
}

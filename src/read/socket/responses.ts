/**
 * The Responses API over a socket: each `response.create` is one response. Several may be asked for before the first is
 * over, and run side by side in lanes (`stream_id`).
 */
import { isObject, object, objects, text, type Json } from "../json.ts";
import { callList } from "./calls.ts";
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
import type { Said } from "./said.ts";

/** Also for OpenAI Realtime, whose responses end alike. */
export const TERMINAL = /^response\.(completed|failed|incomplete|cancelled|done)$/;

/** What was brought before anything was to be made of it, for the response that goes on from there. */
const LARGEST_WARM = 4 * 1024 * 1024;

export function responses({ open, begin, add, end }: Hands): Protocol {
  const calls = callList();
  /** The last request that only warms up (`generate: false`), and what its response is called. */
  let warm: { made: Made; said: Said; name: string | null } | null = null;

  return (said) => {
    const made = said.from === "client" ? ofClient(said) : ofServer(said);
    if (made === null) return;
    add(made, said);
    if (said.from === "client") return said.type === "response.create" ? asked(made, end) : undefined;
    calls.add(said);
    if (isOver(said)) over(made, end);
  };

  function ofClient(said: Said): Made | null {
    const { json, type } = said;
    const lane = text(json["stream_id"]);
    if (type !== "response.create") return named(open, json) ?? latest(among(open, lane)) ?? null;
    const answer = overtaken(among(open, lane));
    if (answer) return answer;
    settle(open, end);
    const goesOn = warm !== null && warm.name !== null && json["previous_response_id"] === warm.name;
    const answers = calls.answered(objects(json["input"]));
    const made = begin(said, { lane, before: [...(goesOn && warm ? [warm.said] : []), ...answers] });
    if (json["generate"] === false && bringsSomething(json) && said.bytes.byteLength <= LARGEST_WARM)
      warm = { made, said: { ...said, bytes: said.bytes.slice() }, name: null };
    return made;
  }

  function ofServer(said: Said): Made | null {
    const { json, type } = said;
    if (type === "response.created") settle(open, end);
    const own = among(open, text(json["stream_id"]));
    const waiting = own.find(({ name }) => name === null);
    const made =
      type === "response.created"
        ? (waiting ?? named(own, json) ?? begin(said))
        : (named(own, json) ?? byItem(own, json) ?? (type === "error" ? waiting : undefined) ?? running(own));
    if (!made) return null;
    const name = text(object(json["response"])["id"]) ?? (isWhole(json) ? text(json["id"]) : null);
    if (name !== null) made.name = name;
    remember(made, object(json["item"])["id"]);
    if (warm?.made === made) warm.name = made.name;
    return made;
  }
}

/** The newest of that name: an id may be used twice. */
export function named(all: readonly Made[], json: Json): Made | undefined {
  const name = text(json["response_id"]) ?? text(object(json["response"])["id"]);
  return name === null ? undefined : all.findLast((made) => made.name === name);
}

export function byItem(all: readonly Made[], json: Json): Made | undefined {
  const item = text(json["item_id"]);
  return item === null ? undefined : all.findLast(({ items }) => items.has(item));
}

/** The one that is being made; before any is, the one that was asked for first. */
export function running(all: readonly Made[]): Made | undefined {
  return latest(all.filter(({ name, answered }) => name !== null || answered)) ?? all[0];
}

function among(all: readonly Made[], lane: string | null): readonly Made[] {
  return lane === null ? all : all.filter((made) => made.lane === lane);
}

function isOver({ type, json }: Said): boolean {
  return type === "error" || TERMINAL.test(type) || isWhole(json);
}

/** The response itself, as without a stream. */
function isWhole(json: Json): boolean {
  return json["object"] === "response" && Array.isArray(json["output"]) && !isObject(json["response"]);
}

function bringsSomething({ input, tools, instructions }: Json): boolean {
  return [input, tools, instructions].some((value) =>
    Array.isArray(value) ? value.length > 0 : typeof value === "string" && value !== "",
  );
}

/**
 * When each tool call of an answer was whole, in ms since the request: a host may run the first while the model still
 * writes the second. By the call's id where the stream names it, and in the order of the calls.
 */
import type { Frame } from "../frames/frame.ts";
import { isObject, number, object, objects, text, type Json } from "../json.ts";
import type { Look } from "../look.ts";

export type BlockEnds = { byId: ReadonlyMap<string, number>; inOrder: readonly number[] };

const NONE: BlockEnds = { byId: new Map(), inOrder: [] };

export function blockEnds(seen: Look): BlockEnds {
  if (!seen.stream) return NONE;
  const byId = new Map<string, number>();
  const inOrder: number[] = [];
  /** Open blocks, by the API's own index; in chat the end is only known from what comes behind. */
  const open = new Map<string, { id: string | null; place: number }>();
  const end = (id: string | null, t: number, place = inOrder.length) => {
    if (id !== null) byId.set(id, t);
    inOrder[place] = t;
    return place;
  };
  for (const frame of seen.stream.frames) {
    if (frame.kind !== "event" || !isObject(frame.json) || frame.from === "client") continue;
    for (const { what, index, id } of stepsOf(frame, frame.json)) {
      const block = index === null ? undefined : open.get(index);
      if (what === "whole") end(id, frame.t);
      else if (what === "starts" && index !== null && !block)
        open.set(index, { id, place: end(id, frame.t) });
      else if (block) end(block.id, frame.t, block.place);
    }
  }
  return { byId, inOrder };
}

type Step = { what: "starts" | "goes-on" | "whole"; index: string | null; id: string | null };

function stepsOf({ name }: Frame, json: Json): Step[] {
  const type = text(json["type"]) ?? name;
  switch (type) {
    case "content_block_start": {
      const block = object(json["content_block"]);
      if (!text(block["type"])?.endsWith("tool_use")) return [];
      return [{ what: "starts", index: String(json["index"]), id: text(block["id"]) }];
    }
    case "content_block_stop":
      return [{ what: "goes-on", index: String(json["index"]), id: null }];
    case "response.output_item.done": {
      const item = object(json["item"]);
      const isCall = text(item["type"])?.endsWith("_call") === true;
      return isCall ? [{ what: "whole", index: null, id: text(item["call_id"]) ?? text(item["id"]) }] : [];
    }
    default:
      return [...chatSteps(json), ...geminiSteps(json), ...converseSteps(type, json)];
  }
}

function chatSteps(json: Json): Step[] {
  const [choice] = objects(json["choices"]);
  const calls = [
    ...objects(object(choice?.["delta"])["tool_calls"]),
    ...objects(object(json["message"])["tool_calls"]),
  ];
  return calls.flatMap((call, n): Step[] => {
    const index = `t${number(call["index"]) ?? n}`;
    const id = text(call["id"]) || null;
    // The piece that names a call begins it; it may be all of it.
    return [
      { what: "starts", index, id },
      { what: "goes-on", index, id },
    ];
  });
}

function geminiSteps(json: Json): Step[] {
  const body = isObject(json["response"]) ? json["response"] : json;
  const [candidate] = objects(body["candidates"]);
  return objects(object(candidate?.["content"])["parts"]).flatMap((part): Step[] => {
    const call = part["functionCall"] ?? part["function_call"];
    return isObject(call) ? [{ what: "whole", index: null, id: text(call["id"]) }] : [];
  });
}

function converseSteps(type: string | null, json: Json): Step[] {
  const start = object(
    object(json["contentBlockStart"] ?? (type === "contentBlockStart" ? json : null))["start"],
  );
  const begun = object(json["contentBlockStart"] ?? json)["contentBlockIndex"];
  if (isObject(start["toolUse"]))
    return [{ what: "starts", index: `b${String(begun)}`, id: text(start["toolUse"]["toolUseId"]) }];
  const stop = json["contentBlockStop"] ?? (type === "contentBlockStop" ? json : null);
  return isObject(stop)
    ? [{ what: "goes-on", index: `b${String(stop["contentBlockIndex"])}`, id: null }]
    : [];
}

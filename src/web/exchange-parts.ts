/** Pieces of one exchange that the page asks for by themselves: its bodies, their times, its answer as text, its pictures. */
import { Elysia, t as schema } from "elysia";
import { joined, type Piece } from "../fact/exchange.ts";
import { at } from "../read/path.ts";
import type { Readings, Seen } from "./readings.ts";
import { Id } from "./ids.ts";

const Side = schema.Union([schema.Literal("request"), schema.Literal("response")]);

/** Pieces whose time is told; of more the first, as a gutter shows a time for each line at most. */
const MOST_TIMES = 50_000;

export function exchangeParts(see: Readings) {
  return new Elysia({ detail: { hide: true } })
    .get(
      "/llm/:id/body/:side",
      async ({ params, query }) => {
        const exchange = (await see(params.id))?.exchange;
        const pieces = piecesOf(exchange, params.side);
        if (!pieces) return missing(`there is no ${params.side} body`);
        if (exchange?.wire === "websocket") return asText(pieces.map(line).join("\n"));
        const name = "save" in query ? `${params.side}.txt` : null;
        return asText(joined(pieces).slice(), name);
      },
      { params: schema.Object({ id: Id, side: Side }) },
    )
    .get(
      "/llm/:id/body/:side/times",
      async ({ params }) => {
        const exchange = (await see(params.id))?.exchange;
        return Response.json(timesOf(piecesOf(exchange, params.side) ?? [], exchange?.wire === "websocket"));
      },
      { params: schema.Object({ id: Id, side: Side }) },
    )
    .get(
      "/llm/:id/text",
      async ({ params }) => {
        const seen = await see(params.id);
        return seen ? asText(answerOf(seen)) : missing("there is no such exchange");
      },
      { params: schema.Object({ id: Id }) },
    )
    .get(
      "/llm/:id/as/:target",
      async ({ params }) => {
        const exchange = (await see(params.id))?.exchange;
        const { copyAs } = await import("../read/copy-as/targets.ts");
        const text = exchange ? copyAs(exchange, params.target) : null;
        return text === null ? missing("this request cannot be written so") : asText(text);
      },
      { params: schema.Object({ id: Id, target: schema.String({ maxLength: 40 }) }) },
    )
    .get(
      "/llm/:id/media/:side",
      async ({ params, query }) => {
        const seen = await see(params.id);
        const body = params.side === "request" ? seen?.look.glimpse.requestBody : seen?.look.message;
        const value = at(body, query.at);
        if (typeof value !== "string") return missing("there is nothing recorded at this place");
        return asText(bytesOf(value));
      },
      {
        params: schema.Object({ id: Id, side: Side }),
        query: schema.Object({ at: schema.String({ maxLength: 500 }) }),
      },
    );
}

function piecesOf(exchange: Seen["exchange"] | undefined, side: "request" | "response") {
  return side === "request" ? exchange?.request.pieces : exchange?.response?.pieces;
}

/** What a socket carried in one direction: bytes alone would not say where a message ends. */
function line({ bytes, frame }: Piece): string {
  return frame === "binary" ? bytes.toBase64() : new TextDecoder().decode(bytes);
}

/** Where each piece begins in the text that a browser makes of the bytes, and when it came. */
function timesOf(pieces: readonly Piece[], isSocket: boolean): [at: number, t: number][] {
  const decoder = new TextDecoder();
  let place = 0;
  return pieces.slice(0, MOST_TIMES).map((piece) => {
    const start = place;
    place += isSocket ? line(piece).length + 1 : decoder.decode(piece.bytes, { stream: true }).length;
    return [start, Math.round(piece.t * 10) / 10];
  });
}

/** Everything that the model wrote for people, whole; its tool calls by name with their arguments. */
function answerOf({ reading }: Seen): string {
  const parts = reading.answer.parts.map((part) => {
    if (part.type === "text" || part.type === "refusal") return part.text;
    return part.type === "tool_call" ? `${part.name} ${part.arguments}` : "";
  });
  return parts.filter((text) => text !== "").join("\n\n");
}

/** Base64, bare or in a `data:` URL. */
export function bytesOf(value: string): Uint8Array<ArrayBuffer> {
  const comma = value.startsWith("data:") ? value.indexOf(",") + 1 : 0;
  return Uint8Array.from(Buffer.from(value.slice(comma), "base64"));
}

/** Recorded bytes are text to look at, never a document of ours: no script, no origin, no sniffing. */
export function asText(body: string | Uint8Array<ArrayBuffer>, save: string | null = null): Response {
  const headers: Record<string, string> = {
    "content-type": "text/plain; charset=utf-8",
    "content-security-policy": "default-src 'none'; sandbox",
  };
  if (save !== null) headers["content-disposition"] = `attachment; filename="${save}"`;
  return new Response(body, { headers });
}

export function missing(error: string): Response {
  return Response.json({ error }, { status: 404 });
}

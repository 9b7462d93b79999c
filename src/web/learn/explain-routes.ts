/** Explanations of what is selected on the page, each a fragment in the visitor's language. Their tables are loaded with the first question. */
import { Elysia, t as schema } from "elysia";
import type { Explained } from "../../read/learn/explained.ts";
import type { Turned } from "../../read/learn/turn.ts";
import { at } from "../../read/path.ts";
import { render } from "../html.ts";
import { languageOf, translator } from "../language.ts";
import type { Readings, Seen } from "../readings.ts";
import { folds } from "../session-views.ts";
import type { Sources } from "../sources.ts";
import { Id } from "../ids.ts";

const Number_ = schema.Integer({ minimum: 0, error: "a whole number" });

export function explainRoutes(sources: Sources, see: Readings) {
  const fold = folds(sources);
  return new Elysia({ prefix: "/explain", detail: { hide: true } })
    .get("/term", async ({ request, query }) => shown(request, (await names()).explainKey(query.key)), {
      query: schema.Object({ key: schema.String({ maxLength: 300 }) }),
    })
    .get(
      "/llm/:id",
      async ({ request, params, query }) => {
        const seen = await see(params.id);
        return shown(request, seen && (await inExchange(seen, query)));
      },
      {
        params: schema.Object({ id: Id }),
        query: schema.Object({
          event: schema.Optional(Number_),
          turn: schema.Optional(schema.String({ pattern: "^(?:system|tools|answer|\\d{1,9})$" })),
          side: schema.Optional(schema.Union([schema.Literal("request"), schema.Literal("response")])),
          path: schema.Optional(schema.String({ maxLength: 1000 })),
        }),
      },
    )
    .get(
      "/mcp/:id/:seq",
      async ({ request, params: { id, seq } }) => {
        const found = await fold(id);
        const stored = found && (await sources.index.messages(id, seq - 1, 1)).items[0];
        if (!found || stored?.seq !== seq) return shown(request, null);
        const { list } = found;
        const about = list.reader.noteAt(seq)?.call;
        const call = list.reader.callAt(seq) ?? (about ? list.reader.call(about) : null);
        const parent = call?.parent ? list.reader.call(call.parent.key) : null;
        const { explainMessage } = await import("../../read/learn/message.ts");
        return shown(request, explainMessage(list.shown(stored.line, seq), { call, parent }));
      },
      { params: schema.Object({ id: Id, seq: Number_ }) },
    );
}

type Asked = { event?: number; turn?: string; side?: "request" | "response"; path?: string };

async function inExchange(
  { exchange, look, reading }: Seen,
  { event, turn, side, path }: Asked,
): Promise<Explained | null> {
  if (event !== undefined) {
    const { explainEvent } = await import("../../read/learn/event.ts");
    return explainEvent({ look, usage: reading.usage, isOver: exchange.close !== null }, event);
  }
  if (turn !== undefined) {
    const { explainTurn } = await import("../../read/learn/turn.ts");
    return explainTurn(reading, /^\d/.test(turn) ? { n: Number(turn) } : (turn as Turned));
  }
  if (side === undefined || path === undefined) return null;
  const body = side === "request" ? look.glimpse.requestBody : look.message;
  return (await names()).explainField(reading.dialect, side, path, at(body, path));
}

const names = () => import("../../read/learn/name.ts");

async function shown(request: Request, explained: Explained | null): Promise<Response> {
  const { card, hint } = await import("./card.ts");
  const lang = languageOf(request);
  const reader = { t: translator(lang), lang };
  return new Response(render(explained ? card(reader, explained) : hint(reader)), {
    headers: { "content-type": "text/html; charset=utf-8", vary: "Cookie, Accept-Language" },
  });
}

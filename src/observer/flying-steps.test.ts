import { expect, test } from "bun:test";
import type { Exchange } from "../fact/exchange.ts";
import type { News } from "../feed/feed.ts";
import { exchangeOf } from "../read/recording.ts";
import { runBook } from "../read/run/book.ts";
import { model, put } from "../read/run/written.testkit.ts";
import { FlyingSteps } from "./flying-steps.ts";

/** Asked a second ago, and nothing came yet. */
function asked(id: string, session: string): Exchange {
  const body = { model: "claude-x", max_tokens: 9, messages: [{ role: "user", content: "look into it" }] };
  const headers = { "content-type": "application/json", "x-claude-code-session-id": session };
  const request = { method: "POST", path: "/v1/messages", headers, body };
  const exchange = exchangeOf({ request, response: { status: 200, body: "" } });
  return { ...exchange, id, at: 9_000, response: null, close: null };
}

function looking() {
  const news: News[] = [];
  const flights = new FlyingSteps((one) => news.push(one));
  const book = runBook();
  put(book, model({ id: "a", at: 1_000, session: "S" }));
  book.take();
  const all = new Map<string, Exchange>();
  const look = (now = 10_000) => flights.look([...all.values()], now, (id) => all.get(id) ?? null, book);
  return { news, flights, book, all, look };
}

test("a model that is asked is a step of the run that it goes on with, and who is waited for", () => {
  const { news, flights, all, look } = looking();
  all.set("b", asked("b", "S"));
  look(9_100);
  expect(news).toEqual([]);
  look();
  look();
  expect(news).toMatchObject([
    { type: "run.step", row: { id: "b", run: "session-S", state: "running", ended: null, name: "claude-x" } },
    {
      type: "run.row",
      row: { id: "session-S", state: "model", state_of: "claude-x", state_since: 9_000, model_calls: 1 },
    },
  ]);
  expect(flights.all()).toHaveLength(1);
});

test("the first request of a run is a run already", () => {
  const { news, all, look } = looking();
  all.set("b", asked("b", "new"));
  look();
  expect(news.at(-1)).toMatchObject({ row: { id: "session-new", title: "look into it", model_calls: 0 } });
});

test("what has ended is no step of its own when it is another's attempt", () => {
  const { news, all, look, book, flights } = looking();
  all.set("b", asked("b", "S"));
  all.set("c", asked("c", "S"));
  look();
  news.length = 0;
  put(book, model({ id: "b", at: 9_000, session: "S" }));
  book.take();
  all.clear();
  look();
  expect(news).toEqual([{ type: "run.gone", runs: [], steps: ["c"], ties: [] }]);
  expect(flights.all()).toEqual([]);
});

test("what is no model call of a run, and what cannot be read, is nothing", () => {
  const { news, all, look, flights } = looking();
  all.set("list", { ...asked("list", "S"), method: "GET", path: "/v1/models" });
  all.set("odd", {
    ...asked("odd", "S"),
    request: { headers: [], pieces: [{ t: 0, bytes: new Uint8Array([0xff]) }] },
  });
  look();
  expect([news, flights.all()]).toEqual([[], []]);
});

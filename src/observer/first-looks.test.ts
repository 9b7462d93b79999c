/** A request whose body takes its time is told of as it goes up, and read when it is all there. */
import { expect, test } from "bun:test";
import { addFact, type Exchange } from "../fact/exchange.ts";
import type { Fact } from "../fact/fact.ts";
import type { ExchangeRow } from "../fact/rows.ts";
import { createFeed } from "../feed/ring.ts";
import { standing } from "../shown/standing.ts";
import { FirstLooks } from "./first-looks.ts";
import { FlyingRows } from "./flying-rows.ts";

function flying(headers: [string, string][]) {
  const rows = new FlyingRows();
  const told: ExchangeRow[] = [];
  const ring = createFeed({ ring: 10, queue: 10 });
  ring.listen(() => "sent");
  let exchange: Exchange | undefined;
  const looks = new FirstLooks({
    feed: { ...ring, publish: (news) => void ("row" in news && told.push(news.row as ExchangeRow)) },
    rows,
    flying: () => exchange,
  });
  const take = (fact: Fact) => {
    exchange = addFact(exchange, fact);
    if (fact.fact === "open") {
      rows.open(exchange);
      looks.later(exchange);
    } else if (fact.fact === "bytes") rows.bytes(fact);
  };
  const id = "0192d3c4-0000-7000-8000-00000000000a";
  const at = 1770000000000;
  const target = "https://api.openai.com/v1/chat/completions";
  take({
    fact: "open",
    id,
    at,
    wire: "http",
    method: "POST",
    upstream: "openai",
    path: "/v1/chat/completions",
    target,
    headers,
  });
  const send = (text: string) =>
    take({ fact: "bytes", id, t: 5, from: "client", bytes: new TextEncoder().encode(text) });
  return { told, send, looks };
}

const until = async (is: () => boolean) => {
  while (!is()) await Bun.sleep(2);
};
const saysOf = (row: ExchangeRow) => {
  const { status, word } = standing(row);
  return `${status} ${word}`.trim();
};

test("it says how much of it is there, and what it asks once all of it is", async () => {
  const body = JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: "How far?" }] });
  const { told, send, looks } = flying([["Content-Length", String(body.length)]]);
  send(body.slice(0, body.length / 2));
  await until(() => told.length === 2);
  expect(told.map(saysOf)).toEqual(["50 % sending", "50 % sending"]);
  send(body.slice(body.length / 2));
  await until(() => told.length === 3);
  expect([saysOf(told[2]!), told[2]!.asked, told[2]!.sending]).toEqual(["waiting", "How far?", undefined]);
  looks.close();
});

test("one that does not say how long it is waits, as far as anybody knows", async () => {
  for (const headers of [[], [["content-length", "much"]]] as [string, string][][]) {
    const { told, send, looks } = flying(headers);
    send("{");
    await until(() => told.length === 1);
    expect(saysOf(told[0]!)).toBe("waiting");
    looks.close();
  }
});

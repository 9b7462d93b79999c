import { expect, test } from "bun:test";
import { believable } from "../../test/believable.ts";
import { createWeb } from "./app.ts";

type Told = { type: string; seq: number } & Record<string, unknown>;

async function served() {
  const world = believable();
  const app = await createWeb(world.sources);
  app.listen({ port: 0, hostname: "127.0.0.1" });
  const url = `ws://127.0.0.1:${app.server?.port}/ws`;
  return { ...world, app, url, [Symbol.asyncDispose]: async () => void (await app.stop(true)) };
}

/** A page: remembers its frames and lets a test wait for what it wants to see. */
async function visitor(url: string) {
  const frames: Told[] = [];
  const socket = new WebSocket(url);
  let look = () => {};
  const closed = new Promise<number>((resolve) => (socket.onclose = ({ code }) => resolve(code)));
  socket.onmessage = ({ data }) => {
    frames.push(JSON.parse(String(data)));
    look();
  };
  const until = (wanted: (frames: Told[]) => boolean) =>
    new Promise<void>((resolve) => (look = () => wanted(frames) && resolve())).finally(
      () => (look = () => {}),
    );
  const seen = async (wanted: (frames: Told[]) => boolean) => {
    if (!wanted(frames)) await until(wanted);
    return frames;
  };
  await seen((all) => all.length > 0);
  const say = (message: unknown) =>
    socket.send(typeof message === "string" ? message : JSON.stringify(message));
  return { frames, seen, say, closed, leave: () => socket.close() };
}

const has = (type: string) => (frames: Told[]) => frames.some((frame) => frame.type === type);

test("the first frame is hello and says where the feed stands", async () => {
  await using web = await served();
  web.feed.publish({ type: "exchange.gone", ids: ["a"] });
  const page = await visitor(web.url);
  expect(page.frames).toEqual([{ type: "hello", seq: web.feed.seq(), at: expect.any(Number) }]);
});

test("bytes come only to who subscribed, until it unsubscribes; nonsense changes nothing", async () => {
  await using web = await served();
  const [follower, other] = [await visitor(web.url), await visitor(web.url)];
  const flight = web.begin({ body: { model: "m", messages: [] } });
  flight.head(10);
  for (const nonsense of ["not json", "[]", "null", { subscribe: 3 }, { subscribe: "x".repeat(500) }])
    follower.say(nonsense);
  follower.say({ subscribe: flight.id });
  // The subscription is known to be in place once a piece arrives.
  const talk = setInterval(() => flight.say(20, "data: 1\n\n"), 5);
  await follower.seen(has("exchange.bytes"));
  clearInterval(talk);
  follower.say({ unsubscribe: flight.id });
  flight.end(30);
  await Promise.all([follower.seen(has("exchange.close")), other.seen(has("exchange.close"))]);
  expect(other.frames.map(({ type }) => type)).toEqual([
    "hello",
    "exchange.open",
    "exchange.head",
    "exchange.close",
  ]);
});

test("a page that was away gets what it missed, and resync when that is too old", async () => {
  await using web = await served();
  const before = web.feed.seq();
  web.feed.publish({ type: "exchange.gone", ids: ["a"] });
  web.feed.publish({ type: "exchange.gone", ids: ["b"] });
  const back = await visitor(`${web.url}?since=${before + 1}`);
  await back.seen(has("exchange.gone"));
  expect(back.frames.slice(1)).toEqual([{ type: "exchange.gone", ids: ["b"], seq: before + 2 }]);
  const ancient = await visitor(`${web.url}?since=5`);
  await ancient.seen(has("resync"));
  expect(ancient.frames.map(({ type }) => type)).toEqual(["hello", "resync"]);
});

test("whoever asks for it gets what came at once in one message, in its order, and no more than 256 of them", async () => {
  await using web = await served();
  const before = web.feed.seq();
  const [one, many] = [await visitor(web.url), await visitor(`${web.url}?frames=together`)];
  for (let n = 0; n < 300; n++) web.feed.publish({ type: "exchange.gone", ids: [`${n}`] });
  web.feed.publish({ type: "html", content: "<p>alone</p>" });
  web.feed.publish({ type: "exchange.gone", ids: ["last"] });
  await one.seen((all) => all.length === 303);
  await many.seen((all) => all.at(-1)!.seq === before + 302);
  const flat = many.frames.flatMap((it) => (it.type === "frames" ? (it["frames"] as Told[]) : [it]));
  expect(flat.slice(1)).toEqual(one.frames.slice(1));
  expect(many.frames.map(({ type, seq }) => [type, seq - before])).toEqual([
    ["hello", 0],
    ["frames", 256],
    ["frames", 300],
    ["html", 301],
    ["exchange.gone", 302],
  ]);
});

test("a stop says 1012, so that pages come back by themselves", async () => {
  const web = await served();
  const page = await visitor(web.url);
  await web.app.stop();
  expect(await page.closed).toBe(1012);
});

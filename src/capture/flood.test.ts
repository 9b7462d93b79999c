/** Very many very small things pass whole, and cost the record no more than a few facts. */
import { expect, test } from "bun:test";
import { answered, asked, createRig } from "./testkit/rig.ts";

const COUNT = 200_000;
const CHUNKS = `${"1\r\nx\r\n".repeat(COUNT)}0\r\n\r\n`;

test("chunks of one byte, in both directions", async () => {
  await using rig = await createRig();
  const { client, upstream } = await rig.exchange(
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
  );
  client.say(CHUNKS);
  await upstream.hears((peer) => peer.body.byteLength === CHUNKS.length);
  upstream.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", CHUNKS);
  await client.hears((peer) => peer.body.byteLength === CHUNKS.length);
  expect([upstream.body.toString(), client.body.toString()]).toEqual([CHUNKS, CHUNKS]);
  const [exchange] = await rig.ended();
  expect([asked(exchange!), answered(exchange!)]).toEqual(["x".repeat(COUNT), "x".repeat(COUNT)]);
  expect(rig.facts.length).toBeLessThan(COUNT / 100);
});

test("interim responses", async () => {
  await using rig = await createRig();
  const { client, upstream } = await rig.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const early = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(20_000);
  const last = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  upstream.say(early, last);
  await client.hears((peer) => peer.size === early.length + last.length);
  expect(client.text).toBe(early + last);
  expect(await rig.ended()).toMatchObject([{ response: { status: 200 }, close: { ending: "complete" } }]);
});

test("an upstream that ends behind more than one turn of chunks is heard to its last byte", async () => {
  await using rig = await createRig();
  const { client, upstream } = await rig.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  upstream.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", CHUNKS.slice(0, -5));
  await upstream.said();
  upstream.hangUp();
  await client.leaves();
  expect(client.body.toString()).toBe(CHUNKS.slice(0, -5));
  const [exchange] = await rig.ended();
  expect([answered(exchange!).length, exchange!.close!.ending]).toEqual([COUNT, "upstream-error"]);
});

test("fragments and control frames of a WebSocket", async () => {
  await using rig = await createRig();
  const { client, upstream } = await rig.exchange(
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
  upstream.say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
  await client.hears("\r\n\r\n");
  client.forget();
  const empty = Buffer.alloc(2 * COUNT);
  const pings = Buffer.alloc(2 * COUNT, Buffer.from([0x89, 0]));
  const all = Buffer.concat([Buffer.from([1, 1, 65]), empty, pings, Buffer.from([0x80, 1, 66])]);
  upstream.say(all);
  await client.hears((peer) => peer.size === all.byteLength);
  expect(client.bytes.equals(all)).toBe(true);
  client.hangUp();
  const [exchange] = await rig.ended();
  expect(exchange!.response!.pieces).toMatchObject([{ frame: "text", bytes: Buffer.from("AB") }]);
});

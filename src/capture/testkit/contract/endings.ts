/** Contract: who breaks a transfer breaks it for the other side too, and each exchange has the one right ending. */
import { expect } from "bun:test";
import type { Promises } from "../deviations.ts";
import type { Rig } from "../rig.ts";

const CHUNKED = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const BLOCK = Buffer.alloc(1024 * 1024, "x");

export function endings(test: Promises, createRig: () => Promise<Rig>): void {
  for (const how of ["hangUp", "reset"] as const) {
    const does = how === "hangUp" ? "hangs up" : "resets";

    test(`a client that ${does} in a stream hangs up the upstream`, async () => {
      await using rig = await createRig();
      const { client, upstream } = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
      upstream.say(CHUNKED, "5\r\nhello\r\n");
      await client.hears("hello");
      client[how]();
      await upstream.leaves();
      expect(await rig.ended()).toMatchObject([
        { response: { status: 200 }, close: { ending: "client-gone" } },
      ]);
    });

    test(`a client that ${does} while it waits for the head hangs up the upstream`, async () => {
      await using rig = await createRig();
      const { client, upstream } = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
      client[how]();
      await upstream.leaves();
      expect(await rig.ended()).toMatchObject([{ response: null, close: { ending: "client-gone" } }]);
    });

    test(`a client that ${does} in its upload hangs up the upstream`, async () => {
      await using rig = await createRig();
      const { client, upstream } = await rig.exchange(
        `POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf`,
      );
      await upstream.hears("half");
      client[how]();
      await upstream.leaves();
      expect(await rig.ended()).toMatchObject([{ response: null, close: { ending: "client-gone" } }]);
    });

    test(`a client that ${does} while its upload is stopped by back-pressure hangs up the upstream`, async () => {
      await using rig = await createRig();
      const { client, upstream } = await rig.exchange(
        `POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${BLOCK.byteLength * 64}\r\n\r\n`,
      );
      upstream.pause();
      for (let n = 0; n < 8; n++) client.say(BLOCK);
      // The upstream's and the proxy's buffers are full, or all is with the system.
      let before = -1;
      for (let still = 0; still < 20;) {
        await Bun.sleep(1);
        still = rig.facts.length === before ? still + 1 : 0;
        before = rig.facts.length;
      }
      client[how]();
      expect(await rig.ended()).toMatchObject([{ response: null, close: { ending: "client-gone" } }]);
      upstream.tally();
      upstream.resume();
      await upstream.leaves();
    });

    test(`a client that ${does} without reading what came hangs up the upstream`, async () => {
      await using rig = await createRig();
      const { client, upstream } = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
      client.pause();
      upstream.say(`HTTP/1.1 200 OK\r\nContent-Length: ${BLOCK.byteLength * 64}\r\n\r\n`);
      for (let n = 0; n < 64; n++) upstream.say(BLOCK);
      client[how]();
      await upstream.leaves();
      expect(await rig.ended()).toMatchObject([{ close: { ending: "client-gone" } }]);
    });
  }

  test("an upstream that dies in a chunked body breaks the client's transfer behind all that came", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
    upstream.say(CHUNKED, "5\r\nhello\r\n");
    upstream.hangUp();
    await client.leaves();
    expect(client.text).toBe(`${CHUNKED}5\r\nhello\r\n`);
    expect(await rig.ended()).toMatchObject([
      { close: { ending: "upstream-error", error: expect.stringContaining("in the middle") } },
    ]);
  });

  test("an upstream that says less than its content-length breaks the client's transfer", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
    upstream.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
    upstream.hangUp();
    await client.leaves();
    expect(client.text).toBe("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
    expect(await rig.ended()).toMatchObject([{ close: { ending: "upstream-error" } }]);
  });

  test("an upstream that resets a body without a length resets it for the client: an end would look finished", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
    upstream.say("HTTP/1.1 200 OK\r\n\r\nhello");
    await client.hears("hello");
    upstream.reset();
    expect(await client.leaves()).toBe("reset");
    expect(await rig.ended()).toMatchObject([{ close: { ending: "upstream-error" } }]);
  });

  test("what an upstream says beyond its response is not the client's, nor the next request's", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
    upstream.say(
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison",
    );
    await rig.ended();
    client.say(`GET ${rig.prefix}/next HTTP/1.1\r\nHost: x\r\n\r\n`);
    const second = await rig.upstream();
    await second.hears("GET /next ");
    second.say("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue");
    await client.hears("true");
    expect(client.text).not.toContain("poison");
  });

  test("a proxy that stops lets what is in flight finish, then cuts it and says so", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
    const other = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
    const idle = await rig.client();
    const stopped = rig.proxy.stop(200);
    await idle.leaves();
    upstream.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    await client.leaves();
    expect(client.text).toBe("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    await stopped;
    await other.upstream.leaves();
    expect((await rig.ended(2)).map(({ close }) => close!.ending)).toEqual(["complete", "interrupted"]);
  });
}

/** Contract: connections are opened, reused and lost as they would be without a proxy in between. */
import { expect } from "bun:test";
import type { Promises } from "../deviations.ts";
import { answered, asked, type Rig } from "../rig.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

export function connections(test: Promises, createRig: () => Promise<Rig>): void {
  test("a connection that is kept asks over one connection upstream", async () => {
    await using rig = await createRig();
    const client = await rig.client();
    let upstream = null;
    for (const n of [1, 2, 3]) {
      client.say(`POST ${rig.prefix}/${n} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n${n}`);
      upstream ??= await rig.upstream();
      await upstream.hears(`\r\n\r\n${n}`);
      upstream.forget();
      upstream.say(OK);
      await client.hears(OK);
      client.forget();
    }
    expect((await rig.ended(3)).map((one) => [asked(one), answered(one)])).toEqual([
      ["1", "ok"],
      ["2", "ok"],
      ["3", "ok"],
    ]);
    expect(rig.taken()).toBe(1);
  });

  test("pipelined requests are answered in their order", async () => {
    await using rig = await createRig();
    const client = await rig.client();
    const paths = ["a", "b", "c", "d"];
    client.say(
      paths
        .map((path) => `POST ${rig.prefix}/${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n${path}`)
        .join(""),
    );
    const upstream = await rig.upstream();
    for (const path of paths) {
      await upstream.hears(`\r\n\r\n${path}`);
      expect(upstream.text).toContain(`POST /${path} `);
      upstream.forget();
      upstream.say(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${path}`);
    }
    await client.hears(/a[^]*b[^]*c[^]*\r\n\r\nd$/);
    expect((await rig.ended(4)).map(asked)).toEqual(paths);
  });

  test("more pipelined than is held waits at the client", async () => {
    await using rig = await createRig();
    const body = "x".repeat(700_000);
    const request = `POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const { client, upstream } = await rig.exchange(request.repeat(6));
    for (let n = 1; n <= 6; n++) {
      await upstream.hears((peer) => peer.text.includes("\r\n\r\n") && peer.body.byteLength === body.length);
      upstream.forget();
      upstream.say(OK);
    }
    await client.hears((peer) => peer.size === OK.length * 6);
    expect((await rig.ended(6)).map(({ close }) => close!.ending)).toEqual(Array(6).fill("complete"));
  });

  test("an upstream that closes after its response is dialled again for the next request", async () => {
    await using rig = await createRig();
    const client = await rig.client();
    for (const n of [1, 2]) {
      client.say(`GET ${rig.prefix}/${n} HTTP/1.1\r\nHost: x\r\n\r\n`);
      const upstream = await rig.upstream();
      await upstream.hears(`GET /${n} `);
      upstream.say("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      upstream.hangUp();
      expect(await client.hears("\r\n\r\n")).toBe("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      client.forget();
    }
    expect(rig.taken()).toBe(2);
  });

  test("a kept upstream connection that dies while it idles is dialled again", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
    upstream.say(OK);
    await client.hears(OK);
    client.forget();
    upstream.hangUp();
    // The proxy's own end comes back once it has seen that of the upstream.
    await upstream.leaves();
    client.say(`GET ${rig.prefix}/again HTTP/1.1\r\nHost: x\r\n\r\n`);
    const second = await rig.upstream();
    await second.hears("GET /again ");
    second.say(OK);
    await client.hears(OK);
    expect((await rig.ended(2)).map(({ close }) => close!.ending)).toEqual(["complete", "complete"]);
  });

  test("a kept connection that the upstream drops instead of answering is dropped for the client, who may try again", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
    upstream.say(OK);
    await client.hears(OK);
    client.forget();
    upstream.forget();
    client.say(`POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`);
    await upstream.hears("{}");
    upstream.hangUp();
    await client.leaves();
    expect(client.text).toBe("");
    expect(await rig.ended(2)).toMatchObject([
      { close: { ending: "complete" } },
      { close: { ending: "upstream-error" }, response: null },
    ]);
  });

  test("a client that wants its connection closed gets it closed", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(
      `GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    upstream.say(OK);
    expect(await client.leaves()).toBe("end");
    expect(client.text).toBe("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    expect(await upstream.leaves()).toBe("end");
  });

  test("HTTP/1.0 clients are answered and let go, or kept when they ask", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.0\r\n\r\n`);
    expect(upstream.text).toBe(`GET / HTTP/1.0\r\nHost: ${rig.host}\r\nConnection: close\r\n\r\n`);
    upstream.say("HTTP/1.0 200 OK\r\n\r\nhello");
    upstream.hangUp();
    expect(await client.leaves()).toBe("end");
    expect(client.text).toBe("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello");

    const kept = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n`);
    kept.upstream.say(OK);
    await kept.client.hears("ok");
    expect(kept.client.text).toBe("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok");
    kept.client.say(`GET ${rig.prefix}/2 HTTP/1.0\r\n\r\n`);
    const again = await rig.upstream();
    await again.hears("GET /2 ");
  });

  test("interim responses come when they are said; the body may wait for 100", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(
      `POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n`,
    );
    expect(upstream.text).toContain("Expect: 100-continue\r\n");
    upstream.say("HTTP/1.1 100 Continue\r\n\r\n");
    expect(await client.hears("\r\n\r\n")).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    client.say("body");
    await upstream.hears("\r\n\r\nbody");
    upstream.say(
      "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    );
    await client.hears("\r\n\r\nok");
    expect(client.text).toBe(
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`,
    );
    expect(await rig.ended()).toMatchObject([{ response: { status: 200 }, close: { ending: "complete" } }]);
  });

  test("an upstream that declines with Expect gets no body", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(
      `POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n`,
    );
    upstream.say("HTTP/1.1 417 Expectation Failed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    upstream.hangUp();
    expect(await client.hears("\r\n\r\n")).toContain("417");
    await client.leaves();
    expect(await rig.ended()).toMatchObject([{ response: { status: 417 }, close: { ending: "complete" } }]);
  });

  test("a response that comes before the request has ended comes at once, and the request goes on", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(
      `POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nhalf`,
    );
    upstream.say(OK);
    await client.hears(OK);
    client.say("half");
    await upstream.hears("halfhalf");
    const [exchange] = await rig.ended();
    expect(asked(exchange!)).toBe("halfhalf");
    client.say(`GET ${rig.prefix}/next HTTP/1.1\r\nHost: x\r\n\r\n`);
    await upstream.hears("GET /next ");
    expect(rig.taken()).toBe(1);
  });

  test("an upstream that answers early and hangs up is heard by a client that still sends", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(
      `POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n`,
    );
    upstream.say("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nno!");
    upstream.hangUp();
    await client.hears("no!");
    expect(await client.leaves()).toBe("end");
    expect(await rig.ended()).toMatchObject([{ response: { status: 413 }, close: { ending: "complete" } }]);
  });

  test("client and upstream may talk at the same time", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(
      `POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    upstream.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (const word of ["one", "two", "six"]) {
      client.say(`3\r\n${word}\r\n`);
      await upstream.hears(word);
      upstream.say(`3\r\n${word}\r\n`);
      await client.hears(word);
    }
    upstream.say("0\r\n\r\n");
    client.say("0\r\n\r\n");
    const [exchange] = await rig.ended();
    expect([asked(exchange!), answered(exchange!)]).toEqual(["onetwosix", "onetwosix"]);
  });
}

import { describe, expect, test } from "bun:test";
import type { Header } from "../fact/fact.ts";
import { mayAddKey } from "./headers.ts";
import { parseResponseHead } from "./http1/head.ts";
import { ownHosts } from "./network.ts";
import { createRig } from "./testkit/rig.ts";

describe("a key from the environment", () => {
  const HOST: Header = ["Host", "localhost:8000"];
  const may = (headers: Header[], path = "/v1/chat") => mayAddKey([HOST, ...headers], path, ownHosts([]));

  test.each<[string, Header[]]>([
    ["a program on this machine", []],
    ["an address that was typed", [["Sec-Fetch-Site", "none"]]],
    [
      "a client that signs in to a gateway in between",
      [
        ["Helicone-Auth", "Bearer hk"],
        ["X-Auth-Key", "own"],
      ],
    ],
    ["a program on Node", [["Sec-Fetch-Mode", "cors"]]],
    ["a WebSocket that names no key", [["Sec-WebSocket-Protocol", "realtime, openai-beta.realtime-v1"]]],
  ])("is added for %s", (_, headers) => {
    expect(may(headers)).toBe(true);
  });

  test.each<[string, Header[], string]>([
    ["a page of another origin", [["Origin", "https://evil.com"]], "/v1/chat"],
    ["a page of this machine", [["Origin", "http://localhost:3000"]], "/v1/chat"],
    ["a page of this machine by its address", [["Origin", "http://127.0.0.1:5173"]], "/v1/chat"],
    ["a page of this machine by another name", [["Origin", "http://a.localhost:8000"]], "/v1/chat"],
    ["a page that an upstream sent", [["Origin", "http://localhost:8000"]], "/v1/chat"],
    ["what a page that an upstream sent loads", [["Sec-Fetch-Site", "same-origin"]], "/v1/chat"],
    ["an image of an old browser's page", [["Referer", "https://evil.com/"]], "/v1/chat"],
    ["an image of a page that an upstream sent", [["Referer", "http://localhost:8000/@evil/"]], "/v1/chat"],
    [
      "two origins",
      [
        ["Origin", "http://mine:3000"],
        ["Origin", "https://evil.com"],
      ],
      "/v1/chat",
    ],
    ["a page whose origin is hidden", [["Origin", "null"]], "/v1/chat"],
    ["an origin that looks like ours", [["Origin", "http://localhost.evil.com"]], "/v1/chat"],
    ["an origin of another scheme", [["Origin", "chrome-extension://abcdef"]], "/v1/chat"],
    ["a cross-site request without an origin", [["Sec-Fetch-Site", "cross-site"]], "/v1/chat"],
    ["a same-site request", [["sec-fetch-site", "same-site"]], "/v1/chat"],
    ["a client with a key of its own", [["Authorization", "Bearer sk-mine"]], "/v1/chat"],
    ["a client with a key in another header", [["X-Api-Key", "mine"]], "/v1/chat"],
    ["a client with a key in api-key", [["api-key", "mine"]], "/v1/chat"],
    ["a client with a key in x-goog-api-key", [["X-Goog-Api-Key", "mine"]], "/v1/chat"],
    ["a client with a key in the query", [], "/v1beta/models?key=AIza"],
    [
      "a client with a key in the subprotocol",
      [["Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.sk-x"]],
      "/v1/realtime",
    ],
    ["a client with a key under another name in the query", [], "/v1?subscription-key=x"],
    ["a client with a key under a name that is encoded", [], "/v1?api%5Fkey=x"],
    ["a client with a token in the query", [], "/v1?alt=sse&access_token=ya29"],
  ])("is not added for %s", (_, headers, path) => {
    expect(may(headers, path)).toBe(false);
  });

  test.each<[boolean, Header[]]>([
    [
      true,
      [
        ["Origin", "http://localhost:3000"],
        ["Sec-Fetch-Site", "same-site"],
      ],
    ],
    [true, [["Origin", "HTTP://LOCALHOST:3000"]]],
    [true, [["Referer", "http://localhost:3000/chat?x"]]],
    [false, [["Origin", "http://localhost:3001"]]],
    [false, [["Origin", "https://localhost:3000"]]],
    [false, [["Origin", "http://localhost:3000.evil.com"]]],
    [
      false,
      [
        ["Origin", "http://localhost:3000"],
        ["Origin", "null"],
      ],
    ],
    [false, [["Referer", "http://localhost:3000@evil.com/"]]],
    [false, [["Sec-Fetch-Site", "same-site"]]],
  ])("is added for a page that was named (%p): %j", (wanted, headers) => {
    const allowed = new Set(["http://localhost:3000"]);
    expect(mayAddKey([HOST, ...headers], "/v1/chat", ownHosts([]), allowed)).toBe(wanted);
  });

  test("is not added where a page made a name of its own mean this machine", () => {
    expect(mayAddKey([["Host", "evil.com:8000"]], "/", ownHosts([]))).toBe(false);
    expect(mayAddKey([], "/", ownHosts([]))).toBe(false);
  });

  test.each([
    ["bearer", "Authorization: Bearer sk-env-secret"],
    ["x-api-key", "x-api-key: sk-env-secret"],
    ["api-key", "api-key: sk-env-secret"],
    ["x-goog-api-key", "x-goog-api-key: sk-env-secret"],
  ] as const)("goes in the upstream's own header (%s) and is in no fact", async (keyHeader, line) => {
    await using rig = await createRig({ upstream: { key: "sk-env-secret", keyHeader } });
    const { client, upstream } = await rig.exchange("GET / HTTP/1.1\r\nHost: localhost:8000\r\n\r\n");
    expect(upstream.text).toContain(`\r\n${line}\r\n`);
    upstream.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    await client.hears("200 OK");
    expect(JSON.stringify(await rig.ended())).not.toContain("sk-env-secret");
  });

  test("does not take the place of the client's", async () => {
    await using rig = await createRig({ upstream: { key: "sk-env-secret" } });
    const { upstream } = await rig.exchange(
      "GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk-mine\r\n\r\n",
    );
    expect(upstream.text.match(/Authorization: .*/gi)).toEqual(["Authorization: Bearer sk-mine"]);
    const foreign = await rig.exchange(
      "GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.com\r\n\r\n",
    );
    expect(foreign.upstream.text).not.toContain("sk-env-secret");
  });
});

test("white space around a value is none of it, and very much inside of one costs nothing", () => {
  const wide = `a${" ".repeat(200_000)}b`;
  const head = parseResponseHead(
    Buffer.from(`HTTP/1.1 200 OK\r\nX-Wide: \t ${wide}\t \r\nX-None: \t\r\n\r\n`),
  );
  expect(head).toMatchObject({
    headers: [
      ["X-Wide", wide],
      ["X-None", ""],
    ],
  });
});

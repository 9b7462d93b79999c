/** Faults outside the protocol, one after another: each is one sentence for the client and the one right ending. */
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createMask } from "../fact/mask.ts";
import { connectProxy } from "./testkit/connect-proxy.ts";
import { createRig, FIXTURES, type Rig, type RigOptions } from "./testkit/rig.ts";

const GET = "GET /v1/models?key=AIzaSecretSecretSecret HTTP/1.1\r\nHost: x\r\n\r\n";

/** What a client is told when its upstream cannot be asked, and how the exchange ended. */
async function told(options: RigOptions, fault?: (rig: Rig) => Promise<void>): Promise<string> {
  await using rig = await createRig({
    mask: createMask((secret) => Bun.hash(secret).toString(16).padStart(16, "0")),
    ...options,
  });
  const client = await rig.client();
  client.say(GET);
  await fault?.(rig);
  await client.leaves();
  const [exchange] = await rig.ended();
  expect(exchange).toMatchObject({ response: { status: 502 }, close: { ending: "upstream-error" } });
  expect(JSON.stringify(exchange)).not.toContain("SecretSecret");
  expect(client.text).toStartWith("HTTP/1.1 502 Bad Gateway\r\n");
  const { error } = JSON.parse(client.body.toString()) as { error: { message: string; type: string } };
  expect(error.type).toBe("proxy_error");
  expect(exchange!.close!.error).toBe(error.message.replace("MCP Proxy Logger: ", ""));
  return error.message;
}

async function closedPort(): Promise<number> {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}

describe("an upstream that cannot be reached", () => {
  test("refuses", async () => {
    expect(await told({ upstream: { url: `http://127.0.0.1:${await closedPort()}` } })).toMatch(
      /ECONNREFUSED.*is it running/,
    );
  });

  test("has no address", async () => {
    expect(await told({ upstream: { url: "http://nobody.invalid" } })).toMatch(
      /nobody\.invalid.*(name|network)/,
    );
  });

  test("has a certificate of nobody known", async () => {
    expect(await told({ secure: true, network: { ca: null } })).toMatch(/certificate.*NODE_EXTRA_CA_CERTS/);
  });

  test("has a certificate for another name", async () => {
    const rig = { secure: true, through: true, upstream: { url: "https://example.com:1" } };
    const tls = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      tls: {
        key: Bun.file(join(FIXTURES, "localhost-key.pem")),
        cert: Bun.file(join(FIXTURES, "localhost.pem")),
      },
      socket: { data() {} },
    });
    const message = await told({ ...rig, upstream: { url: `https://example.com:${tls.port}` } });
    expect(message).toMatch(/ERR_TLS_CERT_ALTNAME_INVALID.*for another name/);
    tls.stop(true);
  });

  test.each([
    ["an authority that nobody knows", false, "127.0.0.1"],
    ["an authority that nobody knows, through a proxy", true, "127.0.0.1"],
    ["another name", true, "example.com"],
  ])("is believed when that was asked for, with a certificate of %s", async (_, through, name) => {
    await using rig = await createRig({ secure: true, through, network: { ca: null, insecureTls: true } });
    await using other = await createRig({
      through,
      network: { ca: null, insecureTls: true },
      upstream: { url: `https://${name}:${rig.upstreamPort}` },
    });
    const client = await other.client();
    client.say(GET);
    const asked = await rig.upstream();
    await asked.hears("\r\n\r\n");
    asked.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    expect(await client.hears("ok")).toStartWith("HTTP/1.1 200 OK");
  });

  test("speaks no TLS where TLS is asked for", async () => {
    const speak = async (rig: Rig) => {
      const upstream = await rig.upstream();
      upstream.say("HTTP/1.1 400 Bad Request\r\n\r\n");
    };
    const plain = await createRig();
    expect(
      await told({ upstream: { url: `https://127.0.0.1:${plain.upstreamPort}` } }, () => speak(plain)),
    ).toMatch(/TLS|SSL/i);
    await plain[Symbol.asyncDispose]();
  });

  test("hangs up in the TLS handshake", async () => {
    const plain = await createRig();
    const hangUp = async () => (await plain.upstream()).hangUp();
    expect(await told({ upstream: { url: `https://127.0.0.1:${plain.upstreamPort}` } }, hangUp)).toContain(
      "no answer from https://",
    );
    await plain[Symbol.asyncDispose]();
  });
});

describe("an upstream that breaks before it answers", () => {
  test.each(["hangUp", "reset", "halfClose"] as const)("%s", async (how) => {
    const fault = async (rig: Rig) => {
      const upstream = await rig.upstream();
      await upstream.hears("\r\n\r\n");
      upstream[how]();
    };
    expect(await told({}, fault)).toContain("ECONNRESET");
  });

  test.each(["hangUp", "reset"] as const)("%s in its head", async (how) => {
    const fault = async (rig: Rig) => {
      const upstream = await rig.upstream();
      await upstream.hears("\r\n\r\n");
      upstream.say("HTTP/1.1 200 OK\r\nContent-");
      await upstream.said();
      upstream[how]();
    };
    expect(await told({}, fault)).toContain("ECONNRESET");
  });

  test.each([
    ["garbage", "\x00\x01\x02garbage\r\n\r\n"],
    ["a line that is no status line", "SSH-2.0-OpenSSH_9.2\r\n"],
    ["HTTP/0.9", "<html>hello</html>"],
    ["HTTP/2 in the clear", "\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x04\x00\x00\xff\xff"],
    ["a version nobody knows", "HTTP/1.7 200 OK\r\n\r\n"],
    ["a status without a number", "HTTP/1.1 OK\r\n\r\n"],
    ["a header without a colon", "HTTP/1.1 200 OK\r\nServer nginx\r\n\r\n"],
    ["a header with a control character", "HTTP/1.1 200 OK\r\nServer: a\x00b\r\n\r\n"],
    ["lines that end with LF alone", "HTTP/1.1 200 OK\nContent-Length: 0\n\n"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"],
    ["a length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n"],
    ["another protocol, unasked", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\n\r\n"],
    ["a head without an end", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(300_000)}`],
  ])("says %s", async (_, answer) => {
    const fault = async (rig: Rig) => {
      const upstream = await rig.upstream();
      await upstream.hears("\r\n\r\n");
      upstream.say(answer);
      await upstream.leaves();
    };
    expect(await told({}, fault)).toContain("not HTTP/1.1");
  });
});

test.each([
  ["a size that is no number", "zz\r\nhello\r\n"],
  ["a chunk longer than its size", "3\r\nhello\r\n"],
  ["a line that ends with LF", "5\nhello\r\n"],
])(
  "broken framing of a response is passed on as it came, and then the transfer breaks: %s",
  async (_, broken) => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(GET);
    const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    upstream.say(`${head}2\r\nok\r\n`);
    await client.hears("ok");
    upstream.say(broken);
    await client.leaves();
    expect(client.text).toBe(`${head}2\r\nok\r\n${broken}`);
    await upstream.leaves();
    expect(await rig.ended()).toMatchObject([
      { close: { ending: "upstream-error", error: expect.stringContaining("chunk framing is broken") } },
    ]);
  },
);

describe("an HTTP proxy on the way", () => {
  test("is asked by CONNECT, with its own credentials, and sees nothing of the exchange", async () => {
    const proxy = connectProxy();
    await using rig = await createRig({ secure: true, network: { proxyFor: () => proxy.url } });
    const { client, upstream } = await rig.exchange(GET);
    upstream.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    await client.hears("ok");
    expect(proxy.requests).toEqual([
      `CONNECT ${rig.host} HTTP/1.1\r\nHost: ${rig.host}\r\nProxy-Authorization: Basic ${btoa("user:word")}\r\n\r\n`,
    ]);
    proxy.stop();
  });

  test.each([
    ["declines", "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", /407.*check HTTPS_PROXY/],
    ["says what is no answer", "SSH-2.0-OpenSSH_9.2\r\n\r\n", /SSH-2.0.*check HTTPS_PROXY/],
    ["hangs up", "", /through the proxy/],
  ])("that %s is named", async (_, answer, expected) => {
    const proxy = connectProxy(answer);
    const message = await told({ secure: true, network: { proxyFor: () => proxy.url } });
    expect(message).toMatch(expected);
    expect(message).not.toContain("word");
    proxy.stop();
  });

  test("that is not there is named", async () => {
    const url = new URL(`http://127.0.0.1:${await closedPort()}`);
    expect(await told({ secure: true, network: { proxyFor: () => url } })).toMatch(
      /through the proxy 127.*ECONNREFUSED/,
    );
  });
});

test("a client that hangs up while its upstream is dialled ends the dialling", async () => {
  // Its answer to CONNECT never comes.
  const silent = await createRig();
  const url = new URL(`http://127.0.0.1:${silent.upstreamPort}`);
  await using rig = await createRig({ network: { proxyFor: () => url } });
  const client = await rig.client();
  client.say(GET);
  const dialled = await silent.upstream();
  await dialled.hears("CONNECT ");
  client.hangUp();
  expect(await rig.ended()).toMatchObject([{ response: null, close: { ending: "client-gone" } }]);
  await dialled.leaves();
  await silent[Symbol.asyncDispose]();
});

test("with no file descriptor left clients wait or are refused, and are served again when there are some", async () => {
  const script = join(import.meta.dir, "fixtures", "few-files.ts");
  const limited = Bun.spawn(["sh", "-c", `ulimit -n 64; exec "${process.execPath}" "${script}"`], {
    stdout: "pipe",
    stderr: "pipe",
  });
  expect(await limited.stdout.text()).toBe("served again, every exchange ended once\n");
  expect(await limited.exited).toBe(0);
});

test("NODE_EXTRA_CA_CERTS adds an authority for upstreams", async () => {
  const script = join(FIXTURES, "extra-ca.ts");
  const asking = Bun.spawn([process.execPath, script], {
    env: { NODE_EXTRA_CA_CERTS: join(FIXTURES, "ca.pem") },
    stdout: "pipe",
  });
  expect(await asking.stdout.text()).toBe("trusted\n");
});

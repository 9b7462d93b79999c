import { expect, test } from "bun:test";
import { ownerOf, type Ends } from "./peer-owner.ts";

const isLinux = process.platform === "linux";

async function connection(host: string) {
  const { promise, resolve } = Promise.withResolvers<Ends>();
  const listener = Bun.listen({
    hostname: host,
    port: 0,
    allowHalfOpen: true,
    socket: {
      open: ({ remoteAddress, remotePort, localAddress, localPort }) =>
        resolve({ address: remoteAddress, port: remotePort, ourAddress: localAddress, ourPort: localPort }),
      data() {},
    },
  });
  const client = await Bun.connect({ hostname: host, port: listener.port, socket: { data() {} } });
  return { ends: await promise, client, [Symbol.dispose]: () => listener.stop(true) };
}

test.skipIf(!isLinux).each(["127.0.0.1", "::1"])(
  "the other end of a connection on %s is ours",
  async (host) => {
    using it = await connection(host);
    expect(ownerOf(it.ends)).toEqual({ uid: process.getuid!() });
  },
);

test.skipIf(!isLinux)("an end that was let go of is nobody's, not root's", async () => {
  using it = await connection("127.0.0.1");
  it.client.terminate();
  for (;;) {
    const owner = ownerOf(it.ends);
    if (owner === "nobody") break;
    await Bun.sleep(1);
  }
  expect(ownerOf({ ...it.ends, port: 1 })).toBe("nobody");
});

test.skipIf(!isLinux)("a port that somebody listens on is no connection's end", async () => {
  using it = await connection("127.0.0.1");
  const { ends } = it;
  expect(ownerOf({ ...ends, port: ends.ourPort, ourPort: 1 })).toBe("nobody");
});

test.skipIf(!isLinux || process.getuid!() !== 0 || !Bun.which("setpriv"))(
  "the end of another user is that user's",
  async () => {
    const { promise, resolve } = Promise.withResolvers<Ends>();
    const listener = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        open: ({ remoteAddress, remotePort, localAddress, localPort }) =>
          resolve({ address: remoteAddress, port: remotePort, ourAddress: localAddress, ourPort: localPort }),
        data() {},
      },
    });
    const script = `exec 3<>/dev/tcp/127.0.0.1/${listener.port}; read -r x <&3`;
    const other = Bun.spawn(["setpriv", "--reuid", "65534", "--clear-groups", "bash", "-c", script]);
    const ends = await promise;
    expect(ownerOf(ends)).toEqual({ uid: 65534 });
    other.kill();
    listener.stop(true);
  },
);

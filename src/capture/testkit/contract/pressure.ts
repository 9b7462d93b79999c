/** Contract: whoever does not read stops the other side; memory does not grow with what passes. */
import { expect } from "bun:test";
import type { Promises } from "../deviations.ts";
import type { Peer } from "../peer.ts";
import type { Rig } from "../rig.ts";

const BLOCK = Buffer.alloc(1024 * 1024, "x");
/** More than all buffers of a loopback connection and ours together. */
const MUCH = 64 * BLOCK.byteLength;

export function pressure(test: Promises, createRig: () => Promise<Rig>): void {
  test("a client that does not read stops the upstream, and loses nothing", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(`GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
    client.pause();
    upstream.say(`HTTP/1.1 200 OK\r\nContent-Length: ${MUCH}\r\n\r\n`);
    for (let n = 0; n < MUCH; n += BLOCK.byteLength) upstream.say(BLOCK);
    await stands(upstream, () => told(rig));
    expect(told(rig)).toBeLessThan(MUCH / 2);
    client.tally();
    client.resume();
    const [exchange] = await rig.ended();
    await client.hears(() => client.size > MUCH);
    expect(exchange!.close!.ending).toBe("complete");
    expect(told(rig)).toBe(MUCH);
  });

  test("an upstream that does not read stops the client, and misses nothing", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(
      `POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${MUCH}\r\n\r\n`,
    );
    upstream.pause();
    for (let n = 0; n < MUCH; n += BLOCK.byteLength) client.say(BLOCK);
    await stands(client, () => told(rig));
    expect(told(rig)).toBeLessThan(MUCH / 2);
    upstream.tally();
    upstream.resume();
    await upstream.hears(() => upstream.size > MUCH);
    upstream.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    await client.hears("200 OK");
    const [exchange] = await rig.ended();
    expect(exchange!.close!.ending).toBe("complete");
    expect(told(rig)).toBe(MUCH);
  });
}

/** Bytes of bodies that have passed, as the facts tell. */
function told(rig: Rig): number {
  let size = 0;
  for (const fact of rig.facts) if (fact.fact === "bytes") size += fact.bytes.byteLength;
  return size;
}

/** It has more to say, cannot say it, and nothing moves any more while the loop turns. */
async function stands(peer: Peer, moved: () => number): Promise<void> {
  let before = -1;
  for (let still = 0; still < 50 || !peer.isStuck;) {
    await new Promise((resolve) => setImmediate(resolve));
    await Bun.sleep(0);
    const now = moved();
    still = now === before ? still + 1 : 0;
    before = now;
  }
}

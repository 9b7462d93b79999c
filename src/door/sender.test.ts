import { networkInterfaces } from "node:os";
import { expect, test } from "bun:test";
import { createDoor, isThisMachine, type Standing } from "./sender.ts";
import type { Owner } from "./peer-owner.ts";

const me = process.getuid?.() ?? 0;

function standing(address: string, allowRemote: string[] = [], owner: Owner = { uid: me }): Standing {
  const door = createDoor({ allowRemote, users: [1234] }, () => owner);
  return door({ address, port: 40_000, ourAddress: "127.0.0.1", ourPort: 8000 });
}

test.each<[Standing, string, Owner]>([
  ["owner", "127.0.0.1", { uid: me }],
  ["owner", "::1", { uid: 0 }],
  ["owner", "::ffff:127.0.0.1", { uid: 1234 }],
  ["other-user", "127.0.0.1", { uid: 65534 }],
  ["other-user", "127.0.0.1", "nobody"],
  ["this-machine", "127.0.0.1", "cannot be told"],
  ["other-machine", "192.168.1.7", { uid: me }],
  ["other-machine", "::ffff:10.0.0.1", { uid: me }],
  ["other-machine", "128.0.0.1", { uid: me }],
  ["other-machine", "127.0.0.1.evil", { uid: me }],
  ["other-machine", "", { uid: me }],
])("%s: from %s, whose end is %j", (wanted, address, owner) => {
  expect(standing(address, [], owner)).toBe(wanted);
});

test.each<[Standing, string, string[]]>([
  ["allowed", "192.168.1.7", ["192.168.1.7"]],
  ["allowed", "192.168.1.7", ["10.0.0.1", "192.168.0.0/16"]],
  ["allowed", "fd00::17", ["fd00::/8"]],
  ["allowed", "192.168.1.7", ["all"]],
  ["other-machine", "192.168.1.7", ["192.168.1.70", "192.168.2.0/24"]],
  ["other-machine", "192.168.1.7", ["nonsense/3", "192.168.1.7/99", "fd00::/8"]],
  ["other-machine", "192.168.1.7", ["gateway"]],
])("%s: from %s where %j may come", (wanted, address, allowed) => {
  expect(standing(address, allowed)).toBe(wanted);
});

test("a container's gateway is the host, and the container itself is no other machine", () => {
  const own = Object.values(networkInterfaces())
    .flat()
    .find((it) => it && !it.internal)?.address;
  if (own) expect([standing(own), standing(own, ["gateway"])]).toEqual(["other-machine", "allowed"]);
  expect(standing("192.168.65.1", ["gateway"])).toBe("allowed");
});

test("who lets everybody in lets other users in", () => {
  expect(standing("127.0.0.1", ["all"], { uid: 65534 })).toBe("allowed");
  expect(standing("127.0.0.1", ["127.0.0.1"], { uid: 65534 })).toBe("other-user");
});

test.each(["localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]", "::1", "0.0.0.0", "LOCALHOST"])(
  "%s is this machine",
  (host) => {
    expect(isThisMachine(host)).toBe(true);
  },
);

test.each(["api.openai.com", "localhost.evil.com", "128.0.0.1", "192.0.2.77"])("%s is not", (host) => {
  expect(isThisMachine(host)).toBe(false);
});

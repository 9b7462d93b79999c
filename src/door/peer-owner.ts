/**
 * Whose is the other end of a connection on this machine? Linux knows: the kernel is asked for that one socket
 * (sock_diag(7)), which takes some 20 µs; reading /proc/net/tcp for the same walks every bucket of the kernel's table,
 * 20 ms where it has 262,144 of them.
 */
import { dlopen, ptr } from "bun:ffi";
import { release } from "node:os";

export type Ends = {
  readonly address: string;
  readonly port: number;
  readonly ourAddress: string;
  readonly ourPort: number;
};

/** `nobody`: the socket is not there any more, or its owner has let go of it. */
export type Owner = { readonly uid: number } | "nobody" | "cannot be told";

const AF_NETLINK = 16;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
const NLMSG_ERROR = 2;
const ENOENT = 2;
const DONT_WAIT = 0x40;
const TCP_LISTEN = 10;

type Kernel = { ask(request: Buffer, answer: Buffer): number };

let kernel: Kernel | null | undefined;

/** Whether the system says whose a connection is. */
export function tellsUsersApart(): boolean {
  kernel ??= process.platform === "linux" ? connect() : null;
  return kernel !== null;
}

/** The one who opened the other end. Both are addresses of this machine, as text. */
export function ownerOf(ends: Ends): Owner {
  if (!tellsUsersApart() || !kernel) return "cannot be told";
  const answer = Buffer.alloc(512);
  const got = kernel.ask(question(ends), answer);
  if (got < 20) return "cannot be told";
  if (answer.readUInt16LE(4) === NLMSG_ERROR)
    return answer.readInt32LE(16) === -ENOENT ? NOBODY : "cannot be told";
  if (got < 16 + 72) return "cannot be told";
  // struct inet_diag_msg behind the header; a socket without an inode belongs to no process, and its owner reads as root.
  const isOpen = answer[16 + 1] !== TCP_LISTEN && answer.readUInt32LE(16 + 68) !== 0;
  return isOpen ? { uid: answer.readUInt32LE(16 + 64) } : NOBODY;
}

/** In WSL the other end may be Windows', which comes from 127.0.0.1 too (mirrored networking) and has no socket here. */
const NOBODY = /microsoft/i.test(release()) ? "cannot be told" : "nobody";

/** struct nlmsghdr and struct inet_diag_req_v2 of the kernel's linux/inet_diag.h. */
function question({ address, port, ourAddress, ourPort }: Ends): Buffer {
  const bytes = Buffer.alloc(72);
  bytes.writeUInt32LE(bytes.byteLength, 0);
  bytes.writeUInt16LE(SOCK_DIAG_BY_FAMILY, 4);
  bytes.writeUInt16LE(1, 6);
  const isV6 = address.includes(":");
  bytes[16] = isV6 ? 10 : 2;
  bytes[17] = 6;
  bytes.writeUInt32LE(0xffffffff, 20);
  bytes.writeUInt16BE(port, 24);
  bytes.writeUInt16BE(ourPort, 26);
  bytes.set(octets(address), 28);
  bytes.set(octets(ourAddress), 44);
  bytes.fill(0xff, 64);
  return bytes;
}

/** Of loopback addresses alone: every IPv4 one, and ::1. */
function octets(address: string): number[] {
  if (address.includes(":")) return [...Array<number>(15).fill(0), 1];
  return address.split(".").map(Number);
}

function connect(): Kernel | null {
  for (const name of ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`]) {
    try {
      const { symbols } = dlopen(name, {
        socket: { args: ["int", "int", "int"], returns: "int" },
        send: { args: ["int", "ptr", "usize", "int"], returns: "i64" },
        recv: { args: ["int", "ptr", "usize", "int"], returns: "i64" },
      });
      const socket = symbols.socket(AF_NETLINK, SOCK_DGRAM_CLOEXEC, NETLINK_SOCK_DIAG);
      if (socket < 0) return null;
      return {
        // The kernel answers before `send` returns.
        ask: (request, answer) =>
          Number(symbols.send(socket, ptr(request), request.byteLength, DONT_WAIT)) < 0
            ? -1
            : Number(symbols.recv(socket, ptr(answer), answer.byteLength, DONT_WAIT)),
      };
    } catch {
      continue; // another C library, or none that can be called: then it cannot be told
    }
  }
  return null;
}

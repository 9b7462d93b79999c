/**
 * Ids of the responses of a socket: made of the socket's id and their number, so that the same traffic gives the same
 * ids, whoever reads it, and as often as it is read.
 */
import { roll } from "../hash.ts";

/** A UUID of version 7 (RFC 9562 5.7): it counts up in time, and of one socket in its order. `at` in ms since 1970. */
export function partId(socket: string, n: number, at: number): string {
  const time = Math.max(0, Math.trunc(at)).toString(16).padStart(12, "0").slice(-12);
  const order = (n & 0xfff).toString(16).padStart(3, "0");
  const own = roll(socket, String(n));
  const variant = (8 + (Number.parseInt(own[0] ?? "0", 16) & 3)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${order}-${variant}${own.slice(1, 4)}-${own.slice(4)}`;
}

import { expect, test } from "bun:test";
import { Inbox } from "./inbox.ts";

test("a head that begins and does not end is answered in time, one that ends is not", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const inbox = new Inbox(({ status }) => resolve(status), 1);
  expect(inbox.next()).toBeNull();
  inbox.add(Buffer.from("\r\nGET / HTTP/1.1\r\nX-Slow: "));
  expect(inbox.next()).toBeNull();
  expect(await promise).toBe(408);

  const late: number[] = [];
  const other = new Inbox(({ status }) => void late.push(status), 1);
  other.add(Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n"));
  expect(other.next()).toBeNull();
  other.add(Buffer.from("\r\nrest"));
  expect(other.next()).toMatchObject({ request: { path: "/" }, rest: Buffer.from("rest") });
  // One that begins later and is as patient: when it has given up, the other would have.
  const { promise: over, resolve: give } = Promise.withResolvers<number>();
  const after = new Inbox(({ status }) => give(status), 1);
  after.add(Buffer.from("GET / HTTP/1.1\r\n"));
  expect(after.next()).toBeNull();
  expect([await over, late]).toEqual([408, []]);
});

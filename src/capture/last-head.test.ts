import { expect, test } from "bun:test";
import { LastHead } from "./last-head.ts";
import { readRequest, type Request } from "./request.ts";

const head = (text: string) => Buffer.from(`${text.trim().replaceAll("\n", "\r\n")}\r\n\r\n`);
const read = (bytes: Buffer) => readRequest(bytes) as Request;
const POST = `POST /v1/chat/completions HTTP/1.1
Host: localhost
Content-Length: 20
X-Last: yes`;

function after(first: string): (next: string) => Request | null {
  const last = new LastHead();
  last.keep(head(first), read(head(first)));
  return (next) => last.again(head(next));
}

const said = ({ head, path, token, framing }: Request) => ({ head, path, token, kind: framing.kind });

test.each(["20", "1", "7", "999", "123456789012345"])(
  "the same head with a length of %s is known, and as if it had been read",
  (length) => {
    const next = POST.replace("20", length);
    const request = after(POST)(next)!;
    expect(said(request)).toEqual(said(read(head(next))));
    expect(request.framing.take(new Uint8Array(5))).toEqual(read(head(next)).framing.take(new Uint8Array(5)));
  },
);

test("requests with the same head share what follows from it, and no framing", () => {
  const bytes = head(POST);
  const request = read(bytes);
  const last = new LastHead();
  last.keep(bytes, request);
  bytes.fill(0);
  request.framing.take(new Uint8Array(20));
  const again = last.again(head(POST))!;
  expect(again.facts).toBe(request.facts);
  expect(again.head).toBe(request.head);
  expect(again.framing.take(new Uint8Array(20))).toMatchObject({ used: 20, done: true });
});

test.each([
  ["another path", POST.replace("/v1", "/v2")],
  ["one header more", `${POST}\nX: y`],
  ["one header less", POST.replace("\nX-Last: yes", "")],
  ["no length", POST.replace("\nContent-Length: 20", "")],
  ["nothing in it", POST.replace("20", "0")],
  ["a length that begins with nothing", POST.replace("20", "020")],
  ["a length that is none", POST.replace("20", "")],
  ["two lengths", POST.replace("20", "20, 20")],
  ["a length of letters", POST.replace("20", "2a")],
  ["a length that nobody has", POST.replace("20", "1234567890123456")],
  ["a sign in front of its length", POST.replace("20", "+20")],
  ["its end cut off", POST.slice(0, 30)],
  ["its length at the very end", POST.replace(/\nContent.*/s, "")],
])("a head with %s is read", (_, next) => {
  expect(after(POST)(next)).toBeNull();
});

test("a body in chunks begins anew with each request", () => {
  const chunked = POST.replace("Content-Length: 20", "Transfer-Encoding: chunked");
  const next = after(chunked);
  expect(next(chunked)?.framing.take(Buffer.from("1\r\nx"))).toMatchObject({ used: 4, done: false });
  expect(next(chunked)?.framing.take(Buffer.from("0\r\n\r\n"))).toMatchObject({ used: 5, done: true });
  expect(next(POST)).toBeNull();
});

test("what says the token to us, or is very long, is read each time", () => {
  const told = POST.replace("/v1", "/@token:abc/v1");
  expect(after(told)(told)).toBeNull();
  const long = `${POST}\nX-Long: ${"x".repeat(4096)}`;
  expect(after(long)(long)).toBeNull();
});

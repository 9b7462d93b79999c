import { crc32 } from "node:zlib";
import { expect, test } from "bun:test";
import fc from "fast-check";
import { createMask } from "../../fact/mask.ts";
import { Echoes } from "./echoes.ts";
import { EventStreamMask } from "./mask-event-stream.ts";

const mask = createMask((secret) => Bun.hash(secret).toString(16).padStart(16, "0"));
const KEY = "sk-proj-0123456789abcdefCANARYxyz";

/** A message as AWS frames it. */
function message(payload: string, type = "chunk"): Buffer {
  const name = ":event-type";
  const headers = Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([7, 0, type.length]),
    Buffer.from(type),
  ]);
  const out = Buffer.alloc(16 + headers.length + Buffer.byteLength(payload));
  out.writeUInt32BE(out.length, 0);
  out.writeUInt32BE(headers.length, 4);
  out.writeUInt32BE(crc32(out.subarray(0, 8)), 8);
  headers.copy(out, 12);
  out.write(payload, 12 + headers.length);
  out.writeUInt32BE(crc32(out.subarray(0, -4)), out.length - 4);
  return out;
}

const coded = (event: unknown) =>
  message(JSON.stringify({ bytes: Buffer.from(JSON.stringify(event)).toString("base64"), p: "abcd" }));

/** The payloads of messages whose checksums are right. */
function payloads(bytes: Buffer): string[] {
  const out: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const one = bytes.subarray(at, at + bytes.readUInt32BE(at));
    expect([crc32(one.subarray(0, 8)), crc32(one.subarray(0, -4))]).toEqual([
      one.readUInt32BE(8),
      one.readUInt32BE(one.length - 4),
    ]);
    out.push(one.subarray(12 + one.readUInt32BE(4), -4).toString());
    at += one.length;
  }
  return out;
}

function told(stream: Buffer, sizes: readonly number[], echoes = new Echoes()): Buffer {
  const body = new EventStreamMask(mask, echoes);
  const out: Buffer[] = [];
  for (let at = 0, n = 0; at < stream.length; n++) {
    const size = sizes[n % sizes.length]!;
    body.push(stream.subarray(at, at + size), (piece) => out.push(Buffer.from(piece)));
    at += size;
  }
  body.end();
  const whole = Buffer.concat(out);
  expect(whole.length).toBe(stream.length);
  return whole;
}

const said = (payload: string) =>
  JSON.parse(Buffer.from((JSON.parse(payload) as { bytes: string }).bytes, "base64").toString()) as {
    delta: { text: string };
  };
const delta = (text: string) => ({
  type: "content_block_delta",
  index: 0,
  delta: { type: "text_delta", text },
});

test("a key in deltas that are base64 is masked in them, cut anywhere, and checksums are right", () => {
  const pieces = `the key is ${KEY} and so on`.match(/.{1,5}/g)!;
  const stream = Buffer.concat(pieces.map((piece) => coded(delta(piece))));
  const whole = told(stream, [stream.length]);
  expect(
    payloads(whole)
      .map((payload) => said(payload).delta.text)
      .join(""),
  ).toMatch(/^the key is sk-proj-\*#[0-9a-f]{8}\*+ and so on$/);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }), (sizes) => {
      expect(told(stream, sizes).equals(whole)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test("messages that are JSON as it is are masked too, and the others stay to the byte", () => {
  const plain = [
    message('{"delta":{"text":"hello"}}', "contentBlockDelta"),
    coded(delta("hi")),
    message("", "ping"),
  ];
  const secret = message(JSON.stringify({ toolUse: { input: JSON.stringify({ password: "hunter2" }) } }));
  const whole = told(Buffer.concat([...plain, secret]), [50]);
  expect(whole.subarray(0, Buffer.concat(plain).length).equals(Buffer.concat(plain))).toBe(true);
  expect(payloads(whole).at(-1)).toBe('{"toolUse":{"input":"{\\"password\\":\\"*******\\"}"}}');
});

test("what is no such stream is looked through as it is", () => {
  const echoes = new Echoes();
  echoes.add("an-odd-password-of-mine");
  for (const text of [`{"message":"wrong: an-odd-password-of-mine"}`, `x ${KEY}`, "short"]) {
    const out = told(Buffer.from(text), [7], echoes).toString();
    expect(out).not.toMatch(/CANARY|of-mine/);
    expect(out.slice(0, 5)).toBe(text.slice(0, 5));
  }
  const broken = Buffer.concat([coded(delta("a")), Buffer.from(`\xff\xff\xff\xff ${KEY} `, "latin1")]);
  expect(told(broken, [33]).toString("latin1")).not.toContain("CANARY");
});

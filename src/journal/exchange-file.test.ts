import { expect, test } from "bun:test";
import fc from "fast-check";
import { joined, type Exchange, type Piece } from "../fact/exchange.ts";
import { chunksOf, piecesOf } from "./body-json.ts";
import { exchangePath, exchangeText } from "./exchange-file.ts";
import { parseExchange } from "./exchange-read.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function exchange(request: string, response: Piece[], type = "application/json"): Exchange {
  return {
    id: "0190a0a0-0000-7000-8000-000000000001",
    at: 1700000000123,
    wire: "http",
    upstream: "demo",
    method: "POST",
    path: "/v1/chat/completions?x=1",
    target: "http://127.0.0.1:1/v1/chat/completions?x=1",
    request: {
      headers: [
        ["Content-Type", "application/json"],
        ["X-Twice", "1"],
        ["X-Twice", "2"],
      ],
      pieces: request === "" ? [] : [{ t: 0, bytes: bytes(request) }],
    },
    response: { status: 200, headers: [["content-type", type]], pieces: response, ttfb: 12.5 },
    gaps: [],
    close: { t: 20, ending: "complete", error: null },
  };
}

function fileOf(one: Exchange): Record<string, unknown> {
  return JSON.parse(exchangeText(one, { assembled: undefined, summary: {} }, { request: 1, response: 2 }));
}

function again(one: Exchange): Exchange {
  const parsed = parseExchange(
    exchangeText(one, { assembled: undefined, summary: {} }, { request: 1, response: 2 }),
  );
  if ("error" in parsed) throw new Error(parsed.error);
  return parsed.exchange;
}

test("trailers are in the file and come back; without any there is no word of them", () => {
  const one = exchange("{}", [{ t: 1, bytes: bytes("{}") }]);
  expect(Object.keys(fileOf(one)).filter((name) => name.includes("trailers"))).toEqual([]);
  one.request.trailers = [["X-Sum", "1"]];
  one.response!.trailers = [
    ["x-twice", "1"],
    ["x-twice", "2"],
  ];
  expect(fileOf(one)).toMatchObject({
    trailers: { "X-Sum": "1" },
    response_trailers: { "x-twice": ["1", "2"] },
  });
  const back = again(one);
  expect([back.request.trailers, back.response!.trailers]).toEqual([
    one.request.trailers,
    one.response!.trailers,
  ]);
});

test("a JSON body is kept as a value, and as text too where writing it back would give other bytes", () => {
  expect(fileOf(exchange('{"a":1}', []))["body"]).toEqual({ a: 1 });
  expect(fileOf(exchange('{"a":1}', []))).not.toHaveProperty("body_raw");
  for (const text of [
    '{ "a": 1 }',
    '{"a":1.0}',
    '{"a":1,"a":2}',
    '{"a":12345678901234567890}',
    '{"$base64":"x"}',
    '"text"',
    "null",
  ]) {
    expect(fileOf(exchange(text, []))).toMatchObject({ body: JSON.parse(text), body_raw: text });
    expect(joined(again(exchange(text, [])).request.pieces)).toEqual(bytes(text));
  }
});

test("any bytes come back from the file, in the same pieces where the pieces mean something", () => {
  const piece = fc.uint8Array({ maxLength: 40 });
  fc.assert(
    fc.property(
      fc.array(fc.oneof(piece, fc.string({ unit: "grapheme" }).map(bytes)), { maxLength: 12 }),
      (parts) => {
        const pieces = parts.map((part, n) => ({ t: n, bytes: part }));
        const back = again(exchange("{}", pieces, "text/event-stream")).response!.pieces;
        expect(back.map((one) => [one.t, [...one.bytes]])).toEqual(
          pieces.map((one) => [one.t, [...one.bytes]]),
        );
        const whole = again(exchange("{}", pieces)).response!.pieces;
        expect([...joined(whole)]).toEqual([...joined(pieces)]);
      },
    ),
  );
});

test("bytes that no text has are kept as base64, which a megabyte of zeros does not make six of", () => {
  const zeros = { t: 1, bytes: new Uint8Array(1024 * 1024) };
  const one = exchange("", [zeros], "text/plain");
  const text = exchangeText(one, { assembled: undefined, summary: {} }, { request: 1, response: 2 });
  expect(text.length).toBeLessThan(1.5 * 1024 * 1024);
  expect(joined(again(one).response!.pieces)).toEqual(zeros.bytes);
  const stream = exchange("", [zeros, { t: 2, bytes: bytes("text") }], "text/event-stream");
  expect(joined(again(stream).response!.pieces)).toEqual(joined(stream.response!.pieces));
});

test("a character cut anywhere by the network gives text chunks with the borders of the wire", () => {
  const whole = bytes("a😀é中z");
  fc.assert(
    fc.property(fc.array(fc.nat(whole.length), { maxLength: 8 }), (cuts) => {
      const borders = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
      const pieces = borders.slice(1).map((end, n) => ({ t: n, bytes: whole.slice(borders[n], end) }));
      const chunks = [...chunksOf(pieces)];
      expect(chunks.map((chunk) => chunk.data).join("")).toBe("a😀é中z");
      expect(piecesOf(chunks).map((one) => [...one.bytes])).toEqual(pieces.map((one) => [...one.bytes]));
    }),
  );
});

test("an exchange without a response, with gaps and a broken ending comes back as it was", () => {
  const one: Exchange = {
    ...exchange("", []),
    response: null,
    gaps: [{ t: 3, from: "client", lost: 7, why: "too long" }],
    close: { t: 9, ending: "client-gone", error: "it left" },
  };
  expect(again(one)).toEqual(one);
  expect(fileOf(one)).toMatchObject({
    response_status: null,
    ending: "client-gone",
    truncated: { bytes: 7 },
  });
});

test("an upstream that spoke HTTP/2 is told from the others", () => {
  const plain = exchange("{}", []);
  const one: Exchange = { ...plain, response: { ...plain.response!, protocol: "HTTP/2" } };
  expect(again(one)).toEqual(one);
  expect([fileOf(one)["protocol"], fileOf(plain)["protocol"]]).toEqual(["HTTP/2", undefined]);
});

test("what is not one of ours is told from what is, with a reason", () => {
  const reason = (text: string) => {
    const parsed = parseExchange(text);
    return "error" in parsed ? parsed.error : null;
  };
  expect(reason("{")).toStartWith("it is not JSON");
  expect(reason("[]")).toStartWith("it is not an exchange");
  expect(reason('{"format":2}')).toBe("it has format 2, from a later version of this program");
  expect(reason('{"format":1}')).toStartWith("it is not an exchange: /id");
});

test("files sort by time", () => {
  expect(exchangePath({ id: "x", at: 0 })).toBe("llm_proxy/1970-01-01T00-00-00.000Z_x.json");
});

test("large bodies are written in parts, and come back to the byte wherever those end", () => {
  const size = 200 * 1024;
  const texts = ["é€😀\n", 'a"\\\u0001', '{"a": 1}, '].map((unit) => bytes(`x${unit.repeat(size / 5)}`));
  const noise = Uint8Array.from({ length: size }, (_, n) => (n * 7919) % 256);
  const json = bytes(`[${'{"a":"é"},'.repeat(size / 10)}1]`);
  const spaced = bytes(`[ ${'{"a":"é"},'.repeat(size / 10)}1]`);
  for (const body of [...texts, noise, json, spaced]) {
    for (const type of ["application/json", "text/plain", "image/png"]) {
      const back = again(exchange("", [{ t: 1, bytes: body }], type));
      expect(Buffer.compare(joined(back.response!.pieces), body)).toBe(0);
    }
  }
});

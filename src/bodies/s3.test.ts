import { expect, test } from "bun:test";
import { bodiesContract } from "./contract.testkit.ts";
import { bucket } from "./bucket.testkit.ts";
import { exchangeKey, s3Bodies } from "./s3.ts";

const text = (bytes: Uint8Array | null) => bytes && new TextDecoder().decode(bytes);
const bytes = (said: string) => new TextEncoder().encode(said);

for (const prefix of ["", "deep/in/"])
  bodiesContract(`bodies in a bucket${prefix && ", in a part of it"}`, () => {
    const at = bucket();
    const bodies = s3Bodies(at.client(), { prefix });
    return { bodies, writer: bodies, close: at.stop };
  });

test("an exchange lies under the day of its id, compressed; an id is never a way to another key", async () => {
  const at = bucket();
  const bodies = s3Bodies(at.client());
  const id = "0190a0a0-0000-7000-8000-000000000001";
  await bodies.put({ of: "exchange", id }, bytes('{"a":1}'));
  expect([...at.objects.keys()]).toEqual([`b/2024/07/11/${id}.json.zst`]);
  expect(text(Bun.zstdDecompressSync(at.objects.get(`b/2024/07/11/${id}.json.zst`)!))).toBe('{"a":1}');
  expect(["../../x", "a/b", "..", "\0\ud800汉"].map(exchangeKey)).toEqual([
    "b/other/%2E%2E%2F%2E%2E%2Fx.json.zst",
    "b/other/a%2Fb.json.zst",
    "b/other/%2E%2E.json.zst",
    "b/other/%00%EF%BF%BD%E6%B1%89.json.zst",
  ]);
  at.stop();
});

test("pieces of a session are one text, in order, whatever two of them have in common", async () => {
  const at = bucket();
  const bodies = s3Bodies(at.client());
  for (const [start, piece] of [
    [6, "{3}\n{4}\n"],
    [0, "{1}\n"],
    [3, "\n{2}"],
    [3, "\n{2"],
    [14, "{5}\n"],
  ] as const)
    await bodies.putPiece("s/1", start, bytes(piece));
  expect([...at.objects.keys()].sort()[0]).toBe("mcp/s%2F1/000000000000.jsonl.zst");
  const session = { of: "session", id: "s/1" } as const;
  expect(text(await bodies.get(session))).toBe("{1}\n{2{3}\n{4}\n{5}\n");
  expect(text(await bodies.range(session, 10, 17))).toBe("{4}\n{5}");
  expect(await bodies.range(session, 10, 100)).toBeNull();
  await bodies.remove(session);
  expect([at.objects.size, await bodies.get(session)]).toEqual([0, null]);
  at.stop();
});

test("a hole between two pieces is where the text ends", async () => {
  const at = bucket();
  const bodies = s3Bodies(at.client());
  await bodies.putPiece("s", 0, bytes("{1}\n"));
  await bodies.putPiece("s", 100, bytes("{9}\n"));
  expect(text(await bodies.get({ of: "session", id: "s" }))).toBe("{1}\n");
  at.stop();
});

test("a bucket that fails, answers too late or is away says so, and what is no body of ours is refused", async () => {
  const at = bucket();
  const bodies = s3Bodies(at.client(), { timeoutMs: 50 });
  const key = { of: "exchange", id: "a" } as const;
  at.fault = { status: 500 };
  await expect(bodies.put(key, bytes("{}"))).rejects.toThrow();
  const { promise: stall, resolve } = Promise.withResolvers<void>();
  at.fault = { stall };
  await expect(bodies.get(key)).rejects.toThrow("has not answered within 1 s");
  resolve();
  at.fault = null;
  at.objects.set("b/other/a.json.zst", Bun.zstdCompressSync(new Uint8Array(200 * 1024 * 1024)));
  await expect(bodies.get(key)).rejects.toThrow();
  at.stop();
  await expect(bodies.put(key, bytes("{}"))).rejects.toThrow();
});

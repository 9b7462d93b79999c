import { expect, test } from "bun:test";
import type { Span } from "../trace/span.ts";
import type { Encoder } from "./encode.ts";
import { createOutbox, type OutboxOptions } from "./outbox.ts";

const encoder: Encoder = {
  contentType: "application/json",
  spans: (spans) => new TextEncoder().encode(JSON.stringify(spans.map(({ name }) => name))),
  metrics: () => new Uint8Array(0),
  rejected: (_, answer) => ({ count: Number(new TextDecoder().decode(answer)) || 0, why: "" }),
};

const span = (name: string): Span => ({
  place: { trace: "0".repeat(32), span: "0".repeat(16) },
  parent: null,
  name,
  kind: "client",
  start: 0,
  end: 1,
  error: null,
  attributes: {},
  links: [],
  content: null,
});
const spans = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => span(`s${from + n}`));

/** A collector that answers what it is told, in its turn; `waits` are the pauses that were asked for. */
function collector(answer: (n: number) => Response | Error, more: Partial<OutboxOptions> = {}) {
  const got: string[][] = [];
  const waits: number[] = [];
  const requests: RequestInit[] = [];
  let tries = 0;
  const outbox = createOutbox({
    url: "http://collector",
    headers: { "x-key": "k" },
    compression: "none",
    timeoutMs: 1_000,
    intervalMs: 1e9,
    encoder: async () => encoder,
    metrics: async () => [],
    fill: null,
    fetch: (async (url: string, init: RequestInit) => {
      if (url.endsWith("/v1/metrics")) return new Response("0");
      requests.push(init);
      const said = answer(tries++);
      if (said instanceof Error) throw said;
      if (said.ok) got.push(JSON.parse(new TextDecoder().decode(init.body as Uint8Array)));
      return said;
    }) as unknown as typeof fetch,
    sleep: async (ms) => {
      waits.push(ms);
      await Bun.sleep(0);
    },
    ...more,
  });
  return { outbox, got, waits, requests, tries: () => tries };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Bun.sleep(1);
}
const figure = ({ figures }: ReturnType<typeof createOutbox>, outcome: string) =>
  figures().items.find((one) => one.signal === "traces" && one.outcome === outcome)?.count ?? 0;

test("many spans are some requests, in order, with the headers that were given", async () => {
  const { outbox, got, requests } = collector(() => new Response(""));
  outbox.spans(spans(0, 700));
  outbox.spans(spans(700, 1_200));
  await until(() => figure(outbox, "sent") === 1_200);
  expect(got.map(({ length }) => length)).toEqual([512, 512, 176]);
  expect(got.flat()).toEqual(spans(0, 1_200).map(({ name }) => name));
  expect(requests[0]?.headers).toEqual({ "x-key": "k", "content-type": "application/json" });
  expect(requests[0]?.redirect).toBe("manual");
  await outbox.close();
});

test("what fails for now is tried again, ever more slowly, and as slowly as the collector says", async () => {
  const busy = () => new Response("", { status: 503 });
  const asks = () => new Response("", { status: 429, headers: { "retry-after": "7" } });
  const script = [new Error("gone"), busy(), asks(), busy(), busy(), busy(), busy(), busy(), busy(), busy()];
  const { outbox, got, waits } = collector((n) => script[n] ?? new Response(""));
  outbox.spans(spans(0, 2));
  await until(() => got.length === 1);
  const [gather, ...pauses] = waits;
  expect(gather).toBe(1_000);
  expect(pauses[2]).toBe(7_000);
  const usual = [1, 2, null, 8, 16, 32, 60, 60, 60, 60];
  for (const [n, most] of usual.entries()) {
    if (most === null) continue;
    expect(pauses[n]).toBeGreaterThanOrEqual(Math.min(60_000, most * 500));
    expect(pauses[n]).toBeLessThanOrEqual(Math.min(60_000, most * 1_500));
  }
  expect([figure(outbox, "sent"), figure(outbox, "dropped"), outbox.trouble()]).toEqual([2, 0, null]);
  await outbox.close();
});

test("while nobody takes them so many spans wait, the latest, and the rest is counted", async () => {
  let isUp = false;
  const { outbox, got } = collector(() => (isUp ? new Response("") : new Error("ECONNREFUSED")));
  for (let n = 0; n < 20; n++) outbox.spans(spans(n * 1_000, (n + 1) * 1_000));
  await until(() => outbox.trouble() !== null);
  expect(outbox.figures().waiting).toBe(8_192);
  expect(outbox.trouble()).toBe(
    "telemetry cannot be sent to http://collector (ECONNREFUSED): 8192 spans wait, 11808 were dropped; the record is complete",
  );
  isUp = true;
  await until(() => figure(outbox, "sent") === 8_192);
  expect(got.flat()[0]).toBe("s11808");
  expect(outbox.trouble()).toBeNull();
  await outbox.close();
});

test("what the collector refuses for good does not stand in the way, and what it refuses of a batch is counted", async () => {
  const script = [
    new Response("no such tenant", { status: 401, headers: { "content-type": "text/plain" } }),
    new Response("3"),
  ];
  const { outbox, tries } = collector((n) => script[n] ?? new Response(""));
  outbox.spans(spans(0, 512));
  await until(() => figure(outbox, "refused") === 512);
  expect(outbox.trouble()).toContain("(HTTP 401: no such tenant)");
  outbox.spans(spans(0, 10));
  await until(() => figure(outbox, "sent") === 7);
  expect([tries(), figure(outbox, "refused"), outbox.trouble()]).toEqual([2, 515, null]);
  await outbox.close();
});

test("spans that cannot be written cost themselves", async () => {
  let broken = true;
  const bad = { ...encoder, spans: (all: readonly Span[]) => (broken ? fail() : encoder.spans(all)) };
  const fail = (): never => {
    broken = false;
    throw new Error("a span of ours is odd");
  };
  const { outbox, got } = collector(() => new Response(""), { encoder: async () => bad });
  outbox.spans(spans(0, 512));
  outbox.spans(spans(512, 520));
  await until(() => got.length === 1);
  expect([figure(outbox, "refused"), got[0]?.[0]]).toEqual([512, "s512"]);
  await outbox.close();
});

test("who stops sends what waits, once, and does not wait for a collector that hangs", async () => {
  let isStuck = false;
  const hang = ({ signal }: RequestInit) =>
    new Promise<Response>((_, reject) => {
      const abort = () => reject(new Error("aborted"));
      if (signal!.aborted) abort();
      else signal!.addEventListener("abort", abort);
    });
  const { outbox, waits } = collector(() => new Response(""), {
    fetch: ((_: string, init: RequestInit) => {
      isStuck = true;
      return hang(init);
    }) as unknown as typeof fetch,
    timeoutMs: 1e8,
  });
  outbox.spans(spans(0, 5));
  await until(() => isStuck);
  await outbox.close();
  expect([waits.length, figure(outbox, "dropped")]).toEqual([1, 5]);
});

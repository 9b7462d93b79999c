/**
 * The way to a collector: what waits is bounded, what fails is tried again ever more slowly, and what finds no room or is
 * refused is counted. Nothing waits for it, and it never throws. One request at a time.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp-request
 */
import { printable } from "../../fact/printable.ts";
import type { SendingFigures } from "../own-figures.ts";
import type { Metric } from "../registry.ts";
import type { Span } from "../trace/span.ts";
import type { Encoder, Signal } from "./encode.ts";

export type OutboxOptions = {
  /** The base; `/v1/traces` and `/v1/metrics` stand behind it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: "gzip" | "none";
  readonly timeoutMs: number;
  /** How often metrics are sent. */
  readonly intervalMs: number;
  readonly encoder: () => Promise<Encoder>;
  readonly metrics: () => Promise<Metric[]>;
  /** Adds what was said to spans that are about to leave; null where nobody asked for it. */
  readonly fill: ((spans: readonly Span[]) => Promise<Span[]>) | null;
  readonly fetch?: typeof fetch;
  /** Resolves after so many ms, or earlier when the outbox closes. */
  readonly sleep?: (ms: number) => Promise<void>;
};

export type Outbox = {
  spans(spans: readonly Span[]): void;
  /** So many attributes held a credential, and stay here. */
  withheld(attributes: number): void;
  figures(): SendingFigures;
  /** A sentence for the page while it cannot send; null when all is well. */
  trouble(): string | null;
  /** One more attempt for what waits. */
  close(): Promise<void>;
};

/** Some minutes of a busy agent; a span without content is a kilobyte. */
const MOST_SPANS = 8_192;
/** Some hundred kilobytes at once; with content each span may be that much by itself. */
const BATCH = { plain: 512, filled: 16 };
/** So that a burst is some requests and not hundreds. */
const GATHER_MS = 1_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** Who stops the program does not wait for a collector that is gone. */
const CLOSING_MS = 2_000;
/** The protocol's list of what may be tried again. */
const AGAIN = new Set([429, 502, 503, 504]);

type Outcome = {
  readonly how: "sent" | "again" | "refused";
  readonly why: string;
  readonly wait: number | null;
};

export function createOutbox(options: OutboxOptions): Outbox {
  const { url, intervalMs, encoder, metrics, fill } = options;
  const counts = new Map<string, number>();
  let waiting: Span[] = [];
  let running: Promise<void> | null = null;
  let closed = false;
  let failure: string | null = null;
  let wake: () => void = () => {};
  const ending = new AbortController();
  const timer = setInterval(() => void sendMetrics(), intervalMs);
  timer.unref();

  return {
    spans(spans) {
      for (const span of spans) waiting.push(span);
      const tooMany = waiting.length - MOST_SPANS;
      if (tooMany > 0) {
        waiting = waiting.slice(tooMany);
        count("traces", "dropped", tooMany);
      }
      if (!closed) running ??= work().finally(() => (running = null));
    },
    withheld: (attributes) => count("content", "withheld", attributes),
    figures: () => ({
      waiting: waiting.length,
      items: [...counts].map(([key, n]) => {
        const [signal, outcome] = key.split(" ");
        return { signal: signal!, outcome: outcome!, count: n };
      }),
    }),
    trouble() {
      if (failure === null) return null;
      const lost = (counts.get("traces dropped") ?? 0) + (counts.get("traces refused") ?? 0);
      return `telemetry cannot be sent to ${url} (${failure}): ${waiting.length} spans wait, ${lost} were dropped; the record is complete`;
    },
    async close() {
      closed = true;
      clearInterval(timer);
      wake();
      const late = setTimeout(() => ending.abort(), CLOSING_MS);
      await running;
      while (waiting.length > 0 && (await sendSpans()).how !== "again");
      await sendMetrics();
      clearTimeout(late);
      count("traces", "dropped", waiting.length);
      waiting = [];
    },
  };

  async function work(): Promise<void> {
    let wait = FIRST_WAIT_MS;
    await sleep(GATHER_MS);
    while (waiting.length > 0 && !closed) {
      const { how, wait: asked } = await sendSpans();
      if (how !== "again") {
        wait = FIRST_WAIT_MS;
        continue;
      }
      // Many recorders of a team must not come back at one moment.
      await sleep(Math.min(LONGEST_WAIT_MS, asked ?? wait * (0.5 + Math.random())));
      wait = Math.min(LONGEST_WAIT_MS, wait * 2);
    }
  }

  async function sendSpans(): Promise<Outcome> {
    const batch = waiting.slice(0, fill ? BATCH.filled : BATCH.plain);
    let outcome: Outcome;
    try {
      const filled = fill ? await fill(batch) : batch;
      const its = await encoder();
      outcome = await post("traces", its, its.spans(filled), batch.length);
    } catch (error) {
      // Of these spans: they would fail again, and those behind them need not wait for it.
      failure = error instanceof Error ? error.message : String(error);
      outcome = { how: "refused", why: failure, wait: null };
    }
    if (outcome.how === "again") return outcome;
    // Meanwhile the first ones may have had to make room.
    const sent = new Set(batch);
    waiting = waiting.filter((span) => !sent.has(span));
    if (outcome.how === "refused") count("traces", "refused", batch.length);
    return outcome;
  }

  async function sendMetrics(): Promise<void> {
    try {
      const its = await encoder();
      const all = await metrics();
      const { how } = await post("metrics", its, its.metrics(all, Date.now()), 1);
      // They are sums since the beginning: the next ones hold what these would have said.
      if (how !== "sent") count("metrics", "dropped", 1);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      count("metrics", "dropped", 1);
    }
  }

  async function post(signal: Signal, its: Encoder, body: Uint8Array, items: number): Promise<Outcome> {
    const outcome = await ask(signal, its, body);
    failure = outcome.how === "sent" ? null : outcome.why;
    if (outcome.how === "sent") count(signal, "sent", items - outcome.refused);
    if (outcome.how === "sent" && outcome.refused > 0) count(signal, "refused", outcome.refused);
    return outcome;
  }

  async function ask(signal: Signal, its: Encoder, body: Uint8Array): Promise<Outcome & { refused: number }> {
    const { headers, compression, timeoutMs, fetch: send = fetch } = options;
    try {
      const answer = await send(`${url}/v1/${signal}`, {
        method: "POST",
        headers: {
          ...headers,
          "content-type": its.contentType,
          ...(compression === "gzip" && { "content-encoding": "gzip" }),
        },
        body: compression === "gzip" ? Bun.gzipSync(new Uint8Array(body)) : new Uint8Array(body),
        // Headers hold a key that is meant for this address alone.
        redirect: "manual",
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ending.signal]),
      });
      const said = new Uint8Array(await answer.arrayBuffer());
      if (answer.ok) {
        const { count: refused } = its.rejected(signal, said);
        return { how: "sent", why: "", wait: null, refused };
      }
      const why = `HTTP ${answer.status}${wordsOf(answer, said)}`;
      const how = AGAIN.has(answer.status) ? "again" : "refused";
      return { how, why, wait: waitOf(answer.headers.get("retry-after")), refused: 0 };
    } catch (error) {
      const why =
        (error as { code?: string }).code ?? (error instanceof Error ? error.message : String(error));
      return { how: "again", why, wait: null, refused: 0 };
    }
  }

  function count(signal: Signal | "content", outcome: string, items: number): void {
    if (items > 0) counts.set(`${signal} ${outcome}`, (counts.get(`${signal} ${outcome}`) ?? 0) + items);
  }

  function sleep(ms: number): Promise<void> {
    if (closed) return Promise.resolve();
    if (options.sleep) return options.sleep(ms);
    return new Promise((resolve) => {
      const ending = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(ending);
        resolve();
      };
    });
  }
}

/** What a collector says for people, if it is text. */
function wordsOf(answer: Response, bytes: Uint8Array): string {
  if (!/json|text\/plain/.test(answer.headers.get("content-type") ?? "")) return "";
  const words = printable(new TextDecoder().decode(bytes.subarray(0, 200))).trim();
  return words === "" ? "" : `: ${words.replaceAll(/\s+/g, " ")}`;
}

/** RFC 9110 10.2.3, in ms: the collector's own word. */
function waitOf(said: string | null): number | null {
  if (said === null) return null;
  return /^\d{1,6}$/.test(said.trim()) ? Number(said) * 1000 : null;
}

/** The way to a collector, where the settings name one: who sends, and where what was said is read from. */
import type { Exchange } from "../fact/exchange.ts";
import type { Index } from "../index/index.ts";
import { look } from "../read/look.ts";
import { read } from "../read/read.ts";
import { fillWith } from "../telemetry/fill.ts";
import { loadEncoder, type Encoder } from "../telemetry/send/encode.ts";
import { createOutbox, type Outbox, type OutboxOptions } from "../telemetry/send/outbox.ts";
import { semconv } from "../telemetry/semconv.ts";
import type { Settings } from "./messages.ts";

export type Kept = {
  readonly metrics: OutboxOptions["metrics"];
  load(id: string): Promise<Exchange | null>;
  message(session: string, seq: number): Promise<unknown>;
};

/** Null where nothing is to be sent. */
export function outboxFor({ config, version, life }: Settings, kept: Kept): Outbox | null {
  const { otlpUrl, otlpProtocol, otlpContent, otlp } = config;
  if (otlpUrl === null) return null;
  const { url, headers } = signedIn(otlpUrl);
  const convention = semconv(config.semconv);
  const resource = {
    "service.name": "mcp-proxy-logger",
    "service.version": version,
    "service.instance.id": life,
    ...otlp.resource,
  };
  const origin = { resource, name: "mcp-proxy-logger", version, schemaUrl: convention.schemaUrl };
  let encoder: Promise<Encoder> | null = null;
  const source = {
    message: kept.message,
    async reading(id: string) {
      const exchange = await kept.load(id);
      return exchange && read(exchange, look(exchange));
    },
  };
  const outbox: Outbox = createOutbox({
    ...otlp,
    url,
    headers: { ...headers, ...otlp.headers },
    encoder: () => (encoder ??= loadEncoder(otlpProtocol, origin)),
    metrics: kept.metrics,
    fill: otlpContent ? fillWith(source, convention, (count) => outbox.withheld(count)) : null,
  });
  return outbox;
}

/** A user in the address signs in by a header: the address itself stands in sentences. */
function signedIn(address: string): { url: string; headers: Record<string, string> } {
  const { username, password, origin, pathname } = new URL(address);
  if (username === "" && password === "") return { url: address, headers: {} };
  const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = `Basic ${Buffer.from(words).toString("base64")}`;
  return { url: `${origin}${pathname.replace(/\/+$/, "")}`, headers: { authorization } };
}

/** The message of a line of a session; undefined where there is none. */
export async function messageAt(
  index: Pick<Index, "messages">,
  session: string,
  seq: number,
): Promise<unknown> {
  const { items } = await index.messages(session, seq - 1, 1);
  return items[0]?.seq === seq ? items[0].line["message"] : undefined;
}

/** Wires shipping to the store of a team: connects when the store is there, and tells the page and the metrics how it goes. */
import { rmSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import type { Bodies } from "../bodies/bodies.ts";
import { bucketAt } from "../bodies/bucket.ts";
import type { Config } from "../config.ts";
import type { ExchangeRow, Origin } from "../fact/rows.ts";
import type { LiveTimes } from "../fact/live.ts";
import type { Feed, Topic } from "../feed/feed.ts";
import type { Index, LocalIndex } from "../index/index.ts";
import type { LiveSnapshot } from "../read/live.ts";
import { startShipper } from "../ship/shipper.ts";
import { storeLink } from "./store-link.ts";
import type { ShippingFigures } from "../telemetry/telemetry.ts";

const CLOSE_MS = 2_000;

export type Shipping = {
  /** Sentences for people. Empty when all is well. */
  warnings(): string[];
  figures(): ShippingFigures;
  close(): Promise<void>;
};

type Here = {
  readonly version: string;
  readonly index: Index & LocalIndex;
  readonly bodies: Bodies;
  readonly feed: Feed;
  inFlight(): ExchangeRow[];
  /** What one in flight has come to; null when it is not. */
  live(id: string): (LiveSnapshot & LiveTimes) | null;
};

/** Null where nothing is shared. */
export function shippingOf(
  config: Config,
  { version, index, bodies, feed, inFlight, live }: Here,
): Shipping | null {
  const { store, bodies: bucket, storeToken, logDir, afterShipping } = config;
  if (store === null || bucket === null) return null;
  const origin = originOf(config);
  const token = storeToken ?? "";
  // What somebody follows at the store is followed here, and what comes of it is told there.
  const followed = feed.listen((frames) => {
    for (const frame of frames)
      if (frame.type === "exchange.added" || frame.type === "mcp.row" || frame.type === "mcp.head")
        link.tell(frame);
    return "sent";
  });
  function follow(topic: Topic, state: "followed" | "left"): void {
    if (state === "left") return followed.unsubscribe(topic);
    followed.subscribe(topic);
    const before = topic.what === "added" ? live(topic.of) : null;
    if (!before) return;
    const { ttfb, ttft, events, parts } = before;
    const all = parts.map(({ kind, name, text }, n) => ({ n, kind, name, at: 0, append: text }));
    link.tell({
      type: "exchange.added",
      id: topic.of,
      ttfb,
      ttft,
      from_n: 0,
      events: [...events],
      parts: all,
      fresh: true,
    });
  }

  const link = storeLink({ url: store, token, origin, onFollow: follow });
  const shipper = startShipper({
    local: { index, bodies, feed, inFlight },
    store: { rows: link.rows, bodies: bucketAt(bucket, config.s3), tell: link.tell },
    origin,
    version,
    checkpoint: join(logDir, "ship.sqlite"),
    target: targetOf(store, bucket, origin.project),
    ...(afterShipping === "drop" && { drop: (path: string) => rmSync(join(logDir, path), { force: true }) }),
  });

  return {
    warnings() {
      const { backlog, trouble, held, refused, lag_ms } = shipper.state();
      const [first] = shipper.aside(1);
      const aside = held + refused;
      return [
        ...(trouble === null
          ? []
          : [
              `nothing is shipped for ${Math.ceil(lag_ms / 1000)} s (${trouble}); ${backlog} wait, and the record here is complete`,
            ]),
        ...(aside === 0
          ? []
          : [
              `${held} were held back from the team's store for what looks like a credential, ${refused} were refused by it; the last: ${first?.id}: ${first?.why} (\`bun run team held\`)`,
            ]),
      ];
    },
    figures() {
      const { backlog, lag_ms, shipped, errors, held } = shipper.state();
      const { exchanges, sessions, runs } = shipped;
      return {
        waiting: backlog,
        oldestMs: backlog === 0 ? null : lag_ms,
        shipped: exchanges + sessions + runs,
        errors,
        heldBack: held,
      };
    },
    async close() {
      followed.close();
      // A store that hangs is not waited for: what it did not take waits for the next start.
      await Promise.race([shipper.close(), Bun.sleep(CLOSE_MS)]);
      await link.close();
    },
  };
}

export function originOf({ project, recorderName, user }: Config): Origin {
  const host = hostname();
  return {
    project: project ?? "default",
    recorder: recorderName ?? host,
    user: user ?? userInfo().username,
    host,
  };
}

/** Which store this is, without what lets one in. */
function targetOf(store: string, bucket: string, project: string): string {
  const { host, pathname } = new URL(store);
  return `${host}${pathname} ${bucket.replace(/\/\/[^@/]*@/, "//")} ${project}`;
}

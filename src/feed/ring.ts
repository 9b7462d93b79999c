/** A feed in this process: it gives the numbers itself. */
import type { Frame } from "../fact/frame.ts";
import type { Feed, News } from "./feed.ts";
import { createDelivery, type FeedOptions } from "./delivery.ts";

export type { FeedOptions } from "./delivery.ts";

export function createFeed(options: FeedOptions): Feed {
  const delivery = createDelivery({ after: Date.now() * 1000, ...options });

  return {
    ...delivery,
    publish(news: News): void {
      delivery.take({ ...news, seq: delivery.seq() + 1 } as Frame);
    },
  };
}

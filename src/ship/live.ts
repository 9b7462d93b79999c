/** What goes on now, for whoever looks at the store: rows as this machine's own page gets them, with where they come from. */
import type { Origin } from "../fact/rows.ts";
import type { Frame } from "../fact/frame.ts";
import type { News } from "../feed/feed.ts";

/** Null for what is this machine's own affair, or is told once it has been shipped. */
export function forwarded(frame: Frame, origin: Origin): News | null {
  switch (frame.type) {
    case "exchange.open":
    case "exchange.head":
    case "exchange.row":
    case "mcp.session":
    case "run.row": {
      const { seq: _, ...news } = frame;
      return { ...news, row: { ...frame.row, origin } } as News;
    }
    case "mcp.message":
    case "run.step":
    case "run.tie":
    case "run.gone":
    case "star": {
      const { seq: _, ...news } = frame;
      return news as News;
    }
    default:
      return null;
  }
}

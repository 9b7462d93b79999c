/**
 * Sessions that say they are open: looked at from time to time, and ended when whoever recorded them is gone. The
 * youngest thousands are looked at once, at the start; then those of the first page, where new ones are.
 */
import { reasonOf } from "./of-the-disk.ts";
import { join } from "node:path";
import type { Index } from "../index/index.ts";
import { endWhereDead, recorderOf } from "../journal/dead-sessions.ts";

/** Sessions of hosts that run now, many times over. */
const PAGE_SESSIONS = 100;
const PAGES_AT_START = 50;
/** Looked at each time: the youngest ones. */
const MOST_SESSIONS = 1_000;

export type OpenSessions = { look(): Promise<void> };

export function openSessions(
  logs: string,
  index: Pick<Index, "sessions">,
  pathOf: (id: string) => string | null,
): OpenSessions {
  /** Path to the mark of its recorder. */
  const open = new Map<string, unknown>();
  let first = true;

  return {
    async look() {
      let before: string | undefined;
      for (let page = first ? PAGES_AT_START : 1; page > 0; page--) {
        const from = before === undefined ? {} : { before };
        const { items, next } = await index.sessions({ limit: PAGE_SESSIONS, ...from });
        for (const { id, state } of items) note(id, state);
        if (next === null) break;
        before = next;
      }
      first = false;
      for (const [path, recorder] of open) if (endWhereDead(join(logs, path), recorder)) open.delete(path);
    },
  };

  function note(id: string, state: "open" | "closed"): void {
    const path = pathOf(id);
    if (path === null) return;
    if (state === "closed") open.delete(path);
    else if (!open.has(path) && open.size < MOST_SESSIONS) open.set(path, recorderOf(join(logs, path)));
  }
}

/** Looks when it is called; what stands in the way is said once. */
export function lookAt(sessions: OpenSessions, warn: (message: string) => void): () => Promise<void> {
  let said: string | null = null;
  return async () => {
    try {
      await sessions.look();
    } catch (error) {
      const message = `open sessions cannot be looked at (${reasonOf(error)})`;
      if (said !== message) warn(message);
      said = message;
    }
  };
}

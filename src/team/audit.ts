/** A line in the store for each body that is opened: who, what, when. Written before it is shown; without it nothing is. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { SQL } from "bun";

export type Audit = {
  /** Who asks, for what follows in the same request. */
  visit(address: string): void;
  opened(what: "exchange" | "session", id: string): Promise<void>;
};

/** One look at an exchange asks for its body for each panel: the same eyes are written down once in this time. */
const ONCE_MS = 60_000;
const MOST_LOOKS = 10_000;

export function auditIn(sql: SQL, { token, page }: { readonly token: string; readonly page: string }): Audit {
  const visitor = new AsyncLocalStorage<string>();
  const recent = new Map<string, number>();

  return {
    visit: (address) => visitor.enterWith(address),
    async opened(what, id) {
      const who = visitor.getStore() ?? "";
      const key = `${who} ${what} ${id}`;
      const now = performance.now();
      if (now - (recent.get(key) ?? -Infinity) < ONCE_MS) return;
      await sql.unsafe("select mcpl.note_opening($1::text, $2::text, $3::text, $4::text, $5::text)", [
        token,
        page,
        who,
        what,
        id.toWellFormed().replaceAll("\0", ""),
      ]);
      recent.delete(key);
      recent.set(key, now);
      const [oldest] = recent.keys();
      if (recent.size > MOST_LOOKS && oldest !== undefined) recent.delete(oldest);
    },
  };
}

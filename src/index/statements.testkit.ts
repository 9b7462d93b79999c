/** Counts what is asked of SQLite, for tests that hold how much one exchange costs. No clock: the same on any machine. */
import { Database } from "bun:sqlite";

/** Executions by their SQL, and transactions that were begun. */
export type Statements = { readonly all: ReadonlyMap<string, number>; readonly transactions: number };

const WAYS = ["run", "get", "all"] as const;

/** Databases that `open` opens are watched as long as they are; `since` forgets what was counted. */
export function watched<T>(open: () => T): { opened: T; since(): void; counted(): Statements } {
  const all = new Map<string, number>();
  const real = { prepare: Database.prototype.prepare, query: Database.prototype.query };
  const seen = new WeakSet<object>();
  const watch = (name: "prepare" | "query") =>
    function (this: Database, sql: string, ...more: []) {
      // Questions that are made when they are asked are watched too.
      if (!Object.hasOwn(this, "query"))
        Object.defineProperty(this, "query", { value: watch("query").bind(this), configurable: true });
      const statement = real[name].call(this, sql, ...more);
      if (seen.has(statement)) return statement;
      seen.add(statement);
      const key = sql.replace(/\s+/g, " ").trim();
      for (const way of WAYS) {
        const asked = statement[way].bind(statement) as (...values: unknown[]) => unknown;
        Object.defineProperty(statement, way, {
          value: (...values: unknown[]) => {
            all.set(key, (all.get(key) ?? 0) + 1);
            return asked(...values);
          },
        });
      }
      return statement;
    };
  Database.prototype.prepare = watch("prepare") as typeof real.prepare;
  Database.prototype.query = watch("query") as typeof real.query;
  try {
    const opened = open();
    return {
      opened,
      since: () => all.clear(),
      counted: () => ({ all: new Map(all), transactions: transactionsIn(all) }),
    };
  } finally {
    Object.assign(Database.prototype, real);
  }
}

function transactionsIn(all: ReadonlyMap<string, number>): number {
  return [...all].reduce((sum, [sql, count]) => sum + (/^begin/i.test(sql) ? count : 0), 0);
}

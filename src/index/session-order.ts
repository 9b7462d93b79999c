/** By what sessions are put in order: the key of each order in SQL, for both engines. */
import type { SessionSort } from "../filter/sort.ts";

/** How an engine reads a member of the row of the sessions `s`, null where it is not there. */
export type SessionEngine = {
  /** The order of time, in which the key is no member of the row. */
  readonly time: string;
  readonly name: string;
  readonly recorder: string;
  text(member: "client" | "state" | "transport" | "revision"): string;
  number(member: "at" | "last_at" | "messages" | "requests" | "errors" | "problems"): string;
};

export const NEWEST_SESSION: SessionSort = { by: "time", order: "descending" };

/** The same as `filter/session-order.ts`, by which the page keeps the order as rows come. */
export function keyOfSessions({ by, order }: SessionSort, engine: SessionEngine): string {
  // What is not there comes last in both directions.
  const words = (column: string) =>
    order === "ascending" ? `coalesce(${column}, '\u{10ffff}')` : `coalesce(${column}, '')`;
  switch (by) {
    case "time":
      return engine.time;
    case "server":
      return engine.name;
    case "recorder":
      return words(engine.recorder);
    case "client":
    case "state":
    case "transport":
    case "revision":
      return words(engine.text(by));
    case "messages":
    case "requests":
    case "errors":
    case "problems":
      return engine.number(by);
    case "total":
      return `${engine.number("last_at")} - ${engine.number("at")}`;
    default:
      return by satisfies never;
  }
}

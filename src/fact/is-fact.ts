/** Whether a value that was read from a disk is a fact in every field: a spool may be damaged, or a stranger's. */
import type { Fact } from "./fact.ts";

/** As ids are in file names and addresses. */
const ID = /^[0-9A-Za-z._-]{1,100}$/;
/** The last moment that a date can name (ECMA-262 21.4.1.1). */
const LAST = 8.64e15;

const WIRES: readonly unknown[] = ["http", "websocket", "stdio"];
const SIDES: readonly unknown[] = ["client", "server", "stderr"];
const ENDINGS: readonly unknown[] = ["complete", "client-gone", "upstream-error", "refused", "interrupted"];

/** `bytes` of a piece are not looked at: they stand beside the value. Costs less than a microsecond. */
export function isFact(value: unknown): value is Fact {
  if (typeof value !== "object" || value === null) return false;
  const fact = value as Record<string, unknown>;
  if (!isId(fact["id"])) return false;
  if (fact["fact"] !== "open" && !isTime(fact["t"])) return false;
  switch (fact["fact"]) {
    case "open":
      return (
        isTime(fact["at"]) &&
        WIRES.includes(fact["wire"]) &&
        ["method", "path", "upstream", "target"].every((name) => typeof fact[name] === "string") &&
        (fact["run"] === undefined || typeof fact["run"] === "string") &&
        // Responses of a socket are made of its facts, and never lie beside them.
        fact["part"] === undefined &&
        fact["before"] === undefined &&
        areHeaders(fact["headers"])
      );
    case "head":
      return Number.isInteger(fact["status"]) && areHeaders(fact["headers"]);
    case "bytes":
      return SIDES.includes(fact["from"]) && [undefined, "text", "binary"].includes(fact["frame"] as string);
    case "trailers":
      return SIDES.includes(fact["from"]) && areHeaders(fact["headers"]);
    case "gap":
      return (
        SIDES.includes(fact["from"]) && typeof fact["lost"] === "number" && typeof fact["why"] === "string"
      );
    case "close":
      return ENDINGS.includes(fact["ending"]) && isTextOrNull(fact["error"]);
    default:
      return false;
  }
}

export function isId(value: unknown): value is string {
  return typeof value === "string" && ID.test(value);
}

function isTime(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && Math.abs(value) <= LAST;
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === "string";
}

function areHeaders(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (pair) =>
        Array.isArray(pair) &&
        pair.length === 2 &&
        typeof pair[0] === "string" &&
        typeof pair[1] === "string",
    )
  );
}

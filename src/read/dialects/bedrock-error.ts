/** Errors of AWS: `{ message }` in the body, the type in a header; in a stream an event that is an exception. */
import { header } from "../../fact/exchange.ts";
import type { Glimpse } from "../dialect.ts";
import { isObject } from "../json.ts";
import type { ReadError } from "../reading.ts";
import { toldError } from "./values.ts";

export function awsError(message: unknown, { exchange }: Glimpse): ReadError | null {
  const { response } = exchange;
  const inside = isObject(message) && Boolean(message["error"]);
  if (!inside && (response?.status ?? 0) < 400) return null;
  const told = toldError(message);
  // `ExpiredTokenException:http://internal.amazon.com/…`
  const type = header(response?.headers ?? [], "x-amzn-errortype")?.split(":")[0];
  if (told === null || told.type !== null || !type) return told;
  return { ...told, type };
}

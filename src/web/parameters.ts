/** Parameters that many routes of the API take, and what they say of what is not there. */
import { t } from "elysia";

export const limit = (most: number, usual: number) =>
  t.Integer({ minimum: 1, maximum: most, default: usual, error: `limit: a whole number from 1 to ${most}` });

export const word = (name: string) =>
  t.String({ maxLength: 1000, error: `${name}: a text of at most 1000 characters` });

export function unknown(what: string, id: string) {
  return { error: `there is no ${what} ${id}; it may have been deleted, or its file cannot be read` };
}

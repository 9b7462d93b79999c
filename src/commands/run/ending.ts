/** What a run has recorded, said when it is over: a run that recorded nothing looks like one that did. */
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { askPage } from "../own-page.ts";

/** How many exchanges of this run the page lists; null where nobody can be asked. */
export async function exchangesOf(
  run: string,
  pageUrl: string | null,
  token: string | null,
): Promise<number | null> {
  if (pageUrl === null) return null;
  let before = -1;
  for (let n = 0; n < LOOKS; n++) {
    const count = await asked(run, pageUrl, token);
    // What has just ended is on its way to the list: only a number that stays is believed.
    if (count === null || (count > 0 && count === before)) return count;
    before = count;
    await Bun.sleep(BETWEEN_MS);
  }
  return before;
}

/** A second in all, where nothing comes: the record is written every 50 ms. */
const LOOKS = 8;
const BETWEEN_MS = 120;

/** A person waits for this. */
const ANSWER_MS = 2_000;

async function asked(run: string, pageUrl: string, token: string | null): Promise<number | null> {
  const q = encodeURIComponent(`path:/@run:${run}/*`);
  const answer = await askPage(`${pageUrl}/api/exchanges?limit=1&q=${q}`, token, ANSWER_MS);
  return Value.Check(Told, answer) ? answer.total : null;
}

const Told = Type.Object({ total: Type.Integer() });

/** Sentences for the end of a run. */
export function ending(count: number | null, unrecorded: readonly string[]): string[] {
  const reasons = unrecorded.length > 0 ? unrecorded : [LIKELY];
  if (count === 0) return [`0 exchanges; ${reasons[0]}`, ...reasons.slice(1)];
  return [...(count === null ? [] : [`${count} ${count === 1 ? "exchange" : "exchanges"}`]), ...unrecorded];
}

const LIKELY =
  "the program asked none of the addresses that it was given: it has one of its own in its settings, is signed in with an account, or asked no model";

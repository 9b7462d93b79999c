// The rows beside the one that is read: their fragments are fetched while nobody asks, so that j and k find them here.
import { onFrames } from "./feed.js";

/** A hand that runs through the list is not followed: the server is asked when it rests. */
const REST_MS = 250;
/** What is older may have changed. */
const FRESH_MS = 30_000;
/** Larger ones take the server longer than a reader would be spared. */
const MOST_BYTES = 512 * 1024;

/** The row before, the one that is read, the next, and one more. */
const MOST = 4;

/** By address, the latest last. @type {Map<string, { at: number, text: Promise<string | null> }>} */
const kept = new Map();
/** @type {AbortController | null} */
let asking = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** Which way the hand went last. */
let way = 1;
let was = -1;

// A star, a turn more, a list that is another: what was fetched says what was so before.
onFrames((frames) => {
  if (frames.some(({ type }) => /^(star|exchange\.(close|gone)|resync)/.test(type))) kept.clear();
});

/** What was fetched for this address; undefined when it was not, or is old. @param {string} address */
export function taken(address) {
  const it = kept.get(address);
  return it && performance.now() - it.at < FRESH_MS ? it.text : undefined;
}

/** Who comes back to what was read just now finds it here too. @param {string} address @param {string} text */
export function readNow(address, text) {
  if (text.includes('data-state="done"')) keep(address, Promise.resolve(text));
}

/** @param {string} address @param {Promise<string | null>} text */
function keep(address, text) {
  kept.delete(address);
  kept.set(address, { at: performance.now(), text });
  for (const old of [...kept.keys()].slice(0, -MOST)) kept.delete(old);
}

/** @param {ReturnType<typeof import("./list.js").windowed>} list @param {(id: string) => string} addressOf */
export function fetchBeside(list, addressOf) {
  clearTimeout(timer);
  asking?.abort();
  const mine = (asking = new AbortController());
  const n = list.selected === null ? -1 : list.source.indexOf(list.selected);
  if (n < 0) return;
  if (was >= 0 && n !== was) way = n > was ? 1 : -1;
  was = n;
  timer = setTimeout(async () => {
    // One after the other, the one that is likelier first.
    for (const at of [n + way, n - way]) {
      const item = at < 0 ? undefined : list.source.at(at);
      const row = item?.kind ? item.row : item;
      if (document.hidden || mine.signal.aborted) return;
      if (row?.state !== "done" || row.bytes_in + row.bytes_out > MOST_BYTES) continue;
      const address = addressOf(row.id);
      if (taken(address)) continue;
      const text = fetch(address, { signal: mine.signal, headers: { "HX-Request": "true" } })
        .then((answer) => (answer.ok ? answer.text() : null))
        .catch(() => null);
      keep(address, text);
      if ((await text) === null) kept.delete(address);
    }
  }, REST_MS);
}

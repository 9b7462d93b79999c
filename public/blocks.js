// Blocks of a long list, asked for when they are wanted: each once at a time, again where it failed. An answer that comes late takes nothing back.
import { ask, failed } from "./dom.js";

/** @typedef {import("../src/fact/rows.ts").ExchangeRow} Row */
/** @typedef {import("../src/filter/fits.ts").Fit} Fit */

/** Rows of one question. */
export const BLOCK = 200;
/** Loaded rows that are kept, about 1 KB each: what is forgotten is asked for again. */
export const MOST_ROWS = 60_000;
const RETRY_MS = 1000;

/**
 * `newest()` is the address of the newest end, which also says how long the list is, `rows(from, to)` that of a block; what they answer goes to
 * `onNewest` and `onBlock`. `again_ms` goes by until a list that cannot place what came is asked for again.
 * @param {{ again_ms: number, newest(): string, rows(from: number, to: number): string, onNewest(page: any): void, onBlock(page: any, from: number, block: number): void }} list
 */
export function blockLoader({ again_ms, newest, rows, onNewest, onBlock }) {
  let age = 0;
  /** Questions are counted, and an answer to one before this is of no use any more. */
  let questions = 0;
  let past = 0;
  /** Of all questions of one filter. */
  let stop = new AbortController();
  /** Blocks on their way, by the question. @type {Map<number, number>} */
  const asked = new Map();
  /** @type {ReturnType<typeof setTimeout> | null} */
  let again = null;
  let failing = false;

  return { filter, load, later, want };

  /** What was asked before is of no use, and nobody answers it further. Says how a row fits a filter; null where another filter came meanwhile. @param {string} q */
  async function filter(q) {
    const mine = ++age;
    past = ++questions;
    asked.clear();
    stop.abort();
    stop = new AbortController();
    // The language of filters is loaded with the first one.
    const reader = q === "" ? null : await import("./filter-fit.js");
    /** @type {(row: Row) => Fit} */
    const fits = reader?.fitOf(q) ?? (() => "yes");
    return mine === age ? fits : null;
  }

  /** The newest, and how many there are. */
  async function load() {
    const mine = ++questions;
    try {
      const page = await ask(newest(), stop.signal);
      if (mine < past) return;
      past = mine;
      failing = false;
      asked.clear();
      onNewest(page);
    } catch (error) {
      if (mine < past) return;
      // Said once, tried until it is there.
      if (!failing) failed(/** @type {Error} */ (error));
      failing = true;
      await retry();
      if (mine >= past) await load();
    }
  }

  /** What came fits somewhere that only the index knows. */
  function later() {
    again ??= setTimeout(() => {
      again = null;
      void load();
    }, again_ms);
  }

  /**
   * Loads the blocks of these places, of a list that ends at `end`, where they are not had yet.
   * @param {number} first @param {number} last @param {number} end @param {(block: number, from: number, to: number) => boolean} isHad
   */
  function want(first, last, end, isHad) {
    for (let block = Math.floor(first / BLOCK); block * BLOCK < Math.min(last, end); block++) {
      const from = block * BLOCK;
      const to = Math.min(from + BLOCK, end);
      if (!asked.has(block) && !isHad(block, Math.max(first, from), Math.min(last, to)))
        void loadBlock(block, from, to);
    }
  }

  /** @param {number} block @param {number} from @param {number} to */
  async function loadBlock(block, from, to) {
    const mine = ++questions;
    asked.set(block, mine);
    try {
      const page = await ask(rows(from, to), stop.signal);
      if (mine > past) onBlock(page, from, block);
    } catch {
      // The scrollbar or the next drawing asks for it again.
      await retry();
    }
    if (asked.get(block) === mine) asked.delete(block);
  }
}

function retry() {
  return new Promise((resolve) => setTimeout(resolve, RETRY_MS));
}

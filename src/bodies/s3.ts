/**
 * Bodies in a bucket: one compressed object for an exchange, pieces for a session, which grows. Objects are put whole or not at
 * all, and put again they are the same.
 */
import type { S3Client } from "bun";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { concat } from "../fact/concat.ts";
import { LARGEST_FILE } from "../journal/files.ts";
import type { Bodies, BodiesWriter, BodyKey } from "./bodies.ts";

export type S3Bodies = Bodies &
  BodiesWriter & {
    /** A piece of a session's file, which begins at this byte. What was put before it stays. */
    putPiece(session: string, at: number, bytes: Uint8Array): Promise<void>;
    /** Everything that there is of it. */
    remove(key: BodyKey): Promise<void>;
  };

export type S3Options = {
  /** In front of every key, with its slash: a bucket may be shared. */
  readonly prefix?: string;
  /** A store that is slower than this is away; each megabyte has a second more. */
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 20_000;
/** Digits of a piece's place: keys in the order of their names are in the order of the file. */
const DIGITS = 12;
/** Pieces of a session that are read one after the other, as its messages are: kept for so long, and so many. */
const KEPT_MS = 2_000;
const KEPT_PIECES = 8;

const unpack = promisify(zstdDecompress) as (bytes: Uint8Array, options: object) => Promise<Uint8Array>;

export function s3Bodies(
  client: S3Client,
  { prefix = "", timeoutMs = TIMEOUT_MS }: S3Options = {},
): S3Bodies {
  const recent = new Map<string, { at: number; got: Promise<Uint8Array | null> }>();

  async function put(key: string, bytes: Uint8Array): Promise<void> {
    const packed = await Bun.zstdCompress(bytes);
    const ms = timeoutMs + Math.ceil(packed.byteLength / 1024);
    await within(ms, client.write(prefix + key, packed, { type: "application/zstd", retry: 0 }));
  }

  async function object(key: string): Promise<Uint8Array | null> {
    try {
      const packed = await within(timeoutMs, client.file(prefix + key).bytes());
      // A few bytes can claim to be a gigabyte.
      return await unpack(packed, { maxOutputLength: LARGEST_FILE });
    } catch (error) {
      if ((error as { code?: string }).code === "NoSuchKey") return null;
      throw error;
    }
  }

  function kept(key: string): Promise<Uint8Array | null> {
    const now = performance.now();
    for (const [name, { at }] of recent)
      if (now - at > KEPT_MS || recent.size > KEPT_PIECES) recent.delete(name);
    const known = recent.get(key);
    if (known) return known.got;
    const got = object(key);
    recent.set(key, { at: now, got });
    got.catch(() => recent.delete(key));
    return got;
  }

  /** Where each piece begins, in order. */
  async function pieces(session: string): Promise<number[]> {
    const folder = `${prefix}mcp/${nameOf(session)}/`;
    const found: number[] = [];
    for (let startAfter = ""; ;) {
      const page = await within(
        timeoutMs,
        client.list({ prefix: folder, ...(startAfter && { startAfter }) }),
      );
      const keys = (page.contents ?? []).map(({ key }) => key);
      for (const key of keys) {
        const at = /^(\d+)\.jsonl\.zst$/.exec(key.slice(folder.length))?.[1];
        if (at !== undefined) found.push(Number(at));
      }
      startAfter = keys.at(-1) ?? "";
      if (!page.isTruncated || startAfter === "") return found.sort((a, b) => a - b);
    }
  }

  /** The bytes from `start` on, piece by piece; of what two pieces have, once. */
  async function ofSession(session: string, start: number, end: number): Promise<Uint8Array | null> {
    const all = await pieces(session);
    if (all.length === 0) return null;
    const from = all.findLastIndex((at) => at <= start);
    const parts: Uint8Array[] = [];
    let reached = start;
    for (const at of all.slice(Math.max(from, 0))) {
      if (reached >= end || at > reached) break;
      const bytes = await kept(pieceKey(session, at));
      if (bytes === null || at + bytes.byteLength <= reached) continue;
      const part = bytes.subarray(reached - at, end === Infinity ? undefined : end - at);
      parts.push(part);
      reached += part.byteLength;
      if (reached - start > LARGEST_FILE)
        throw new Error(`the session ${session} is larger than can be read at once`);
    }
    return concat(parts);
  }

  return {
    async get({ of, id }) {
      return of === "exchange" ? object(exchangeKey(id)) : ofSession(id, 0, Infinity);
    },
    async range({ of, id }, start, end) {
      const bytes =
        of === "exchange"
          ? ((await kept(exchangeKey(id)))?.subarray(start, end) ?? null)
          : await ofSession(id, start, end);
      return bytes?.byteLength === end - start ? bytes : null;
    },
    async put({ of, id }, bytes) {
      await (of === "exchange" ? put(exchangeKey(id), bytes) : put(pieceKey(id, 0), bytes));
      recent.clear();
    },
    async putPiece(session, at, bytes) {
      await put(pieceKey(session, at), bytes);
      recent.clear();
    },
    async remove({ of, id }) {
      const keys = of === "exchange" ? [exchangeKey(id)] : (await pieces(id)).map((at) => pieceKey(id, at));
      for (const key of keys) await within(timeoutMs, client.delete(prefix + key));
      recent.clear();
    },
  };
}

/** By the day that the id tells (UUID v7), in UTC. */
export function exchangeKey(id: string): string {
  const found = /^([0-9a-f]{8})-([0-9a-f]{4})-7/i.exec(id);
  if (!found) return `b/other/${nameOf(id)}.json.zst`;
  const day = new Date(Number.parseInt(`${found[1]}${found[2]}`, 16)).toISOString().slice(0, 10);
  return `b/${day.replaceAll("-", "/")}/${nameOf(id)}.json.zst`;
}

function pieceKey(session: string, at: number): string {
  return `mcp/${nameOf(session)}/${String(at).padStart(DIGITS, "0")}.jsonl.zst`;
}

/** An id may be anybody's words: in a key it is one name, and never a way to another. */
function nameOf(id: string): string {
  const name = encodeURIComponent(id.toWellFormed()).replaceAll(".", "%2E");
  return name.length <= MOST_KEY_BYTES
    ? name
    : `${name.slice(0, MOST_KEY_BYTES - 20)}~${Bun.hash(id).toString(16)}`;
}

/** Of a key, which has at most 1,024 bytes. */
const MOST_KEY_BYTES = 900;

/** The request may go on: its answer is not waited for any more. */
async function within<T>(ms: number, asked: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`the bucket has not answered within ${Math.ceil(ms / 1000)} s`)),
    ms,
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
    asked.catch(() => {});
  }
}

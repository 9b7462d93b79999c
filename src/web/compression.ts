/**
 * Answers of the page, smaller on the wire: zstd, Brotli or gzip, whichever the visitor takes. What stands in `public/` is
 * compressed once, then again as small as can be, aside; what is made for one request quickly, and where it is large on another
 * thread.
 *
 * A size tells of a secret only to somebody who (1) sees it on the wire, (2) has text of his own beside the secret and (3)
 * can have it asked for again and again (BREACH). The third is not to be had: another site's page is refused before it is
 * answered (`guard.ts`), and the cookies are `SameSite=Strict`. Nothing of ours holds a token, and credentials are masked in
 * what is recorded. Where they are not (LOG_SECRETS) only `public/` is compressed: one wall less is no reason to rely on
 * the others.
 */
import { Elysia } from "elysia";
import { promisify } from "node:util";
import zlib from "node:zlib";

export type Coding = "zstd" | "br" | "gzip";

/** Below this the coding's own bytes, and the time, are worth more than what it saves: one packet holds it anyway. */
const LEAST_BYTES = 1_400;
/** From here on a slice of the thread would be felt by others: some ms. */
const LARGE = 256 * 1024;
/** What is text; pictures and sound are compressed already. */
const TEXT = /^(?:text\/(?!event-stream)|application\/(?:json|openmetrics-text|javascript|xml)|image\/svg)/;

/** Given time Brotli is the smallest; in a hurry zstd is the fastest, and gzip no larger than Brotli. */
const SMALLEST: readonly Coding[] = ["br", "zstd", "gzip"];
const FASTEST: readonly Coding[] = ["zstd", "gzip", "br"];

/** The first of ours among those that the visitor likes best (RFC 9110 12.5.3); null: it wants the answer as it is. */
export function codingFor(accepted: string | null, order: readonly Coding[] = FASTEST): Coding | null {
  if (accepted === null) return null;
  const wanted = new Map<string, number>();
  for (const part of accepted.toLowerCase().split(",").slice(0, 20)) {
    const [name = "", ...parameters] = part.split(";").map((word) => word.trim());
    const q = parameters.find((word) => word.startsWith("q="))?.slice(2);
    wanted.set(name, q === undefined ? 1 : Number(q) || 0);
  }
  const weight = (name: string) => wanted.get(name) ?? wanted.get("*") ?? 0;
  const best = Math.max(...order.map(weight));
  if (best <= 0 || best < (wanted.get("identity") ?? 0)) return null;
  return order.find((name) => weight(name) === best) ?? null;
}

export function compression(recorded: "masked" | "as it passed") {
  /** By address, version and coding. `public/` has some dozen files. */
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  return new Elysia({ name: "compression" }).mapResponse(
    { as: "global" },
    async ({ request, path, set, responseValue }) => {
      const isPublic = path.startsWith("/public/");
      if (request.method !== "GET" || (!isPublic && recorded !== "masked")) return;
      const whole = wholeOf(responseValue, set.status);
      if (!whole) return;
      // The same address has several answers by now, whichever of them this one is.
      const headers = new Headers(whole.headers);
      headers.append("vary", "accept-encoding");
      const coding = codingFor(request.headers.get("accept-encoding"), isPublic ? SMALLEST : FASTEST);
      if (coding === null) return new Response(whole.body, { status: whole.status, headers });
      headers.set("content-encoding", coding);
      headers.delete("content-length");
      const key = isPublic ? `${coding} ${headers.get("etag")} ${path}` : null;
      const before = key === null ? undefined : kept.get(key);
      if (before) return new Response(before, { status: whole.status, headers });
      const bytes = new Uint8Array(await whole.arrayBuffer());
      if (bytes.byteLength < LEAST_BYTES) {
        headers.delete("content-encoding");
        return new Response(bytes, { status: whole.status, headers });
      }
      const small = await quickly(bytes, coding);
      if (key !== null) {
        kept.set(key, small);
        // The first visitor does not wait for what the next ones get; where it fails, they get the same.
        thoroughly(bytes, coding).then(
          (smallest) => void kept.set(key, smallest),
          () => {},
        );
      }
      return new Response(small, { status: whole.status, headers });
    },
  );
}

/** Null for what is passed on as it is: errors, which are short, redirects, parts of something, what is no text. */
function wholeOf(value: unknown, status: number | string | undefined): Response | null {
  if (value instanceof Response) {
    const { headers } = value;
    const isText = TEXT.test(headers.get("content-type") ?? "");
    return value.status === 200 && isText && !headers.has("content-encoding") ? value : null;
  }
  const isPlain = typeof value === "object" && value !== null && isJson(value);
  if (!isPlain || (status !== undefined && status !== 200)) return null;
  return new Response(JSON.stringify(value), { headers: { "content-type": "application/json" } });
}

function isJson(value: object): boolean {
  const made = Object.getPrototypeOf(value);
  return made === Object.prototype || made === Array.prototype || made === null;
}

async function quickly(bytes: Uint8Array, coding: Coding): Promise<Uint8Array<ArrayBuffer>> {
  const isLarge = bytes.byteLength >= LARGE;
  switch (coding) {
    case "zstd":
      return new Uint8Array(
        isLarge ? await Bun.zstdCompress(bytes, ZSTD) : Bun.zstdCompressSync(bytes, ZSTD),
      );
    case "br":
      return new Uint8Array(isLarge ? await brotli(bytes, BROTLI) : zlib.brotliCompressSync(bytes, BROTLI));
    case "gzip":
      return new Uint8Array(isLarge ? await gzip(bytes, GZIP) : zlib.gzipSync(bytes, GZIP));
    default:
      return coding satisfies never;
  }
}

async function thoroughly(bytes: Uint8Array, coding: Coding): Promise<Uint8Array<ArrayBuffer>> {
  switch (coding) {
    case "zstd":
      return new Uint8Array(await Bun.zstdCompress(bytes, { level: 19 }));
    case "br":
      return new Uint8Array(await brotli(bytes, {}));
    case "gzip":
      return new Uint8Array(await gzip(bytes, { level: 9 }));
    default:
      return coding satisfies never;
  }
}

const brotli = promisify<Uint8Array, zlib.BrotliOptions, Buffer>(zlib.brotliCompress);
const gzip = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.gzip);
const ZSTD = { level: 3 };
/** Quality 4 is about what gzip takes, and smaller. */
const BROTLI = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } };
const GZIP = { level: 5 };

/** MCP sessions to the store: what was appended to the file, then its messages as rows, then the session's own row. */
import { stringifyExact } from "../fact/json-source.ts";
import type { LinePlace, MessageRow, SessionRow } from "../fact/rows.ts";
import { LARGEST_FILE } from "../journal/files.ts";
import { type Context, putOrSetAside } from "./context.ts";
import { sumOf } from "./exchanges.ts";
import { credentialIn } from "./second-look.ts";

/** Bytes of one piece: an object in the bucket, and a turn for others. */
const PIECE = 2 * 1024 * 1024;
/** Of a line: above this the index keeps the outline, and the body the line. */
const LONG = 64 * 1024;
const ROWS = 500;
const NEWLINE = 10;

/** "more": it has not all been shipped. */
export async function shipSession(id: string, context: Context): Promise<"more" | "done"> {
  const { local, store, origin, checkpoint, count, setAside } = context;
  const [row, file] = [await local.index.session(id), local.index.fileOf(id)];
  if (row === null || file === null || checkpoint.isAside(id)) return "done";
  const stamp = stampOf(row);
  const refuse = (what: string, why: string) => setAside({ id: what, kind: "session", how: "refused", why });
  const before = checkpoint.session(id);
  if (before.stamp === stamp) return "done";
  if ((await store.rows.taken([{ ...row, origin }])).length > 0) {
    refuse(id, "another recorder has put a session of this id, or it was deleted from the store");
    return "done";
  }
  // A file that is shorter than it was is another one.
  const mark = file.size < before.bytes ? { bytes: 0, seq: -1 } : before;
  const piece = await nextPiece(id, mark.bytes, file.size, row, context);
  if (piece === null) return "more";
  const found = checkpoint.isAllowed(id) ? null : await credentialIn(piece);
  if (found !== null) {
    setAside({ id, kind: "session", how: "held", why: `from byte ${mark.bytes} on: ${found}` });
    return "done";
  }
  if (piece.byteLength > 0) await store.bodies.putPiece(id, mark.bytes, piece);
  const { rows, all } = await messagesAfter(mark.seq, id, longLines(piece, mark.bytes, id), context);
  for (let at = 0; at < rows.length; at += ROWS)
    await putOrSetAside(
      rows.slice(at, at + ROWS),
      async (some) => void (await store.rows.putMessages(some)),
      ({ seq }, why) => refuse(`${id}/${seq}`, why),
    );
  await putOrSetAside(
    local.index.said(id, 2 * rows.length + 50),
    (some) => store.rows.putEvidence(some),
    ({ source, part }, why) => refuse(source + part, why),
  );
  await putOrSetAside(
    [row],
    async () => void (await store.rows.putSession({ ...row, origin })),
    (_, why) => refuse(id, why),
  );
  const bytes = mark.bytes + piece.byteLength;
  const isAll = all === "all" && bytes >= file.size;
  checkpoint.shippedSession(id, { bytes, seq: rows.at(-1)?.seq ?? mark.seq, stamp: isAll ? stamp : "" });
  count.bytes += piece.byteLength;
  count.sessions++;
  return isAll || (piece.byteLength === 0 && rows.length === 0) ? "done" : "more";
}

function stampOf(row: object): string {
  return Bun.hash(JSON.stringify(row)).toString(36);
}

/** Whole lines; the rest of a session that is over whatever it is. Null when the file has not what the index says. */
async function nextPiece(
  id: string,
  from: number,
  to: number,
  row: SessionRow,
  { local }: Context,
): Promise<Uint8Array | null> {
  for (let most = PIECE; ; most *= 4) {
    const end = Math.min(to, from + most);
    if (end <= from) return new Uint8Array(0);
    const bytes = await local.bodies.range({ of: "session", id }, from, end);
    if (bytes === null) return null;
    const last = bytes.lastIndexOf(NEWLINE);
    if (last >= 0) return bytes.subarray(0, last + 1);
    if (end === to) return row.state === "closed" ? bytes : new Uint8Array(0);
    // A line that is longer than anything of ours is shipped in pieces: the body has it, whatever it is.
    if (most > LARGEST_FILE) return bytes;
  }
}

/** Where the long lines of this session stand in its file. */
function longLines(piece: Uint8Array, at: number, id: string): LinePlace[] {
  const found: LinePlace[] = [];
  const own = new TextEncoder().encode(JSON.stringify(id));
  for (let start = 0; start < piece.byteLength;) {
    const end = piece.indexOf(NEWLINE, start);
    const size = (end < 0 ? piece.byteLength : end) - start;
    const isOwn = () =>
      Buffer.from(piece.buffer, piece.byteOffset + start, Math.min(size, 1024)).includes(own);
    if (size > LONG && isOwn())
      found.push({ offset: at + start, size, sum: sumOf(piece.subarray(start, start + size)) });
    start += size + 1;
  }
  return found;
}

/** Rows up to the first long one whose place is not known yet: its line comes with the next piece. */
async function messagesAfter(
  seq: number,
  id: string,
  places: LinePlace[],
  { local }: Context,
): Promise<{ rows: MessageRow[]; all: "all" | "some" }> {
  const rows: MessageRow[] = [];
  for (let after = seq; ;) {
    const { items, next } = await local.index.messages(id, after, ROWS);
    for (const row of items) {
      const isLong =
        row.line["outline"] !== undefined ||
        new TextEncoder().encode(stringifyExact(row.line)).byteLength > LONG;
      const place = isLong ? places.shift() : undefined;
      if (isLong && place === undefined) return { rows, all: "some" };
      rows.push({ ...row, ...(place && { place }) });
    }
    if (next === null) return { rows, all: "all" };
    if (rows.length >= MOST_ROWS) return { rows, all: "some" };
    after = next;
  }
}

/** Of one turn. */
const MOST_ROWS = 5_000;

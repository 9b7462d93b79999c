/** What the recorder is given: where things go, and who is told of what. */
import type { Exchange } from "../fact/exchange.ts";
import type { Fact } from "../fact/fact.ts";
import type { Mask } from "../fact/mask.ts";
import type { ThreadKeys } from "../fact/thread.ts";
import type { Feed } from "../feed/feed.ts";
import type { LocalIndex } from "../index/index.ts";
import type { Look } from "../read/look.ts";
import type { Reading } from "../read/reading.ts";
import type { ModelEvidence } from "../read/run/evidence.ts";
import type { Pending } from "./pending.ts";

export type RecorderOptions = {
  readonly logDir: string;
  readonly index: Pick<LocalIndex, "putExchanges" | "putUnreadable">;
  readonly feed: Feed;
  /** Puts the reading's thread in, from what the index knows; gives the keys to keep with the row. */
  readonly thread: (reading: Reading, exchange: Exchange, seen: Look, pending: Pending) => ThreadKeys | null;
  /** A file of ours was written: whoever watches the folder need not read it again. */
  readonly onWritten: (path: string, file: { mtime: number; size: number }) => void;
  /** Each fact, as it comes, for whoever makes more of it. When it throws, it has missed that fact. */
  readonly onFact: (fact: Fact) => void;
  /** It has its file: the spool need not keep it. */
  readonly onSettled: (id: string) => void;
  /** Null keeps credentials as they are. */
  readonly mask: Mask | null;
  /** It is all of its run, as far as anybody knows. Absent: of none is that known. */
  readonly isAlone?: (it: ModelEvidence) => boolean;
  /** Bytes that are kept of one side of a socket, and of each response on it. */
  readonly bodyLimit?: number;
  /** Bytes of finished exchanges that may wait for a disk that refuses them. */
  readonly limit?: number;
};

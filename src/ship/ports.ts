/** What shipping stands between: the record of this machine on one side, the store of a team on the other. */
import type { Bodies, BodiesWriter } from "../bodies/bodies.ts";
import type { ExchangeRow, Origin } from "../fact/rows.ts";
import type { Feed, News } from "../feed/feed.ts";
import type { Index, LocalIndex, SharedWriter } from "../index/index.ts";

export type Local = {
  readonly index: Index & Pick<LocalIndex, "files" | "rowsIn" | "fileOf" | "said">;
  readonly bodies: Bodies;
  readonly feed: Pick<Feed, "listen">;
  /** Rows of what goes on now. */
  inFlight(): readonly ExchangeRow[];
};

export type Store = {
  readonly rows: SharedWriter;
  readonly bodies: BodiesWriter & { putPiece(session: string, at: number, bytes: Uint8Array): Promise<void> };
  /** Hands it to whoever looks at the store; what cannot be told now is not told. */
  tell(news: News): void;
};

/** Told of by the page: what was not shipped, and why. */
export type SetAside = {
  readonly id: string;
  readonly kind: "exchange" | "session" | "run";
  readonly why: string;
  readonly how: "held" | "refused";
};

export type ShipState = {
  /** Exchanges, sessions and runs that are known to wait; files that were not looked at yet are `unlooked`. */
  readonly backlog: number;
  readonly unlooked: boolean;
  /** Since the oldest of them waits; 0 when nothing does. */
  readonly lag_ms: number;
  /** Since the program began. */
  readonly shipped: {
    readonly exchanges: number;
    readonly sessions: number;
    readonly runs: number;
    readonly bytes: number;
  };
  readonly errors: number;
  /** Held back for a credential, and refused by the store: all that are known, also from before. */
  readonly held: number;
  readonly refused: number;
  /** What stands in the way now, as a sentence; null when all is well. */
  readonly trouble: string | null;
};

export type ShipOptions = {
  readonly local: Local;
  readonly store: Store;
  readonly origin: Origin;
  /** Of this program, for who looks after many. */
  readonly version?: string;
  /** The file of the checkpoint, and which store it is of. */
  readonly checkpoint: string;
  readonly target: string;
  /** Takes the file of a shipped exchange away, some time after; absent where files stay. */
  readonly drop?: (path: string) => void;
  readonly dropAfterMs?: number;
  /** How long it rests between two looks, and after a failure at the least; tests make it short. */
  readonly restMs?: number;
  readonly retryMs?: number;
  readonly reportMs?: number;
};

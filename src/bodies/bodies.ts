/**
 * Bodies: what the record holds of one exchange or one session, byte for byte as it was written. A port: files on this
 * machine, or a store of objects far away. `contract.testkit.ts` holds every implementation to it.
 */

/** An exchange's is the text of its file, a session's the lines of its file so far. */
export type BodyKey = { readonly of: "exchange" | "session"; readonly id: string };

export interface Bodies {
  /** Null when there is none. Rejects with what the disk or the network says. */
  get(key: BodyKey): Promise<Uint8Array | null>;
  /** The bytes from `start` on, up to `end` (exclusive). Null when there is none, or it ends before. */
  range(key: BodyKey, start: number, end: number): Promise<Uint8Array | null>;
}

/** Writes where nothing else does: on this machine the journal writes. The same bytes may be put again. */
export interface BodiesWriter {
  put(key: BodyKey, bytes: Uint8Array): void | Promise<void>;
}

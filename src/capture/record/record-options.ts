/** What is asked of whoever records: whom to tell, how much to keep, what to mask. */
import type { Tell } from "../../fact/fact.ts";
import type { Mask } from "../../fact/mask.ts";
import type { Later } from "./later.ts";

export type RecordOptions = {
  readonly tell: Tell;
  /** When what is told is masked: behind the traffic. */
  readonly later: Later;
  readonly mask: Mask | null;
  /** True where a source should be stopped until `room` is called: the record is far behind. */
  readonly shouldPause: (room: () => void) => boolean;
  /** Told of bytes that are not kept. */
  readonly released: (bytes: number) => void;
  /**
   * Bytes of one body that are kept, decoded where it is coded: 1 MB may say 1 GB. What passes beyond is counted and told
   * as a gap. The wire is never cut.
   */
  readonly bodyLimit: number;
};

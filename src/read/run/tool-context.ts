/** What the run around a tool call knows of it. */
import type { SessionEvidence } from "./evidence.ts";
import type { Asked, Served } from "./world.ts";

export type ToolContext = {
  /** The step of the answer that asked. */
  parent: string;
  session: (served: Served) => SessionEvidence | undefined;
  /** A recorded server offers this tool to this agent. */
  isOffered: (asked: Asked) => boolean;
  /** Two equal calls with the same arguments stand before it in its run. */
  isRepeated: boolean;
  /** Its result stands before that of a call that was asked earlier. */
  isOutOfOrder: boolean;
};

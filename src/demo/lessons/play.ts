/** Plays a lesson, or breaks the demo in one of its ways: what passes is recorded as anything that passes. */
import { isServerBreak, type LessonName, MODEL_BREAKS } from "../../fact/lessons.ts";
import { brokenServer, elicitation, handshake } from "./mcp.ts";
import {
  brokenModel,
  cache,
  cancel,
  compaction,
  parallel,
  retry,
  stream,
  thinking,
  toolCall,
} from "./model.ts";
import type { Stage } from "./stage.ts";

const players: Readonly<Record<LessonName, (stage: Stage) => Promise<void>>> = {
  stream,
  "tool-call": toolCall,
  parallel,
  thinking,
  handshake,
  elicitation,
  cache,
  compaction,
  cancel,
  retry,
};

export function isPlayable(name: string): boolean {
  return Object.hasOwn(players, name) || Object.hasOwn(MODEL_BREAKS, name) || isServerBreak(name);
}

/** Rejects for a name that nothing has. */
export async function play(name: string, stage: Stage): Promise<void> {
  if (Object.hasOwn(players, name)) return players[name as LessonName](stage);
  if (Object.hasOwn(MODEL_BREAKS, name)) return brokenModel(stage, name);
  if (isServerBreak(name)) return brokenServer(stage, name);
  throw new Error(`there is no lesson and no switch ${JSON.stringify(name)}`);
}

/** All lessons, in the order in which they build on each other. */
import { LESSONS, type LessonName } from "../../fact/lessons.ts";
import type { Lesson } from "./lesson.ts";
import { elicitation, handshake } from "./lessons/mcp.ts";
import { cache, compaction, retry } from "./lessons/prompts.ts";
import { cancel, stream, thinking } from "./lessons/streams.ts";
import { parallel, toolCall } from "./lessons/tools.ts";

const all: readonly Lesson[] = [
  stream,
  toolCall,
  parallel,
  thinking,
  handshake,
  elicitation,
  cache,
  compaction,
  cancel,
  retry,
];

export const lessons: readonly Lesson[] = LESSONS.map((name) => {
  const found = all.find((lesson) => lesson.name === name);
  if (!found) throw new Error(`the lesson ${name} has no steps`);
  return found;
});

export function lessonOf(name: string): Lesson | null {
  return lessons.find((lesson) => lesson.name === name) ?? null;
}

export type { LessonName };

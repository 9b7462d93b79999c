/**
 * What a timer, a socket or a promise of the observer throws costs that alone: without this the runtime would end the
 * thread, and whatever made it throw would end the next one too.
 */
import { reasonOf } from "./of-the-disk.ts";

/** `thread` is the process as the thread sees it. */
export function goOn(
  thread: { on(event: "uncaughtException" | "unhandledRejection", hear: (error: unknown) => void): unknown },
  told: (why: string) => void,
): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const)
    thread.on(event, (error) => told(reasonOf(error)));
}

/** A body that is handed on as it comes, piece by piece and only when it is asked for, and told of behind that. */

export type TapEvents = {
  /** It was handed on already. */
  bytes(piece: Uint8Array): void;
  /** `broken`: its source failed. `cancelled`: whoever took it wants no more. Told once. */
  ended(how: "whole" | "broken" | "cancelled", error: unknown): void;
  /** True where the source should be stopped until `resume` is called. */
  shouldPause(resume: () => void): boolean;
};

/** Nothing is read ahead, so that a source is as slow as whoever takes from it (a `tee()` would buffer without end). */
export function tap(source: ReadableStream<Uint8Array>, events: TapEvents): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  // A cancelled read also rejects or ends: without this there are two endings.
  let isOver = false;
  const over = (how: "whole" | "broken" | "cancelled", error: unknown = null) => {
    if (isOver) return;
    isOver = true;
    events.ended(how, error);
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value, done } = await reader.read();
          if (isOver) return;
          if (done) {
            over("whole");
            return controller.close();
          }
          controller.enqueue(value);
          events.bytes(value);
        } catch (error) {
          over("broken", error);
          return controller.error(error);
        }
        await new Promise<void>((resume) => events.shouldPause(resume) || resume());
      },
      async cancel(reason) {
        over("cancelled", reason);
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** The second thread: takes facts in, makes everything of them, serves the page. */
import { Observer } from "./observer.ts";
import type { FromObserver, ToObserver } from "./messages.ts";
import { reasonOf } from "./of-the-disk.ts";
import { goOn } from "./go-on.ts";
import { giveWay } from "./priority.ts";

declare const self: Worker;

giveWay();

let observer: Observer | null = null;
const say = (message: FromObserver) => self.postMessage(message);

goOn(process, (why) => {
  observer?.caught(why);
  say({ type: "warning", message: `an error of the recorder's own: ${why}` });
});

/** How long one slice of messages may keep the page's timers and requests from their turn. */
const SLICE_MS = 8;

/**
 * In the order in which they came. The runtime hands over all messages that there are before anything else has its turn:
 * while facts come without a pause, nothing would be told or answered.
 */
let inbox: ToObserver[] = [];
let isBusy = false;

self.onmessage = ({ data }: MessageEvent<ToObserver>) => {
  inbox.push(data);
  if (isBusy) return;
  isBusy = true;
  setImmediate(slice);
};

function slice(): void {
  const until = performance.now() + SLICE_MS;
  let taken = 0;
  while (taken < inbox.length && performance.now() < until) take(inbox[taken++]!);
  inbox = inbox.slice(taken);
  isBusy = inbox.length > 0;
  if (isBusy) setImmediate(slice);
}

/** What it is told of the traffic must all be taken, in order: where that fails another one begins from the spool. */
function take(data: ToObserver): void {
  hear(data).catch((error: unknown) => {
    say({ type: "dying", message: reasonOf(error) });
    process.exit(1);
  });
}

async function hear(data: ToObserver): Promise<void> {
  switch (data.type) {
    case "settings":
      observer = new Observer(data.settings, say);
      try {
        say({ type: "ready", dashboardUrl: await observer.start(data.resume) });
      } catch (error) {
        say({ type: "failed", message: error instanceof Error ? error.message : String(error) });
      }
      return;
    case "spooled":
      observer?.take(data.range);
      return;
    case "facts":
      observer?.take(data.bytes);
      say({ type: "acked", seq: data.seq });
      return;
    case "trouble":
      observer?.trouble(data);
      return;
    case "stop":
      await observer?.stop();
      say({ type: "stopped" });
      return;
    default:
      data satisfies never;
  }
}

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

/** What it is told of the traffic must all be taken, in order: where that fails another one begins from the spool. */
self.onmessage = (event: MessageEvent<ToObserver>) => {
  hear(event).catch((error: unknown) => {
    say({ type: "dying", message: reasonOf(error) });
    process.exit(1);
  });
};

async function hear({ data }: MessageEvent<ToObserver>): Promise<void> {
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

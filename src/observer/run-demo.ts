/** The page's demo button: a process of its own, as any agent is, so that neither thread does an agent's work. */
import type { DemoProgress, DemoStep } from "../web/sources.ts";

type Language = "en" | "zh";

/** Of a transcript that is longer than any of ours the rest is not shown. */
const MOST_STEPS = 100;
const LONGEST_STEP = 200;

export type DemoRunner = {
  /** Resolves when the conversation is over; rejects with a sentence for people. One at a time: a second joins the first. */
  readonly runDemo: (language: Language) => Promise<void>;
  /** Plays a lesson, or breaks the demo in one of its ways; as `runDemo`. */
  readonly runLesson: (name: string) => Promise<void>;
  /** Of the one that runs or ran last, lessons apart; null before the first. */
  readonly demoProgress: () => DemoProgress | null;
};

/** `commands`: what prints the demo's transcript, a step a line: its kind, white space, words. */
export function demoRunner(commands: Readonly<Record<Language, readonly string[]>>): DemoRunner {
  let progress: DemoProgress | null = null;
  let running: Promise<void> | null = null;

  return {
    runDemo: (language) => (running ??= run(language).finally(() => (running = null))),
    runLesson: async (name) => {
      const failed = await talk([...commands.en, name], []);
      if (failed !== null) throw new Error(failed);
    },
    demoProgress: () => progress,
  };

  async function run(language: Language): Promise<void> {
    const steps: DemoStep[] = [];
    const began = Date.now();
    progress = { running: true, began, steps, failed: null };
    const failed = await talk(commands[language], steps);
    progress = { running: false, began, steps, failed };
    if (failed !== null) throw new Error(failed);
  }
}

/** Why it failed; null where it did not. */
async function talk(command: readonly string[], steps: DemoStep[]): Promise<string | null> {
  // In our own folder: Bun runs what a bunfig.toml of the one we were started in names.
  const cwd = import.meta.dir;
  const agent = Bun.spawn([...command], { cwd, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [code, said] = await Promise.all([
    agent.exited,
    new Response(agent.stderr).text(),
    listen(agent.stdout, steps),
  ]);
  return code === 0 ? null : `the demo ended with code ${code}: ${said.trim().split("\n").at(-1)}`;
}

async function listen(stdout: ReadableStream<Uint8Array<ArrayBuffer>>, steps: DemoStep[]): Promise<void> {
  let rest = "";
  for await (const text of stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [, kind, words] = /^(\w+) +(.*)$/.exec(line) ?? [];
      if (kind !== undefined && words !== undefined && steps.length < MOST_STEPS)
        steps.push({ kind, words: words.slice(0, LONGEST_STEP), at: Date.now() });
    }
  }
}

/**
 * Ctrl-C in a terminal reaches every process of the group: the tap and its server. What the tap passes on would be the
 * second one, and many programs take the second as "at once". A signal does not say whether it was sent to the group,
 * so a small shell stands in it and tells what it got.
 *
 * The server is not put into a group of its own: it would lose the terminal, and the end that a host gives to a group.
 */
import { spawn } from "node:child_process";

export type GroupWitness = {
  /** Resolves with whether this signal, which came to us just now, came to our group; `unknown` where nobody can tell. */
  saw(signal: NodeJS.Signals): Promise<"group" | "us" | "unknown">;
  leave(): void;
};

/**
 * It answers each line; a trap runs before the answer, whenever the signal came (POSIX, 2.11: a trap waits for the
 * running command, which is `read`). Some shells end `read` early for it: then `hit` says to read on.
 */
const SCRIPT = `for s in $0; do trap "echo $s; hit=1" $s; done
echo ready
while :; do
  hit=
  if read -r _; then echo .; elif [ -z "$hit" ]; then exit; fi
done`;

/** A machine that is busy answers late. After this the signal is passed on, as if nobody had been asked. */
const WAIT_MS = 1000;

export function groupWitness(signals: readonly NodeJS.Signals[]): GroupWitness {
  if (process.platform === "win32") return { saw: () => Promise.resolve("unknown"), leave() {} };
  const names = signals.map((signal) => signal.slice("SIG".length)).join(" ");
  const shell = spawn("/bin/sh", ["-c", SCRIPT, names], { cwd: "/", stdio: ["pipe", "pipe", "ignore"] });
  const seen = new Map<string, number>();
  const waiting: (() => void)[] = [];
  let state: "starting" | "ready" | "gone" = "starting";
  let rest = "";

  shell.on("error", gone);
  shell.on("exit", gone);
  shell.stdin?.on("error", gone);
  shell.stdout?.on("data", (bytes: Buffer) => {
    const lines = (rest + bytes.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) heard(line);
  });
  shell.unref();

  return {
    async saw(signal) {
      if (state !== "ready") return "unknown";
      const answered = new Promise<"answered">((resolve) => waiting.push(() => resolve("answered")));
      shell.stdin?.write("\n");
      if ((await Promise.race([answered, late()])) === "late") return "unknown";
      const name = signal.slice("SIG".length);
      const times = seen.get(name) ?? 0;
      if (times === 0) return "us";
      seen.set(name, times - 1);
      return "group";
    },
    leave: () => shell.stdin?.end(),
  };

  function heard(line: string): void {
    if (line === "ready") state = "ready";
    else if (line === ".") waiting.shift()?.();
    else seen.set(line, (seen.get(line) ?? 0) + 1);
  }

  function gone(): void {
    state = "gone";
    for (const answer of waiting.splice(0)) answer();
  }
}

function late(): Promise<"late"> {
  return new Promise((resolve) => {
    setTimeout(() => resolve("late"), WAIT_MS).unref();
  });
}

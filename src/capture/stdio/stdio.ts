/**
 * The tap: stands between a host and a process that speaks on its stdin and stdout. Every byte is passed on first and
 * told afterwards; nothing is decoded, joined, cut or added. Ends as the process ended.
 */
import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { From, Open, Tell } from "../../fact/fact.ts";
import { groupWitness } from "./group-witness.ts";
import { passSignal, startProgram } from "./start-program.ts";
import { watchOver } from "./watchdog.ts";
import { whyNotStarted } from "./why-not-started.ts";

export type StdioTap = {
  readonly command: readonly [string, ...string[]];
  /** The command as the record has it, where it is not the one that is started. */
  readonly told?: readonly string[];
  readonly name: string;
  /** The run of an agent that it is started for. */
  readonly run?: string;
  /** The command as people read it. */
  readonly target: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Ends our own stdout for good: all was written to it. A process's stdout has no end of its own. */
  readonly closeStdout?: () => void;
  /** The record is far behind: a source is let wait for it. Never true for a disk that has stopped. */
  readonly isCrowded?: () => boolean;
  /** A stream ended while the process went on. */
  readonly ended?: (from: From, t: number) => void;
};

/** Exactly one of the two is set, except that a command which could not start has a code and a reason. */
export type Exit = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly refused?: string;
};

/** Signals that a host or a person sends to end or to tell; all go on to the process, which decides. */
export const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/**
 * After the process is gone its output is read to the end. A grandchild may hold it open for ever: then this much
 * silence is the end.
 */
const SILENCE_MS = 1000;

export type Tapped = {
  readonly open: Open;
  /** Passes a signal on, unless the process has it already because it was sent to the whole group. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Resolves when the process is gone and all that it wrote has left this process. */
  readonly exit: Promise<Exit>;
};

/** Starts the command. `tell` gets `open` first, before any byte, and `close` last. */
export function tapStdio(tap: StdioTap, tell: Tell): Tapped {
  const began = performance.now();
  const at = Date.now();
  const id = Bun.randomUUIDv7();
  const t = () => performance.now() - began;
  const { cwd, env } = tap;
  const started = start(() => startProgram(tap.command, { cwd, env, stdio: "pipe" }));
  const child = "child" in started ? started.child : null;
  const open: Open = {
    fact: "open",
    id,
    at,
    wire: "stdio",
    method: "",
    path: "",
    upstream: tap.name,
    target: tap.target,
    headers: [],
    ...(tap.run !== undefined && { run: tap.run }),
    process: { pid: child?.pid ?? null, command: tap.told ?? tap.command, cwd: tap.cwd },
  };
  tell(open);
  const heard = (from: From) => (bytes: Uint8Array) => tell({ fact: "bytes", id, t: t(), from, bytes });
  const ended = (from: From) => {
    if (from === "client") host.stdin_ended_ms ??= Math.round(t());
    tap.ended?.(from, t());
  };
  const exit = child
    ? passing(child, tap, heard, ended)
    : Promise.resolve(refusal(tap, (started as { error: NodeJS.ErrnoException }).error));
  const witness = child ? groupWitness(FORWARDED) : null;
  const host: Host = {};
  return {
    open,
    async signal(signal) {
      host.signal ??= signal;
      host.signal_ms ??= Math.round(t());
      if (!child || (await witness?.saw(signal)) === "group") return;
      passSignal(child, signal);
    },
    exit: exit.then((how) => {
      const { code, signal, refused = null } = how;
      const ending = refused === null ? "complete" : "refused";
      witness?.leave();
      tell({ fact: "close", id, t: t(), ending, error: refused, exit: { code, signal, ...asked(host) } });
      return how;
    }),
  };
}

function start(run: () => ChildProcess): { child: ChildProcess } | { error: NodeJS.ErrnoException } {
  try {
    const child = run();
    return { child };
  } catch (error) {
    return { error: error as NodeJS.ErrnoException };
  }
}

/** The order of the wire: three streams at once, until the process is gone and its output is read. */
async function passing(
  child: ChildProcess,
  tap: StdioTap,
  heard: (from: From) => (bytes: Uint8Array) => void,
  ended: (from: From) => void,
): Promise<Exit> {
  const failed = new Promise<Exit>((resolve) => child.on("error", (error) => resolve(refusal(tap, error))));
  const gone = new Promise<Exit>((resolve) => child.on("exit", (code, signal) => resolve({ code, signal })));
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) return failed;
  const relieve = watchOver(child.pid);

  const whenRoom = waitingForRoom(tap.isCrowded);
  const toHost = pass(stdout, tap.stdout, heard("server"), whenRoom, "keep open");
  const aside = pass(stderr, tap.stderr, heard("stderr"), whenRoom, "keep open");
  void pass(tap.stdin, stdin, heard("client"), whenRoom, "end").then(() => ended("client"));
  // A server may close its stdout and live on: its host sees that end at once, as it would without us.
  void toHost
    .then(() => emptied(tap.stdout))
    .then(() => {
      tap.closeStdout?.();
      ended("server");
    });

  const exit = await Promise.race([gone, failed]);
  if (exit.refused === undefined) {
    await Promise.race([Promise.all([toHost, aside]), silence([stdout, stderr])]);
    await Promise.all([emptied(tap.stdout), emptied(tap.stderr)]);
  }
  tap.stdin.pause();
  relieve();
  return exit;
}

/**
 * Passes on what comes, and waits with the source while the sink is full. Resolves when the source has ended or one of
 * the two is broken. A sink that breaks breaks its source, so that the writer at the other end learns of it as it would
 * without us: EPIPE.
 */
function pass(
  source: Readable,
  sink: Writable,
  heard: (bytes: Uint8Array) => void,
  whenRoom: WhenRoom,
  atEnd: "end" | "keep open",
): Promise<void> {
  return new Promise((resolve) => {
    source.on("data", (bytes: Buffer) => {
      const room = sink.write(bytes);
      heard(bytes);
      const recorded = whenRoom();
      if (room && recorded === null) return;
      source.pause();
      const drained = room ? null : new Promise<void>((drain) => sink.once("drain", drain));
      void Promise.all([drained, recorded]).then(() => source.resume());
    });
    source.once("end", () => {
      if (atEnd === "end") sink.end();
      resolve();
    });
    source.once("error", () => resolve());
    source.once("close", () => resolve());
    // Every write after the first that fails says so again: a listener has to stay.
    sink.on("error", () => {
      source.destroy();
      resolve();
    });
  });
}

/** Null where there is room in the record; else resolves when there is. */
type WhenRoom = () => Promise<void> | null;

/** A flood is slowed down to the record, rather than filling the memory. */
const LOOK_MS = 2;

function waitingForRoom(isCrowded: () => boolean = () => false): WhenRoom {
  return () => (isCrowded() ? looked() : null);
  async function looked(): Promise<void> {
    while (isCrowded()) await new Promise((next) => setTimeout(next, LOOK_MS));
  }
}

/**
 * Resolves when what was written has left this process, or never will: nothing can be written any more. To write
 * nothing and wait for that is not enough, a process's stdout calls back before it is empty (Bun 1.4.5).
 */
function emptied(sink: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (sink.destroyed || sink.errored || sink.writableFinished) return resolve();
    sink.once("error", () => resolve());
    sink.once("finish", () => resolve());
    if (!sink.writableEnded) sink.end();
  });
}

function silence(sources: readonly Readable[]): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      // A source that waits for a full sink is not silent: it has more to say.
      if (heard || sources.some((source) => source.isPaused())) heard = false;
      else {
        clearInterval(timer);
        resolve();
      }
    }, SILENCE_MS);
    timer.unref();
    let heard = false;
    for (const source of sources) source.on("data", () => (heard = true));
  });
}

/** As a shell says it: 127 for a command that is not there, 126 for one that cannot be run. */
function refusal(tap: StdioTap, error: NodeJS.ErrnoException): Exit {
  const { code, why } = whyNotStarted(tap.command[0], tap, error);
  return { code, signal: null, refused: why };
}

/** What the host did before the process ended. */
type Host = { stdin_ended_ms?: number; signal?: NodeJS.Signals; signal_ms?: number };

function asked(host: Host): { host?: Host } {
  return Object.keys(host).length === 0 ? {} : { host };
}

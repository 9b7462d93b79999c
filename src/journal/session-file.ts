/**
 * The facts of one MCP session become lines of one file as they come; `session-format.ts` documents the lines.
 * `tell` returns at once: it only puts the fact aside, everything else happens after the bytes were forwarded.
 */
import { join } from "node:path";
import { quoted, withoutSecrets } from "../fact/command.ts";
import type { Close, Fact, Open } from "../fact/fact.ts";
import { atOnce, type InParts } from "../fact/parts.ts";
import { elementsOf } from "../fact/json-source.ts";
import { parseWithin } from "../fact/nesting.ts";
import { direction } from "./json-rpc.ts";
import type { LineMask } from "./line-mask.ts";
import { recorderMark } from "./recorder-mark.ts";
import { maskedBytes, maskedLine, withPrivateKeys } from "./odd-lines.ts";
import { openLines, type LineWriter, type Lost } from "./line-writer.ts";
import { lineSplitter, type Line } from "./session-lines.ts";
import type { LineBody } from "../fact/session-format.ts";

export type SessionFileOptions = {
  /** The folder `logs/`. */
  readonly logDir: string;
  readonly mask: LineMask;
  /** Written into the `start` line: our own version and the runtime's. */
  readonly versions: Readonly<Record<string, string>>;
  /** Bytes of one line that are kept. Default 32 MiB. */
  readonly lineLimit?: number;
  /** Characters that may wait for the disk. */
  readonly queueLimit?: number;
};

export type SessionFile = {
  /** Takes the facts of this session, `open` excluded, in order. */
  readonly tell: (fact: Fact) => void;
  /** More waits than is recorded in a moment: whoever can should let its source wait. */
  isCrowded(): boolean;
  /** A stream of the process ended `t` ms after the start, and the process goes on. */
  ended(from: "client" | "server" | "stderr", t: number): void;
  readonly path: string;
  /** Resolves when all is on disk; with a disk that refuses, after `grace` ms. `lost` counts lines not kept. */
  close(grace?: number): Promise<{ lost: number }>;
};

/** Begins the file of the session that this `open` starts. */
export function openSessionFile(open: Open, options: SessionFileOptions): SessionFile {
  const { mask, versions } = options;
  const lines = appendSession(open, options);
  const command = open.process && withoutSecrets(open.process.command, mask);
  let facts: Fact[] = [];
  let waiting = 0;
  let work: InParts | null = null;
  let scheduled = false;
  let t = 0;
  const masks = { client: mask, server: mask, stderr: withPrivateKeys(mask) };
  const splitter = () => lineSplitter(options.lineLimit ?? LINE_LIMIT);
  const streams = { client: splitter(), server: splitter(), stderr: splitter() };

  lines.append(0, {
    event: "start",
    format: 1,
    name: open.upstream,
    transport: open.wire === "stdio" ? "stdio" : "http",
    target: command ? quoted(command) : mask(open.target),
    ...(open.process && {
      command,
      pid: open.process.pid,
      cwd: open.process.cwd,
    }),
    ...(open.run !== undefined && { run: open.run }),
    versions: { ...versions },
    recorder: recorderMark(),
  });

  function record(within: number): void {
    const since = performance.now();
    work ??= recorded();
    while (work !== null) {
      if (work.next().done) work = null;
      else if (performance.now() - since > within) break;
    }
    scheduled = work !== null;
    if (scheduled) setImmediate(record, waiting > CROWDED ? CATCH_UP_MS : SLICE_MS);
  }

  /** What came meanwhile, too. */
  function* recorded(): InParts {
    while (facts.length > 0) {
      const some = facts;
      facts = [];
      for (const fact of some) {
        yield* recordOne(fact);
        waiting -= costOf(fact);
        yield;
      }
    }
  }

  function* recordOne(fact: Fact): InParts {
    switch (fact.fact) {
      case "open":
      case "head":
      case "trailers":
        return;
      case "bytes":
        t = fact.t;
        return yield* write(fact.from, streams[fact.from].take(fact.bytes));
      case "gap":
        return lines.append(fact.t, { event: "gap", from: fact.from, lost: fact.lost, why: fact.why });
      case "close":
        t = fact.t;
        for (const from of ["client", "server", "stderr"] as const) yield* write(from, streams[from].end());
        return lines.append(fact.t, exitLine(fact, mask));
      default:
        fact satisfies never;
    }
  }

  function* write(from: "client" | "server" | "stderr", came: Iterable<Line>): InParts {
    for (const line of came) {
      lines.write(t, ...(yield* lineBodiesInParts(from, line, masks[from])));
      yield;
    }
  }

  return {
    path: lines.path,
    tell(fact) {
      facts.push(fact);
      waiting += costOf(fact);
      if (waiting > FAR_BEHIND) return record(LONG_SLICE_MS);
      if (scheduled) return;
      scheduled = true;
      setTimeout(record, PAUSE_MS, SLICE_MS);
    },
    isCrowded: () => waiting > CROWDED || lines.waiting() > CROWDED_LINES,
    ended(from, at) {
      record(Infinity);
      t = at;
      atOnce(write(from, streams[from].end()));
      const what =
        from === "client"
          ? "the host closed its stdin"
          : `the server closed its std${from === "stderr" ? "err" : "out"}`;
      lines.append(at, { event: "end", from, why: `${what} and goes on` });
    },
    close(grace) {
      record(Infinity);
      return lines.close(grace);
    },
  };
}

export type SessionLines = {
  readonly path: string;
  append(t: number, body: LineBody): void;
  /** Bodies whose JSON text is made already. */
  write(t: number, ...bodies: string[]): void;
  waiting: LineWriter["waiting"];
  close: LineWriter["close"];
};

/** The file as lines: gives each its session, time and number. For those who have messages, not bytes. */
export function appendSession(
  open: Pick<Open, "id" | "at" | "upstream">,
  options: Pick<SessionFileOptions, "logDir" | "queueLimit">,
): SessionLines {
  const name = `${fileTime(open.at)}_${open.id}.jsonl`;
  const path = join(options.logDir, `mcp_${folderName(open.upstream)}`, name);
  let seq = 0;
  let last = 0;
  let timestamp = "";
  const text = (t: number, body: string): string => {
    // Many lines come in one piece.
    if (t !== last || timestamp === "") timestamp = new Date(open.at + t).toISOString();
    last = t;
    const head = { session_id: open.id, timestamp, seq: ++seq, t_ms: Math.round(t * 1000) / 1000 };
    return `${JSON.stringify(head).slice(0, -1)},${body.slice(1)}`;
  };
  const recovered = ({ lines, bytes, why }: Lost) => {
    const gap: LineBody = { event: "gap", lost: bytes, why: `${lines} lines were not kept: ${why}` };
    return text(last, JSON.stringify(gap));
  };
  const file = openLines(path, recovered, options.queueLimit);
  return {
    path,
    append: (t, body) => file.append(text(t, JSON.stringify(body))),
    write(t, ...bodies) {
      for (const body of bodies) file.append(text(t, body));
    },
    waiting: file.waiting,
    close: (grace) => file.close(grace),
  };
}

/** What a line of a pipe becomes: one line of the file, or one for each element of a batch. As JSON text. */
export function lineBodies(from: "client" | "server" | "stderr", line: Line, mask: LineMask): string[] {
  return atOnce(lineBodiesInParts(from, line, mask));
}

function* lineBodiesInParts(
  from: "client" | "server" | "stderr",
  line: Line,
  mask: LineMask,
): InParts<string[]> {
  const came = {
    ...(line.eol !== "lf" && { eol: line.eol }),
    ...(line.text === null && { base64: true }),
    ...(line.truncated && { truncated: line.truncated }),
  };
  const text =
    line.text === null
      ? (yield* maskedBytes(line.bytes, mask)).toString("base64")
      : yield* maskedLine(line.text, mask);
  if (from === "stderr") return [JSON.stringify({ from, text, ...came })];
  const value = line.text === null || line.truncated ? undefined : parseWithin(text);
  const one = direction(value);
  if (one !== null) {
    // The text goes into the file as it came: parsing and printing would change numbers such as 1.0 and 2^53 + 1.
    const head = { direction: one, from, ...came };
    return [`${JSON.stringify(head).slice(0, -1)},"message":${text}}`];
  }
  if (Array.isArray(value) && value.length > 0) {
    const size = value.length;
    const kinds = value.map(direction);
    const texts = elementsOf(text);
    if (kinds.every((each) => each !== null) && texts.length === size)
      return texts.map((message, index) => {
        const head = { direction: kinds[index], from, batch: { index, size }, ...came };
        return `${JSON.stringify(head).slice(0, -1)},"message":${message}}`;
      });
  }
  return [JSON.stringify({ from, raw: text, ...came })];
}

/** `logs/mcp_<this>/`: letters, digits, dot, dash, underscore; never empty, never hidden, at most 64 characters. */
export function folderName(name: string): string {
  const safe = name
    .normalize("NFC")
    .replace(/^mcp\//, "")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+/, "");
  return (
    [...safe]
      .slice(0, 64)
      .join("")
      .replace(/[.-]+$/, "") || "server"
  );
}

/** `2026-11-23T08-42-00-123Z`: sorts by time, legal in every file system. */
export function fileTime(at: number): string {
  return new Date(at).toISOString().replaceAll(/[:.]/g, "-");
}

/**
 * The record is made on the thread that passes the messages on. It waits a little, so that an answer that comes at once
 * does not wait for the record of its question, and works in slices. A killed process loses these milliseconds.
 */
const PAUSE_MS = 5;
const SLICE_MS = 0.2;
/** With more than this waiting the record goes first, for as long as this at once. */
const CROWDED = 4 * 1024 * 1024;
const CATCH_UP_MS = 10;
const CROWDED_LINES = 16 * 1024 * 1024;
/** And for longer where sources do not wait: then no piece comes faster than it is recorded. */
const FAR_BEHIND = 24 * 1024 * 1024;
const LONG_SLICE_MS = 90;

/** What a fact costs beside its bytes: many small ones fill the memory too. */
const FACT_BYTES = 300;

function costOf(fact: Fact): number {
  return fact.fact === "bytes" ? fact.bytes.byteLength + FACT_BYTES : FACT_BYTES;
}

/** 32 MiB: three times what the official SDKs accept in one message. */
const LINE_LIMIT = 32 * 1024 * 1024;

function exitLine({ ending, error, exit }: Close, mask: LineMask): LineBody {
  return { event: "exit", ending, error: error === null ? null : mask(error), ...exit };
}

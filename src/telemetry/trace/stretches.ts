/**
 * Stretches of runs: an agent works, and then nothing happens until somebody asks it again. A stretch is one trace, with a
 * span for the agent and one for each sub-agent; a conversation of days is many of them, joined by its id.
 */
import type { RunRow, StepRow } from "../../fact/rows.ts";
import { type Hash, type Place, spanId, traceId } from "./span.ts";

/** An agent at work: its span is told when the stretch is over. */
export type Agent = {
  readonly place: Place;
  readonly run: string;
  /** `main`, or the sub-agent's own name. */
  readonly lane: string;
  /** The tool step that started it; null for the main one, and where nobody knows. */
  readonly startedBy: string | null;
  begin: number;
  end: number;
  models: number;
  tools: number;
  tokensIn: number;
  tokensOut: number;
  cost: number;
  /** The last word: of an agent whose last answer failed. */
  error: string | null;
  provider: string | null;
  /** Spans of the client's own traces in which it asked. */
  readonly callers: Map<string, Place>;
};

export type Stretch = {
  readonly run: string;
  readonly trace: string;
  readonly agents: Map<string, Agent>;
  row: RunRow | null;
  /** When something of it was told last, by the clock here. */
  touched: number;
  /** Steps of it that wait to be told. */
  pending: number;
};

/** After its last word an agent may be asked to go on at once: that is the same work. */
export const QUIET_MS = 20_000;
/** One that waits for a tool or a person; longer than people leave a question open while they work. */
const IDLE_MS = 600_000;
const MOST_STRETCHES = 500;
const MOST_CALLERS = 8;

export class Stretches {
  readonly #hash: Hash;
  readonly #open = new Map<string, Stretch>();

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  /** The one of this run that goes on, or a new one that begins with this step. */
  of(run: string, step: StepRow, now: number): Stretch {
    const before = this.#open.get(run);
    const stretch = before ?? this.#begin(run, step.id);
    stretch.touched = now;
    return stretch;
  }

  /** What is known of a run beside its steps. */
  setRow(row: RunRow): void {
    const stretch = this.#open.get(row.id);
    if (stretch) stretch.row = row;
  }

  agent(stretch: Stretch, { lane, kind, parent, at }: StepRow): Agent {
    const name = kind === "model" ? lane : MAIN;
    const before = stretch.agents.get(name);
    if (before) return before;
    const agent: Agent = {
      place: { trace: stretch.trace, span: spanId(this.#hash, `${stretch.trace} ${name}`) },
      run: stretch.run,
      lane: name,
      startedBy: name === MAIN ? null : parent,
      begin: at,
      end: at,
      models: 0,
      tools: 0,
      tokensIn: 0,
      tokensOut: 0,
      cost: 0,
      error: null,
      provider: null,
      callers: new Map(),
    };
    stretch.agents.set(name, agent);
    return agent;
  }

  /** Those that are over by now, or that are too many. */
  over(now: number): Stretch[] {
    const over = [...this.#open.values()].filter((one) => isOver(one, now));
    for (const { run } of over) this.#open.delete(run);
    for (const [run, first] of this.#open) {
      if (this.#open.size <= MOST_STRETCHES) break;
      this.#open.delete(run);
      over.push(first);
    }
    return over;
  }

  get size(): number {
    return this.#open.size;
  }

  #begin(run: string, first: string): Stretch {
    const trace = traceId(this.#hash, `${run} ${first}`);
    const stretch = { run, trace, agents: new Map<string, Agent>(), row: null, touched: 0, pending: 0 };
    this.#open.set(run, stretch);
    return stretch;
  }
}

export const MAIN = "main";

function isOver({ touched, pending, row }: Stretch, now: number): boolean {
  if (now === Infinity) return true;
  const rests = pending === 0 && (row === null || row.state === "done" || row.state === "failed");
  return now - touched >= (rests ? QUIET_MS : IDLE_MS);
}

export function addCaller({ callers }: Agent, place: Place): void {
  if (callers.size < MOST_CALLERS && !callers.has(place.trace)) callers.set(place.trace, place);
}

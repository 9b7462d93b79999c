/**
 * What is over and where it belongs: exchanges, tool steps, MCP calls and agents become spans when nothing more is told of
 * them. Rows come in any order (an exchange before its run is known, a call before anybody says who asked for it), so each
 * waits a moment. Pure: the clock is a parameter, and what waits is bounded.
 */
import type { ExchangeRow, RunChanges, StepRow } from "../../fact/rows.ts";
import { once, type Once } from "../once.ts";
import { Recent } from "../recent.ts";
import type { SpanCall } from "./calls.ts";
import { traceParent } from "../../fact/traceparent.ts";
import { type Hash, type Place, spanId, traceId } from "./span.ts";
import { addCaller, type Agent, type Stretch, Stretches } from "./stretches.ts";

/** Where a span hangs: its own ids, what it hangs on, what it is to be seen with. */
export type Hanging = {
  readonly place: Place;
  readonly parent: (Place & { readonly remote: boolean }) | null;
  readonly links: readonly Place[];
};

export type Ready =
  | { readonly kind: "model"; readonly row: ExchangeRow; readonly at: Hanging; readonly run: string | null }
  | {
      readonly kind: "tool";
      readonly step: StepRow;
      readonly at: Hanging;
      /** What it took, the calls that served it included: a host may send them before the answer is whole. */
      readonly from: number;
      readonly to: number;
      readonly error: string | null;
    }
  | { readonly kind: "call"; readonly call: SpanCall; readonly at: Hanging; readonly run: string | null }
  | { readonly kind: "agent"; readonly agent: Agent; readonly stretch: Stretch; readonly at: Hanging };

export type TraceBook = {
  /** Each may be told again: of what was given out nothing more is heard. */
  exchange(row: ExchangeRow, now: number): void;
  call(call: SpanCall, now: number): void;
  changes(changes: RunChanges, now: number): void;
  /** What nothing more is expected of by now; Infinity gives out all. */
  due(now: number): Ready[];
  /** What waits. */
  readonly size: number;
};

/** A step is told again when its result was seen, its tie was found: rarely later than this. */
const SETTLE_MS = 2_000;
/** By then the runs would have said so. They are made behind everything else. */
const ALONE_MS = 15_000;
/** Of each kind; what came first goes out when more wait, as it is known by then. */
const MOST_WAITING = 10_000;

type Waiting<T> = { readonly it: T; readonly since: number };
type Outcome = { readonly from: number; readonly to: number; readonly error: string | null };
type Home = { readonly stretch: Stretch; readonly agent: Agent; readonly step: string };

export function traceBook(hash: Hash, startedAt: number): TraceBook {
  const stretches = new Stretches(hash);
  const exchanges = new Map<string, Waiting<ExchangeRow>>();
  const calls = new Map<string, Waiting<SpanCall>>();
  const tools = new Map<string, Waiting<StepRow>>();
  /** Of steps by their id, of exchanges by theirs, and of MCP calls those of their tool steps. */
  const homes = new Recent<Home>(MOST_WAITING);
  /** How MCP calls went, for the tool steps that they served. */
  const outcomes = new Recent<Outcome>(MOST_WAITING);
  const given: Once = once(-Infinity);

  return {
    exchange(row, now) {
      if (row.dialect !== "mcp") put(exchanges, row.id, { it: row, since: now });
    },
    call(call, now) {
      put(calls, call.key, { it: call, since: now });
      outcomes.set(call.key, { from: call.at - (call.ms ?? 0), to: call.at, error: call.errorType });
    },
    changes({ runs, steps, gone }, now) {
      for (const step of steps) if ((step.ended ?? step.at) >= startedAt) place(step, now);
      for (const row of runs) stretches.setRow(row);
      for (const id of gone.steps) leave(id);
    },
    due,
    get size() {
      return exchanges.size + calls.size + tools.size + stretches.size;
    },
  };

  /** Gives a step, and what it stands for, their place among the spans. */
  function place(step: StepRow, now: number): void {
    // One that was given out may be told of again, hours later.
    if (step.kind === "tool" && given.knows(`tool ${step.id}`)) return;
    const before = homes.get(step.id);
    const stays = before !== undefined && before.stretch.run === step.run;
    if (step.kind === "model" && stays && step.attempts.every(({ exchange }) => homes.has(exchange))) return;
    if (!stays && step.kind === "model" && step.attempts.every(({ exchange }) => given.knows(exchange)))
      return;
    const stretch = stretches.of(step.run, step, now);
    const asked = step.parent === null ? undefined : homes.get(step.parent);
    const isAskedHere = step.kind === "tool" && asked?.stretch === stretch;
    const agent = isAskedHere ? asked.agent : stretches.agent(stretch, step);
    const home = { stretch, agent, step: step.id };
    homes.set(step.id, home);
    if (step.kind === "model") {
      for (const { exchange } of step.attempts) homes.set(exchange, home);
      return;
    }
    for (const key of step.ties) homes.set(key, home);
    if (step.state === "nobody") return;
    if (!tools.has(step.id)) stretch.pending++;
    else if (!stays && before) {
      before.stretch.pending--;
      stretch.pending++;
    }
    put(tools, step.id, { it: step, since: now });
  }

  function leave(id: string): void {
    const home = homes.get(id);
    if (tools.delete(id) && home) home.stretch.pending--;
    homes.delete(id);
  }

  function due(now: number): Ready[] {
    const ready: Ready[] = [];
    for (const { it } of take(exchanges, (id) => homes.has(id), now)) ready.push(ofModel(it));
    for (const { it } of take(calls, (key) => homes.has(key), now)) ready.push(ofCall(it));
    for (const { it } of take(tools, () => true, now, isSettled)) ready.push(ofTool(it));
    for (const stretch of stretches.over(now)) ready.push(...ofStretch(stretch));
    return ready;
  }

  /** Those that have waited long enough, and the first ones of too many. */
  function take<T>(
    from: Map<string, Waiting<T>>,
    isHome: (key: string) => boolean,
    now: number,
    isReady: (it: T) => boolean = () => true,
  ): Waiting<T>[] {
    const taken: Waiting<T>[] = [];
    for (const [key, waiting] of from) {
      const age = now - waiting.since;
      const isMany = from.size > MOST_WAITING;
      if (age < SETTLE_MS && !isMany) break; // the rest came later
      if (!isMany && now !== Infinity && (!isReady(waiting.it) || (age < ALONE_MS && !isHome(key)))) continue;
      from.delete(key);
      taken.push(waiting);
    }
    return taken;
  }

  function ofModel(row: ExchangeRow): Ready {
    given.isNew(row.id, 0);
    const home = homes.get(row.id);
    const span = spanId(hash, row.id);
    if (home) {
      const { agent } = home;
      grow(agent, row.at, row.at + (row.duration_ms ?? 0));
      agent.models++;
      agent.tokensIn += row.tokens_in ?? 0;
      agent.tokensOut += row.tokens_out ?? 0;
      agent.cost += row.cost ?? 0;
      agent.error = row.error;
      agent.provider ??= row.provider ?? row.upstream;
    }
    const at = hanging(span, row.traceparent ?? null, home, home?.agent.place ?? null, `alone ${row.id}`);
    return { kind: "model", row, at, run: home?.stretch.run ?? null };
  }

  function ofCall(call: SpanCall): Ready {
    const home = homes.get(call.key);
    const span = spanId(hash, call.key);
    // A call that no model asked for hangs on the agent itself.
    const isAsked = home !== undefined && home.step !== call.key;
    const on = home
      ? isAsked
        ? { trace: home.stretch.trace, span: spanId(hash, `step ${home.step}`) }
        : home.agent.place
      : null;
    if (home) grow(home.agent, call.at - (call.ms ?? 0), call.at);
    const at = hanging(span, call.traceparent, home, on, `alone ${call.key}`);
    return { kind: "call", call, at, run: home?.stretch.run ?? null };
  }

  /** Under the client's own span where the wire names one, and then with a link to where it would hang here. */
  function hanging(
    span: string,
    wire: string | null,
    home: Home | undefined,
    on: Place | null,
    alone: string,
  ): Hanging {
    const caller = wire === null ? null : traceParent(wire);
    if (caller) {
      const place = { trace: caller.trace, span };
      if (home) addCaller(home.agent, { trace: caller.trace, span: caller.span });
      const parent = { trace: caller.trace, span: caller.span, remote: true };
      return { place, parent, links: on ? [on] : [] };
    }
    const trace = on?.trace ?? traceId(hash, alone);
    return { place: { trace, span }, parent: on && { ...on, remote: false }, links: [] };
  }

  function ofTool(step: StepRow): Ready {
    given.isNew(`tool ${step.id}`, 0);
    const home = homes.get(step.id);
    if (home) {
      home.stretch.pending--;
      home.agent.tools++;
    }
    const on = home?.agent.place ?? null;
    const trace = on?.trace ?? traceId(hash, `alone ${step.id}`);
    const place = { trace, span: spanId(hash, `step ${step.id}`) };
    const served = step.ties.flatMap((key) => outcomes.get(key) ?? []);
    const from = Math.min(step.at, ...served.map((one) => one.from));
    const to = Math.max(step.at, step.ended ?? step.at, ...served.map((one) => one.to));
    if (home) grow(home.agent, from, to);
    const failed = served.find(({ error }) => error !== null)?.error ?? null;
    const at = { place, parent: on && { ...on, remote: false }, links: [] };
    return { kind: "tool", step, at, from, to, error: FAILED[step.state] ?? failed };
  }

  function ofStretch(stretch: Stretch): Ready[] {
    const main = stretch.agents.get("main");
    return [...stretch.agents.values()].map((agent): Ready => {
      const { place, callers, startedBy } = agent;
      const step =
        startedBy === null ? null : { trace: stretch.trace, span: spanId(hash, `step ${startedBy}`) };
      const on = agent === main ? null : (step ?? main?.place ?? null);
      const at = { place, parent: on && { ...on, remote: false }, links: [...callers.values()] };
      return { kind: "agent", agent, stretch, at };
    });
  }
}

/** By the conventions `error.type` is set where an operation failed: a host may well answer in a server's place. */
const FAILED: Partial<Record<StepRow["state"], string>> = {
  "no-answer": "no_answer",
  "not-sent": "not_sent",
  cancelled: "cancelled",
  failed: "_OTHER",
};

function isSettled({ state }: StepRow): boolean {
  return state !== "asked" && state !== "running";
}

function grow(agent: Agent, from: number, to: number): void {
  agent.begin = Math.min(agent.begin, from);
  agent.end = Math.max(agent.end, to);
}

/** What is told again waits behind the others. */
function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
}

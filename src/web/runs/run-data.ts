/** What a run's page and its API tell alike: one step on both wires, what its tools offer, how its context grew. */
import type { RunRow, StepRow, TieRow } from "../../fact/rows.ts";
import { readSession } from "../../read/mcp/session.ts";
import { bothWires, type BothWires } from "../../read/run/both-wires.ts";
import { exposureOf, type Exposure } from "../../read/run/exposure.ts";
import { grown, type Growth } from "../../read/run/growth.ts";
import { offeredBy } from "../../read/run/offered.ts";
import type { Readings } from "../readings.ts";
import { type Pulled, pulledTools } from "./pulled-tools.ts";
import type { Sources } from "../sources.ts";

/** Lines of a session that are looked through for its lists of tools. */
const MOST_LINES = 10_000;
const MOST_STEPS = 10_000;
/** Sessions of one run. */
const MOST_SESSIONS = 50;
/** MCP calls that served one call of a model: a script may make many. */
const MOST_CALLS = 20;

export type StepData = { step: StepRow; ties: TieRow[] } & BothWires;

export function runData({ index }: Pick<Sources, "index">, see: Readings) {
  return { step, exposure, pulled, growth };

  /** Null when the run has no such step. */
  async function step(run: string, id: string): Promise<StepData | null> {
    const found = await index.step(id);
    if (!found || found.run !== run) return null;
    const asking = found.exchange === null ? null : await see(found.exchange);
    const seeing = found.seen === null ? null : await see(found.seen);
    const keys = found.ties.slice(0, MOST_CALLS);
    const ties = (await Promise.all(keys.map((key) => index.tie(key)))).filter((tie) => tie !== null);
    const calls = await Promise.all(keys.map((key) => callAt(key)));
    return {
      step: found,
      ties,
      ...bothWires(found, asking?.reading ?? null, calls, seeing?.reading ?? null),
    };
  }

  /** Of its last request with tools, or of one model step. Null when none brings tools. */
  async function exposure(
    run: RunRow,
    wanted?: string,
  ): Promise<({ step: string; exchange: string } & Exposure) | null> {
    const { items: steps } = await index.steps(run.id, undefined, MOST_STEPS);
    const models = steps.filter(({ kind }) => kind === "model");
    const id = wanted ?? models.findLast(({ context }) => (context?.["tools"] ?? 0) > 0)?.id;
    const found = models.find((one) => one.id === id) ?? null;
    const asking = found?.exchange ? await see(found.exchange) : null;
    if (!found || !asking) return null;
    const called = new Map<string, number>();
    for (const { kind, name } of steps) if (kind === "tool") called.set(name, (called.get(name) ?? 0) + 1);
    const offered = await Promise.all(run.sessions.slice(0, MOST_SESSIONS).map((session) => offers(session)));
    const told = exposureOf(
      asking.reading,
      asking.look.glimpse.requestBody,
      offered.flatMap((one) => one ?? []),
      called,
    );
    return { step: found.id, exchange: asking.exchange.id, ...told };
  }

  /** Tools of its servers that were described otherwise in the session before. */
  async function pulled({ sessions }: RunRow): Promise<Pulled[]> {
    const rows = await Promise.all(sessions.slice(0, MOST_SESSIONS).map((session) => index.session(session)));
    const found = await Promise.all(rows.map((row) => (row === null ? null : pulledTools(index, row))));
    return found.filter((one) => one !== null);
  }

  async function growth(run: string): Promise<Growth> {
    return grown((await index.steps(run, undefined, MOST_STEPS)).items);
  }

  async function callAt(key: string): Promise<{ request: unknown; answer: unknown }> {
    const at = key.lastIndexOf("/");
    const [session, seq] = [key.slice(0, at), Number(key.slice(at + 1))];
    const request = (await index.messages(session, seq - 1, 1)).items[0]?.line["message"] ?? null;
    const tie = await index.tie(key);
    const answer_seq = tie?.served.answer_seq ?? null;
    const answer = answer_seq === null ? null : (await index.messages(session, answer_seq - 1, 1)).items[0];
    return { request, answer: answer?.line["message"] ?? null };
  }

  async function offers(session: string) {
    const row = await index.session(session);
    if (!row) return null;
    const { items } = await index.messages(session, -1, MOST_LINES);
    return offeredBy(row, readSession(items.map(({ line }) => line)).inventory.tools);
  }
}

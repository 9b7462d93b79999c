/** Lessons against their recordings: every step points at bytes that passed, and says its lines in both languages. */
import { describe, expect, test } from "bun:test";
import { Elysia } from "elysia";
import { believable, exchangeOf } from "../../../test/believable.ts";
import { LESSONS } from "../../fact/lessons.ts";
import { milestonesOf } from "../../read/milestones/exchange.ts";
import { readings } from "../readings.ts";
import type { Sources } from "../sources.ts";
import { explainedAt, framesOf, marksOf } from "./frames.ts";
import { learnRoutes } from "./learn-routes.ts";
import { lessonOf, lessons } from "./lessons.ts";
import { type LessonItem, fileOf, recordedOf } from "./recorded.ts";

const CJK = /[\u3400-\u9fff]/;

describe.each(lessons)("$name", ({ name, title, about, steps, question }) => {
  test("each step marks bytes of the recording, in the order in which they passed, and explains them", async () => {
    const items = await recordedOf(name);
    const frames = framesOf(items);
    const marks = marksOf(frames, steps);
    const places = steps.map((step, n) => {
      const mark = marks[n];
      const [frame, item] = [mark && frames[mark.frame], items[step.of]];
      const told = frame && item ? explainedAt(item, frame, step) : null;
      const marked = mark && frame?.text.slice(mark.start, mark.end);
      return [step.text, marked, told !== null && told.why.length + told.what.length > 0];
    });
    expect(places).toEqual(steps.map(({ text }) => [text, text, true]));
  });

  test("says everything in both languages, with what stands on the wire as it is", () => {
    const answers = question?.answers.flatMap(({ words, why }) => [words, why]) ?? [];
    const prose = [title, about, ...steps.map(({ lead }) => lead), ...(question ? [question.ask] : [])];
    const quotes = (text: string) => (text.match(/`[^`]*`/g) ?? []).toSorted().join(" ");
    for (const { en, zh } of [...prose, ...answers])
      expect([en, CJK.test(en), quotes(en)]).toEqual([en, false, quotes(zh)]);
    expect(prose.filter(({ zh }) => !CJK.test(zh) || /[\u3400-\u9fff][,;:?!(]/.test(zh))).toEqual([]);
    expect(question?.answers.filter(({ right }) => right).length ?? 1).toBe(1);
  });

  test("the frames of its recording are the bodies, byte for byte", async () => {
    const kept = (await Bun.file(fileOf(name)).json()) as LessonItem[];
    const frames = framesOf(await recordedOf(name));
    for (const [of, item] of kept.entries()) {
      if (item.kind === "session") continue;
      const body = frames.filter((it) => it.of === of && it.at === "answer").map(({ text }) => text);
      const whole = body.length > 1 ? `${body.join("\n\n")}` : body[0];
      expect(whole).toBe(item.exchange.response.body.trimEnd());
      expect(frames.find((it) => it.of === of && it.at === "request")?.text).toBe(
        String(item.exchange.request?.body),
      );
    }
  });
});

test("the recordings show what their lessons are about", async () => {
  const seen = new Map<string, string[]>();
  for (const name of LESSONS) {
    const items = await recordedOf(name);
    seen.set(
      name,
      items.flatMap((item) =>
        item.kind === "exchange"
          ? milestonesOf(item.exchange, item.reading, item.look).map((it) => it.name)
          : item.lines.flatMap((line, n) => item.list.shown(line, n).milestone ?? []),
      ),
    );
  }
  expect(Object.fromEntries([...seen].map(([name, all]) => [name, [...new Set(all)].join(" ")]))).toEqual({
    stream: "first-token finished",
    "tool-call": "first-token tool-asked finished handshake-began handshake-done tool-served",
    parallel: "first-token tool-asked finished handshake-began handshake-done tool-served",
    thinking: "reasoning-began first-token finished",
    handshake: "handshake-began handshake-done tools-listed tool-asked progress-began tool-served discovered",
    elicitation:
      "handshake-began handshake-done tool-asked elicitation-asked elicitation-answered tool-served input-asked input-answered",
    cache: "cache-write first-token finished cache-hit",
    compaction: "tool-served first-token finished compaction",
    cancel: "reasoning-began first-token",
    retry: "retry first-token finished",
  });
});

async function asked(path: string, { method = "GET", change = {} as Partial<Sources> } = {}) {
  const { sources } = believable(change);
  const app = new Elysia().use(learnRoutes(sources, readings(sources)));
  const response = await app.handle(new Request(`http://localhost${path}`, { method }));
  return { status: response.status, text: await response.text(), headers: response.headers };
}

test("a lesson opens at the step that the address names; one that there is not is said to be none", async () => {
  const { text, status } = await asked("/learn/tool-call?step=3&lang=zh");
  expect([status, text.match(/data-step="(\d+)"/)?.[1]]).toEqual([200, "2"]);
  expect(text).toContain(lessonOf("tool-call")!.steps[2]!.lead.zh.replaceAll("`", "").slice(0, 8));
  expect(text.match(/<mark[^>]*class="on"[^>]*>/g)?.length).toBe(1);
  expect((await asked("/learn/nothing")).status).toBe(404);
  expect((await asked("/learn/stream?step=99")).text).toContain(
    `data-step="${lessonOf("stream")!.steps.length - 1}"`,
  );
  const kept = await asked("/learn/stream/recording.json");
  expect([kept.status, kept.headers.get("content-disposition")]).toEqual([
    200,
    'attachment; filename="stream.json"',
  ]);
  expect((await asked("/learn")).text).not.toContain("data-run");
});

test("what is played is one of ours, and opens where it was recorded", async () => {
  const played: string[] = [];
  const change = { runLesson: async (name: string) => void played.push(name) };
  const post = (name: string) => asked(`/api/learn/${name}`, { method: "POST", change });
  expect((await post("nothing")).status).toBe(404);
  expect((await asked("/api/learn/stream", { method: "POST" })).status).toBe(404);
  expect(played).toEqual([]);
  const playing = Promise.withResolvers<void>();
  const world = believable({ runLesson: () => playing.promise });
  const app = new Elysia().use(learnRoutes(world.sources, readings(world.sources)));
  const ask = () => app.handle(new Request("http://localhost/api/learn/too-long", { method: "POST" }));
  const first = ask();
  while ((await ask()).status !== 409) await Bun.sleep(1);
  const exchange = exchangeOf({
    upstream: "demo",
    body: { model: "demo" },
    pieces: [[9, "data: [DONE]\n\n"]],
  });
  world.keep(exchange);
  playing.resolve();
  expect(await (await first).json()).toEqual({ open: `/llm/${exchange.id}/problems` });
  expect((await asked("/learn", { change })).text.match(/data-run/g)?.length).toBe(18);
});

/** How each host treats the results of tools, from the calls at hand: counts, and for each thing a step that shows it. */
import type { Fidelity, RunRow, StepRow } from "../../fact/rows.ts";
import { familyOfAgent } from "./families.ts";

export type Host = {
  host: string;
  versions: string[];
  calls: number;
  forms: Record<string, number>;
  /** Of the results that say something in both forms: which of them the model got. */
  choices: Record<string, number>;
  likeness: Record<string, number>;
  wrappers: Record<string, number>;
  media: { served: number; seen: number };
  /** What was found wrong or odd on the way from server to model, by rule, the most frequent first. */
  rules: { rule: string; calls: number; run: string; step: string }[];
  /** In a sentence. */
  says: string;
};

/** Joined calls that are looked through, the latest: what a host does is soon the same again. */
export const TREATED = 5_000;

type Treated = { step: StepRow; run: RunRow };
type Counts = Omit<Host, "says" | "rules">;

/** The one with the most calls first. */
export function hostsOf(all: readonly Treated[]): Host[] {
  const byHost = Map.groupBy(all, ({ run }) => hostName(run.agent));
  return [...byHost].map(([host, treated]) => hostOf(host, treated)).toSorted((a, b) => b.calls - a.calls);
}

/** A program that is none of the known ones goes by its own name, without the version. */
export function hostName(agent: string | null): string {
  return familyOfAgent(agent) ?? (agent?.split("/")[0] || "unknown");
}

function hostOf(host: string, treated: readonly Treated[]): Host {
  const found = treated.flatMap(({ step }) => step.fidelity ?? []);
  const versions = new Set(treated.flatMap(({ run }) => run.agent?.split("/")[1] ?? []));
  const media = { served: 0, seen: 0 };
  for (const one of found) {
    media.served += one.media.served;
    media.seen += Math.min(one.media.seen, one.media.served);
  }
  const counts = {
    host,
    versions: [...versions].toSorted(),
    calls: found.length,
    forms: tally(found, ({ form }) => form),
    choices: choicesIn(treated),
    likeness: tally(found, ({ likeness }) => likeness),
    wrappers: tally(found, ({ wrapper }) => wrapper),
    media,
  };
  return { ...counts, rules: rulesIn(treated), says: hostSays(counts, "en") };
}

function tally(all: readonly Fidelity[], of: (one: Fidelity) => string | null): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of all) {
    const name = of(one);
    if (name !== null) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const CHOICES: Readonly<Record<string, string>> = {
  "join/content-only": "content",
  "join/structured-only": "structured",
  "join/result-twice": "both",
};

function choicesIn(treated: readonly Treated[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rule } of treated.flatMap(({ step }) => step.problems)) {
    const name = CHOICES[rule];
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** What is the model's doing, or the recorders', not the host's. */
const OTHERS = new Set(["join/repeated", "join/clocks-differ"]);

/** The latest call that shows it stands for all of a rule. */
function rulesIn(treated: readonly Treated[]): Host["rules"] {
  const rules = new Map<string, Host["rules"][number]>();
  for (const { step, run } of treated.toSorted((a, b) => b.step.at - a.step.at))
    for (const rule of new Set(step.problems.map((one) => one.rule))) {
      if (OTHERS.has(rule)) continue;
      const known = rules.get(rule);
      if (known) known.calls++;
      else rules.set(rule, { rule, calls: 1, run: run.id, step: step.id });
    }
  return [...rules.values()].toSorted((a, b) => b.calls - a.calls);
}

type Lang = "en" | "zh";
type Said = Readonly<Record<string, Readonly<Record<Lang, string>>>>;

const FORMS: Said = {
  content: { en: "the model sees the text", zh: "模型看到文本" },
  structured: { en: "the model sees structuredContent", zh: "模型看到 structuredContent" },
  neither: { en: "the model sees nothing of the result", zh: "模型看不到结果" },
};
const WINS: Said = {
  content: {
    en: "content wins, structuredContent is not shown",
    zh: "以 content 为准，不展示 structuredContent",
  },
  structured: {
    en: "structuredContent wins, the text beside it is not shown",
    zh: "以 structuredContent 为准，不展示旁边的文本",
  },
  both: {
    en: "text and structuredContent are both shown, paid twice",
    zh: "文本和 structuredContent 都展示，重复计费",
  },
};
const LIKENESS: Said = {
  cut: { en: "results are cut", zh: "结果会被截断" },
  rewritten: { en: "results are rewritten", zh: "结果会被改写" },
  unrelated: { en: "results are replaced", zh: "结果会被替换" },
};
const MEDIA: Said = {
  kept: { en: "images, sound and links are kept", zh: "图像、音频和链接会保留" },
  lost: {
    en: "images, sound and links are dropped or turned into text",
    zh: "图像、音频和链接会被丢弃或变成文字",
  },
};
const WRAPPED: Said = { is: { en: "the text is wrapped", zh: "文本外会加一层包装" } };

/** «content wins, structuredContent is not shown (18 of 20), images, sound and links are kept; from 214 calls» */
export function hostSays({ forms, choices, likeness, wrappers, media, calls }: Counts, lang: Lang): string {
  const [comma, stop] = lang === "zh" ? ["，", "；"] : [", ", "; "];
  const parts = [
    mostly(choices, WINS, lang) ?? mostly(forms, FORMS, lang),
    ...Object.keys(LIKENESS).map((name) => someOf(likeness[name] ?? 0, calls, LIKENESS[name]![lang], lang)),
    Object.keys(wrappers).length > 0 ? WRAPPED["is"]![lang] : null,
    mediaSays(media, lang),
  ].filter((part) => part !== null);
  const from = lang === "zh" ? `依据 ${calls} 次调用` : `from ${calls} ${calls === 1 ? "call" : "calls"}`;
  return `${parts.join(comma)}${stop}${from}`;
}

/** What holds for most of the calls, with its share where it does not hold for all. */
function mostly(counts: Record<string, number>, words: Said, lang: Lang): string | null {
  const known = Object.entries(counts).filter(([name]) => words[name]);
  const all = known.reduce((sum, [, n]) => sum + n, 0);
  const [name, count] = known.toSorted(([, a], [, b]) => b - a)[0] ?? [];
  return name === undefined ? null : someOf(count ?? 0, all, words[name]![lang], lang);
}

function someOf(count: number, all: number, said: string, lang: Lang): string | null {
  if (count === 0) return null;
  if (count === all) return said;
  return lang === "zh" ? `${said}（${all} 次中 ${count} 次）` : `${said} (${count} of ${all})`;
}

function mediaSays({ served, seen }: Host["media"], lang: Lang): string | null {
  if (served === 0) return null;
  if (seen === 0) return MEDIA["lost"]![lang];
  return someOf(seen, served, MEDIA["kept"]![lang], lang);
}

/** What went wrong between a call's two wires, as problems: each says which rule, how bad, and what happened. */
import type { Fidelity, StepProblem } from "../../fact/rows.ts";
import { compare, textOf } from "./compare.ts";
import type { Block, Excerpt, SeenResult, ServedResult } from "./evidence.ts";
import { plainText } from "./exact-numbers.ts";
import { isSame, isWhole } from "./excerpt.ts";
import { parseJson } from "../json.ts";

const MEDIA = new Set(["image", "audio", "video", "file", "resource", "resource_link"]);
/** Four characters of English or JSON are about one token; said as an estimate. */
const CHARS_PER_TOKEN = 4;

/** `hasFlag`: the API of the request can say that a result is an error. */
export function fidelityOf(
  served: ServedResult,
  seen: SeenResult,
  hasFlag: boolean,
): { fidelity: Fidelity; problems: StepProblem[] } {
  const { form, likeness, wrapper, reordered, kept, served: had, seen: got } = compare(served, seen);
  const media = { served: mediaIn(served.blocks), seen: mediaIn(seen.blocks) };
  const fidelity: Fidelity = { form, likeness, wrapper, served: had, seen: got, kept, media };
  const problems = [
    ...formProblems(served, form, likeness),
    ...textProblems(fidelity),
    ...(reordered ? [REORDERED] : []),
    ...mediaProblems(served.blocks, seen),
    ...metaProblems(served, seen),
    ...errorProblems(served, seen, hasFlag),
  ];
  return { fidelity, problems };
}

const REORDERED: StepProblem = {
  rule: "join/order-changed",
  severity: "note",
  what: "the parts of the result reached the model in another order",
};

type Arguments = { args: Excerpt; exact?: string };

/** A difference that only numbers no double has can have is one only where those of the model are known. */
export function argumentProblems(asked: Arguments, served: Arguments): StepProblem[] {
  const isOther = !isSame(asked.args, served.args);
  const sent = exactOf(served);
  if (!isOther && (asked.exact === undefined || sent === undefined || asked.exact === sent)) return [];
  const [from, to] = isOther ? [asked.args.text, served.args.text] : [asked.exact ?? "", sent ?? ""];
  const what = `the host sent other arguments than the model wrote: ${brief(from)} became ${brief(to)}`;
  return [{ rule: "join/arguments-changed", severity: "warning", what }];
}

/** Of one that was cut nothing can be said: then it is taken to be as asked. */
function exactOf({ args, exact }: Arguments): string | undefined {
  return exact ?? (isWhole(args) ? plainText(parseJson(args.text)) : undefined);
}

function formProblems(
  { structured, blocks }: ServedResult,
  form: Fidelity["form"],
  likeness: Fidelity["likeness"],
): StepProblem[] {
  if (structured === null) return [];
  const texts = textOf(blocks);
  if (form === "both") {
    const twice = Math.round(Math.min(structured.chars, texts.chars) / CHARS_PER_TOKEN);
    const what = `the model got the text and the structured content of the result: the same twice, about ${twice} tokens for nothing in each later request`;
    return [{ rule: "join/result-twice", severity: "warning", what }];
  }
  if (form === "structured" && texts.chars > 0)
    return [
      {
        rule: "join/structured-only",
        severity: "note",
        what: "the model got the structured content of the result; the text beside it was not shown to it",
      },
    ];
  if (form === "content" && texts.chars > 0 && likeness !== "unknown" && !isSame(texts, structured))
    return [
      {
        rule: "join/content-only",
        severity: "note",
        what: "the model got the text of the result; the structured content beside it was not shown to it",
      },
    ];
  return [];
}

function textProblems({ form, likeness, served, seen, kept }: Fidelity): StepProblem[] {
  switch (likeness) {
    case "cut": {
      const where = kept !== null && kept > 0 ? ` (the first ${kept} as they were)` : "";
      const what = `the model saw ${seen} of ${served} characters of the result${where}`;
      return [{ rule: "join/result-cut", severity: "warning", what }];
    }
    case "rewritten":
      return [
        {
          rule: "join/result-rewritten",
          severity: "warning",
          what: `the model saw another text than the server gave: ${served} characters became ${seen}`,
        },
      ];
    case "unrelated":
      return [
        {
          rule: "join/result-replaced",
          severity: "error",
          what: "what the model saw has nothing of the result that the server gave",
        },
      ];
    default:
      return form === "neither"
        ? [
            {
              rule: "join/result-replaced",
              severity: "error",
              what: "the model saw neither the text nor the structured content of the result",
            },
          ]
        : [];
  }
}

function mediaProblems(blocks: readonly Block[], seen: SeenResult): StepProblem[] {
  if (!blocks.some(({ type }) => MEDIA.has(type))) return [];
  const words = textOf(seen.blocks).text;
  return [
    ...Map.groupBy(
      blocks.filter(({ type }) => MEDIA.has(type)),
      ({ type }) => type,
    ),
  ].flatMap(([type, served]): StepProblem[] => {
    const lost = served.length - seen.blocks.filter((block) => passesFor(type, block)).length;
    if (lost <= 0) return [];
    const named = served.filter(({ said, mime }) =>
      said === null ? mime !== null && words.includes(mime) : words.includes(said.text),
    );
    if (named.length >= lost) {
      if (type === "resource") return [];
      const what = `${lost} ${type} of the result reached the model as text`;
      return [{ rule: "join/media-as-text", severity: "note", what }];
    }
    const what = `${lost} ${type} of the result did not reach the model`;
    return [{ rule: "join/media-dropped", severity: "warning", what }];
  });
}

function passesFor(type: string, block: Block): boolean {
  if (block.type === type) return true;
  return type === "resource" ? block.type === "file" || block.type === "image" : false;
}

function mediaIn(blocks: readonly Block[]): number {
  return blocks.filter(({ type }) => MEDIA.has(type)).length;
}

function metaProblems({ meta }: ServedResult, seen: SeenResult): StepProblem[] {
  if (meta.length === 0) return [];
  // Of a result that is a text within JSON the quotes are escaped.
  const words = textOf(seen.blocks).text.replaceAll('\\"', '"');
  // As JSON, or as Python shows its objects.
  const isNamed = (name: string) => words.includes(JSON.stringify(name)) || words.includes(`'${name}'`);
  const leaked = /["']_meta["']|\bmeta=\{/.test(words) ? meta.filter(isNamed) : [];
  if (leaked.length === 0) return [];
  const what = `the model saw the result's _meta, which is meant for the host: ${leaked.slice(0, 5).join(", ")}`;
  return [{ rule: "join/meta-leaked", severity: "warning", what }];
}

const SAYS_ERROR = /error|fail|exception|invalid|denied|not found|unable|cannot|错误|失败/i;

function errorProblems(served: ServedResult, seen: SeenResult, hasFlag: boolean): StepProblem[] {
  if (!served.error || seen.error) return [];
  // Where the API has no flag, the words are all that can say it.
  if (!hasFlag && SAYS_ERROR.test(textOf(seen.blocks).text)) return [];
  const what = "the server said that the call failed (isError); the model was not told";
  return [{ rule: "join/error-lost", severity: "warning", what }];
}

function brief(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

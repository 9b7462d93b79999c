/** Calls and thoughts that a server should have taken out of the text, and did not: its template or parser does not fit the model. */
import type { Problem } from "../reading.ts";
import { problem, quoted, type Rule } from "./rule.ts";

const SOURCE = "https://docs.vllm.ai/en/latest/features/tool_calling.html";

export const leaks: readonly Rule[] = [leaked];

/** Marks that models are trained to write around calls: tokens of their own, or tags with something of a call behind them. */
const CALLS = new RegExp(
  [
    /<\|tool_calls?(?:_section)?_begin\|>|<\|tool_call(?:_start)?\|>|<\|START_ACTION\|>/,
    /<｜tool▁calls?▁begin｜>|<｜DSML｜\w{1,20}|<\|python_tag\|>/,
    // OpenAI's open weights: to whom a message goes stands before its channel or behind it.
    /<\|channel\|>commentary to=|<\|start\|>assistant to=|assistantcommentary to=/,
    /\[TOOL_CALLS\](?=\s*[[{\w])|<TOOLCALL>(?=\s*\[)/,
    /<tool_calls?>(?=\s*(?:[{[<]|[\w.-]{1,64}\s*<arg_key>))|<\w{1,20}[:_]tool_calls?>/,
    /<function=[\w.-]{1,64}>|<function_calls>(?=\s*<)|<start_function_call>|<invoke name="|<tool_code>/,
  ]
    .map(({ source }) => `(?:${source})`)
    .join("|"),
);
const THOUGHTS = new RegExp(
  [
    /^\s*(<think(?:ing)?>|<\|thinking\|>|◁think▷|<seed:think>|<\|channel\|?>(?:analysis|thought)|\[THINK\]|<\|START_THINKING\|>|<\|begin_of_thought\|>)/,
    // Words that a text may begin with as well: their ends have to be there, too.
    /^\s*(<(?:reasoning|thoughts?|reflection)>)(?=[^]*<\/(?:reasoning|thoughts?|reflection)>)/,
    /^(analysis)(?=[A-Z][^]*(?:assistantfinal|assistantcommentary))/,
    /(?:\n|[.!?。！？])\s{0,9}(<\/think(?:ing)?>)/,
  ]
    .map(({ source }) => source)
    .join("|"),
);

/** Longer texts are looked at where marks stand: at both ends. */
const LOOKED_AT_CHARS = 100_000;

function leaked({ reading }: Parameters<Rule>[0]): Problem[] {
  const text = outsideOfCode(
    reading.text.length > LOOKED_AT_CHARS
      ? `${reading.text.slice(0, LOOKED_AT_CHARS / 2)}\n${reading.text.slice(-LOOKED_AT_CHARS / 2)}`
      : reading.text,
  );
  const call = CALLS.exec(text)?.[0];
  const thought = THOUGHTS.exec(text);
  const found: Problem[] = [];
  if (call !== undefined)
    found.push(
      leak("answer/leaked-call", `the text holds a tool call as the model writes it (${quoted(call)})`),
    );
  if (thought)
    found.push(
      leak(
        "answer/leaked-thoughts",
        `the text holds the model's thoughts (${quoted(thought.slice(1).find((mark) => mark !== undefined) ?? "")})`,
      ),
    );
  return found;
}

function leak(rule: string, what: string): Problem {
  return problem("note", rule, "answer", `${what}: the server did not take it out of the text`, SOURCE);
}

/** What stands between fences or ticks is shown, not meant. */
function outsideOfCode(text: string): string {
  const plain = text.split("```").filter((_, i) => i % 2 === 0);
  return plain.join("\n").replace(/`[^`\n]{0,200}`/g, "``");
}

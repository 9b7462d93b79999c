/** Calls and thoughts that a server should have taken out of the text, and did not: its template or parser does not fit the model. */
import type { Problem } from "../reading.ts";
import { problem, quoted, type Rule } from "./rule.ts";

const SOURCE = "https://docs.vllm.ai/en/latest/features/tool_calling.html";

export const leaks: readonly Rule[] = [leaked];

/** Marks that models are trained to write around calls. Each begins a line: in the middle of one it is talked about. */
const CALLS =
  /^[ \t]*(<tool_calls?>|<\|tool_calls?(_section)?_begin\|>|<\|tool_call\|>|<｜tool▁calls?▁begin｜>|<function_calls>|<function=[\w.-]+>|<invoke name="|<(?:\w+:)tool_calls?>|\[TOOL_CALLS\]|<\|python_tag\|>|<tool_code>|<\|channel\|>commentary to=)/m;
/** Space before it on its own line only: over line ends it would be looked through anew from each of them. */
const THOUGHTS =
  /^[^\S\r\n\u2028\u2029]*(<think(?:ing)?>|<\|thinking\|>|◁think▷|<seed:think>|<\|channel\|>analysis)|^[ \t]*(<\/think(?:ing)?>)[ \t]*$/m;

/** Longer texts are looked at where marks stand: at both ends. */
const LOOKED_AT = 100_000;

function leaked({ reading }: Parameters<Rule>[0]): Problem[] {
  const text = outsideOfCode(
    reading.text.length > LOOKED_AT
      ? `${reading.text.slice(0, LOOKED_AT / 2)}\n${reading.text.slice(-LOOKED_AT / 2)}`
      : reading.text,
  );
  const call = CALLS.exec(text)?.[1];
  const thought = THOUGHTS.exec(text);
  const found: Problem[] = [];
  if (call !== undefined)
    found.push(
      told("answer/leaked-call", `the text holds a tool call as the model writes it (${quoted(call)})`),
    );
  if (thought)
    found.push(
      told(
        "answer/leaked-thoughts",
        `the text holds the model's thoughts (${quoted(thought[1] ?? thought[2] ?? "")})`,
      ),
    );
  return found;
}

function told(rule: string, what: string): Problem {
  return problem("note", rule, "answer", `${what}: the server did not take it out of the text`, SOURCE);
}

/** What stands between fences is shown, not meant. */
function outsideOfCode(text: string): string {
  return text
    .split("```")
    .filter((_, i) => i % 2 === 0)
    .join("\n");
}

/** What was said to the demo's model, as the lines of its script look at it. */
import type { ChatCompletionRequest } from "@copilotkit/aimock";

/** What a line of the script looks at. The package brings every dialect into the shape of OpenAI's chat. */
export type Lines = {
  /** The last thing that the user said. */
  readonly asked: string;
  /** The last tool result after it, or null; and all that came with it. */
  readonly result: string | null;
  readonly results: readonly string[];
  /** The tool that it is of. */
  readonly called: string | null;
  /** How many results there are by now, of earlier answers too. */
  readonly tries: number;
  /** Names of the tools that the client offers. */
  readonly tools: readonly string[];
  /** All that was said: tools that a client keeps back stand there by name. */
  readonly all: string;
};

export function linesOf({ messages, tools = [] }: ChatCompletionRequest): Lines {
  const words = messages.map(({ role, content }) => (role === "user" ? withoutAsides(textOf(content)) : ""));
  const last = Math.max(
    words.findLastIndex((text) => text !== ""),
    // An agent's aside may be all that there is.
    words.every((text) => text === "") ? messages.findLastIndex(({ role }) => role === "user") : -1,
  );
  const since = messages.slice(last + 1);
  const spoke = since.findLastIndex(({ role }) => role === "assistant");
  const results = since.slice(spoke + 1).filter(({ role }) => role === "tool");
  const answer = results.at(-1);
  const call = since
    .flatMap(({ tool_calls = [] }) => tool_calls)
    .find(({ id }) => id === answer?.tool_call_id);
  return {
    asked: words[last] || textOf(messages[last]?.content),
    result: answer ? textOf(answer.content) : null,
    called: call?.function.name ?? null,
    results: results.map(({ content }) => textOf(content)),
    tries: since.filter(({ role }) => role === "tool").length,
    tools: tools.map((tool) => tool.function.name),
    all: messages.map(({ content }) => textOf(content)).join("\n"),
  };
}

/** Agents put words of their own into what the user said: `<system-reminder>…</system-reminder>`. */
function withoutAsides(text: string): string {
  return text.replaceAll(/<([a-z][\w-]*)>[^]*?<\/\1>\s*/g, "").trim();
}

type Content = ChatCompletionRequest["messages"][number]["content"];

function textOf(content: Content | undefined): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text ?? "").join("");
}

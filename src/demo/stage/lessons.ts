/** Scenes of lessons that the demo model's script does not play: thinking, caching and compaction on Anthropic's API, a busy server. */
import { type Asked, json, type Scene, stream, words } from "./scene.ts";

const MODEL = "claude-sonnet-4-5";
type Event = { type: string } & Record<string, unknown>;

const event = (it: Event) => `event: ${it.type}\ndata: ${JSON.stringify(it)}\n\n`;

type Said = { readonly thinking?: string; readonly text: string; readonly edits?: readonly unknown[] };

/** A whole answer of the Messages API, streamed; `usage` is what its input cost. */
function message({ thinking, text, edits }: Said, usage: Record<string, number>) {
  const blocks: string[] = [];
  let index = 0;
  if (thinking !== undefined) {
    blocks.push(
      event({ type: "content_block_start", index, content_block: { type: "thinking", thinking: "" } }),
    );
    for (const it of words(thinking))
      blocks.push(
        event({ type: "content_block_delta", index, delta: { type: "thinking_delta", thinking: it } }),
      );
    const delta = { type: "signature_delta", signature: "ZGVtby1zaWduYXR1cmU=" };
    blocks.push(event({ type: "content_block_delta", index, delta }));
    blocks.push(event({ type: "content_block_stop", index: index++ }));
  }
  blocks.push(event({ type: "content_block_start", index, content_block: { type: "text", text: "" } }));
  for (const it of words(text))
    blocks.push(event({ type: "content_block_delta", index, delta: { type: "text_delta", text: it } }));
  blocks.push(event({ type: "content_block_stop", index }));
  const start = {
    type: "message_start",
    message: {
      id: "msg_demo",
      type: "message",
      role: "assistant",
      model: MODEL,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...usage, output_tokens: 1 },
    },
  };
  const output_tokens = words(`${thinking ?? ""} ${text}`).length + 2;
  const end = {
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens },
    ...(edits && { context_management: { applied_edits: edits } }),
  };
  return stream([
    event(start),
    event({ type: "ping" }),
    ...blocks,
    event(end),
    event({ type: "message_stop" }),
  ]);
}

const turnsOf = ({ body }: Asked) => (Array.isArray(body["messages"]) ? body["messages"].length : 0);

/** The first turn writes the prompt's beginning into the cache, a later one reads it. */
const cache: Scene = (asked) =>
  turnsOf(asked) < 3
    ? message(
        { text: "A cache keeps the beginning of your prompt." },
        { input_tokens: 12, cache_creation_input_tokens: 1480, cache_read_input_tokens: 0 },
      )
    : message(
        { text: "It was read, not worked out anew." },
        { input_tokens: 31, cache_creation_input_tokens: 0, cache_read_input_tokens: 1480 },
      );

const thinking: Scene = () =>
  message(
    {
      thinking: "Twelve eggs, a third broken: twelve by three is four, so eight are left.",
      text: "Eight eggs are whole.",
    },
    { input_tokens: 31, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
  );

const compaction: Scene = () =>
  message(
    {
      text: "Oslo was the coldest: 3 °C.",
      edits: [{ type: "clear_tool_uses_20250919", cleared_tool_uses: 2, cleared_input_tokens: 1240 }],
    },
    { input_tokens: 418, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
  );

/** Too much at first; a retry, which SDKs count in a header, is let through. */
const busy: Scene = ({ headers }) => {
  if (Number(headers["x-stainless-retry-count"] ?? 0) < 1) {
    const error = { type: "rate_limit_error", message: "Too many requests in this minute." };
    return json(429, { type: "error", error }, { "retry-after": "1" });
  }
  return message(
    { text: "Now there is room for you." },
    { input_tokens: 11, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
  );
};

export const scenes: Readonly<Record<string, Scene>> = { cache, thinking, compaction, busy };

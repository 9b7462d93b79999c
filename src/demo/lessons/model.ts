/** The lessons about models' APIs: OpenAI's chat from the demo's script, Anthropic's messages from its scenes. */
import { shakeHands } from "./mcp.ts";
import { ask, type Json, type Stage, withWeather } from "./stage.ts";

const CHAT = "/v1/chat/completions";
const options = { model: "gpt-4.1-mini", stream: true, stream_options: { include_usage: true } };
const user = (content: unknown): Json => ({ role: "user", content });
const system = { role: "system", content: "You are a friendly weather assistant. Use the tools for facts." };

const forecast = {
  type: "function",
  function: {
    name: "get_forecast",
    description: "The weather forecast of a place for 1 to 16 days, today included.",
    parameters: {
      type: "object",
      properties: { location: { type: "string" }, days: { type: "integer", minimum: 1, maximum: 16 } },
      required: ["location", "days"],
    },
  },
};

export async function stream(stage: Stage): Promise<void> {
  await ask(stage, CHAT, { ...options, messages: [user("Hello!")] });
}

export async function cancel(stage: Stage): Promise<void> {
  await ask(stage, CHAT, { ...options, messages: [user("How does a stream work?")] }, { leaveAfter: 12 });
}

export async function toolCall(stage: Stage): Promise<void> {
  await agent(stage, "What will the weather be like in Paris for the next 2 days?");
}

export async function parallel(stage: Stage): Promise<void> {
  await agent(stage, "Compare the weather of Paris and Oslo for the next 2 days.");
}

/** Asks, runs what the answer asks for at the weather server, and asks again with the results. */
async function agent(stage: Stage, question: string): Promise<void> {
  await withWeather(stage, [], async (server) => {
    await shakeHands(server);
    const messages: Json[] = [system, user(question)];
    const said = spoken(await ask(stage, CHAT, { ...options, messages, tools: [forecast] }));
    messages.push({ role: "assistant", content: said.text, tool_calls: said.calls });
    // Side by side: neither needs the other's result.
    const results = said.calls.map(async ({ id, function: { name, arguments: args } }) => {
      const answer = await server.request("tools/call", { name, arguments: JSON.parse(args) });
      const { structuredContent } = answer["result"] as { structuredContent: unknown };
      return { role: "tool", tool_call_id: id, content: JSON.stringify(structuredContent) };
    });
    messages.push(...(await Promise.all(results)));
    await ask(stage, CHAT, { ...options, messages, tools: [forecast] });
  });
}

type Call = { id: string; type: string; function: { name: string; arguments: string } };

/** What the pieces of a chat stream come to. */
function spoken(body: string): { text: string; calls: Call[] } {
  const calls: Call[] = [];
  let text = "";
  for (const [, data = ""] of body.matchAll(/^data: (\{.*)$/gm)) {
    const delta = (JSON.parse(data) as { choices: { delta?: Delta }[] }).choices[0]?.delta;
    text += delta?.content ?? "";
    for (const { index, id, function: piece } of delta?.tool_calls ?? []) {
      const call = (calls[index] ??= {
        id: id ?? "",
        type: "function",
        function: { name: "", arguments: "" },
      });
      call.function.name += piece?.name ?? "";
      call.function.arguments += piece?.arguments ?? "";
    }
  }
  return { text, calls };
}
type Delta = {
  content?: string | null;
  tool_calls?: { index: number; id?: string; function?: { name?: string; arguments?: string } }[];
};

const claude = { model: "claude-sonnet-4-5", max_tokens: 1024, stream: true };
const at = (scene: string) => `/stage/${scene}/v1/messages`;

export async function thinking(stage: Stage): Promise<void> {
  await ask(stage, at("thinking"), {
    ...claude,
    thinking: { type: "enabled", budget_tokens: 1024 },
    max_tokens: 2048,
    messages: [user("I have twelve eggs and break a third of them. How many are whole?")],
  });
}

/** Long enough that a provider would keep it: Anthropic caches from 1,024 tokens on. */
const HANDBOOK = "Answer in one short sentence, and only about what the handbook says. ".repeat(3);

export async function cache(stage: Stage): Promise<void> {
  const handbook = [{ type: "text", text: HANDBOOK, cache_control: { type: "ephemeral" } }];
  const messages = [user("What does a prompt cache do?")];
  await ask(stage, at("cache"), { ...claude, system: handbook, messages });
  messages.push(
    { role: "assistant", content: "A cache keeps the beginning of your prompt." },
    user("And was it used just now?"),
  );
  await ask(stage, at("cache"), { ...claude, system: handbook, messages });
}

export async function compaction(stage: Stage): Promise<void> {
  const use = (id: string, location: string) => ({
    role: "assistant",
    content: [{ type: "tool_use", id, name: "get_weather", input: { location } }],
  });
  const result = (id: string, content: string) => user([{ type: "tool_result", tool_use_id: id, content }]);
  const edit = { type: "clear_tool_uses_20250919", trigger: { type: "input_tokens", value: 1000 } };
  await ask(
    stage,
    at("compaction"),
    {
      ...claude,
      context_management: { edits: [edit] },
      tools: [
        { name: "get_weather", description: "The weather at a place now.", input_schema: { type: "object" } },
      ],
      messages: [
        user("Where was it coldest: Rome, Paris or Oslo?"),
        use("toolu_1", "Rome"),
        result("toolu_1", '{"temperature":14}'),
        use("toolu_2", "Paris"),
        result("toolu_2", '{"temperature":9}'),
        use("toolu_3", "Oslo"),
        result("toolu_3", '{"temperature":3}'),
      ],
    },
    { headers: { "anthropic-beta": "context-management-2025-06-27" } },
  );
}

/** As the official SDKs do: wait as long as the provider says, then send the same again, counted. */
export async function retry(stage: Stage): Promise<void> {
  const body = { ...claude, messages: [user("Is there room for me?")] };
  await ask(stage, at("busy"), body, { headers: { "x-stainless-retry-count": "0" } });
  await Bun.sleep(1_000);
  await ask(stage, at("busy"), body, { headers: { "x-stainless-retry-count": "1" } });
}

/** The demo model, broken on purpose. */
export async function brokenModel(stage: Stage, how: string): Promise<void> {
  const messages = [user("What will the weather be like in Paris?")];
  await ask(stage, `/stage/${how}${CHAT}`, { ...options, messages, tools: [forecast] });
}

/** The demo model suits the agents of today: tools that are kept back, one tool for all, answers in JSON. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type DemoUpstream, startDemoUpstream } from "./upstream.ts";

let demo: DemoUpstream;
beforeAll(async () => void (demo = await startDemoUpstream()));
afterAll(() => demo.stop());

const ASKED = "What will the weather be like in Oslo for the next 2 days?";
const ARGS = { location: "Oslo", days: 2 };

async function post(path: string, body: unknown): Promise<any> {
  const answer = await fetch(demo.url + path, { method: "POST", body: JSON.stringify(body) });
  return answer.json();
}

describe("Claude Code", () => {
  const tools = [{ name: "ToolSearch", input_schema: { type: "object" } }];
  const before = [
    { role: "user", content: ASKED },
    { role: "system", content: [{ type: "text", text: "deferred:\nWebFetch\nmcp__weather__get_forecast" }] },
  ];
  const ask = async (messages: unknown[], more: unknown[] = []) => {
    const { content } = await post("/v1/messages", {
      model: "claude-opus-5",
      max_tokens: 100,
      tools: [...tools, ...more],
      messages,
    });
    return content.find(({ type }: { type: string }) => type === "tool_use");
  };

  test("searches the tool that is kept back, and calls it once it is there", async () => {
    const found = await ask(before);
    expect(found).toMatchObject({
      name: "ToolSearch",
      input: { query: "select:mcp__weather__get_forecast" },
    });
    const answered = [
      { role: "assistant", content: [found] },
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: found.id,
            content: [{ type: "tool_reference", tool_name: "mcp__weather__get_forecast" }],
          },
          { type: "text", text: "Tool loaded." },
        ],
      },
    ];
    const forecast = { name: "mcp__weather__get_forecast", input_schema: { type: "object" } };
    expect(await ask([...before, ...answered], [forecast])).toMatchObject({
      name: "mcp__weather__get_forecast",
      input: ARGS,
    });
  });
});

describe("Qwen Code", () => {
  test("calls what it found through the tool that calls others", async () => {
    const names = ["tool_search", "tool_call"];
    const tools = names.map((name) => ({
      type: "function",
      function: { name, parameters: { type: "object" } },
    }));
    const reminder = '<system-reminder>\n- "mcp__weather__get_forecast": "x"\n</system-reminder>\n';
    const messages: any[] = [
      {
        role: "user",
        content: [
          { type: "text", text: reminder },
          { type: "text", text: ASKED },
        ],
      },
    ];
    const ask = async () => {
      const { choices } = await post("/v1/chat/completions", { model: "qwen", tools, messages });
      return choices[0].message;
    };
    const first = await ask();
    expect(first.tool_calls[0].function.name).toBe("tool_search");
    messages.push(first, {
      role: "tool",
      tool_call_id: first.tool_calls[0].id,
      content: "<functions>…</functions>",
    });
    const { name, arguments: args } = (await ask()).tool_calls[0].function;
    expect([name, JSON.parse(args)]).toEqual([
      "tool_call",
      { name: "mcp__weather__get_forecast", arguments: ARGS },
    ]);
  });
});

describe("Codex", () => {
  const added = {
    type: "additional_tools",
    role: "developer",
    tools: [
      {
        type: "namespace",
        name: "functions",
        tools: [{ type: "custom", name: "exec", description: "JavaScript" }],
      },
    ],
  };
  const user = { type: "message", role: "user", content: [{ type: "input_text", text: ASKED }] };

  test("over a socket: a prewarm is heard, the one tool is given a script, its result is told", async () => {
    const socket = new WebSocket(`${demo.url.replace("http", "ws")}/v1/responses`);
    const events: any[] = [];
    const ended = (count: number) =>
      new Promise<any>((resolve) => {
        const look = () => {
          const ends = events.filter(({ type }) => type === "response.completed");
          if (ends.length >= count) resolve(ends[count - 1].response);
        };
        socket.addEventListener("message", look);
        look();
      });
    socket.addEventListener("message", ({ data }) => events.push(JSON.parse(String(data))));
    await new Promise((open) => socket.addEventListener("open", open));
    const create = (body: object) =>
      socket.send(JSON.stringify({ type: "response.create", model: "gpt", ...body }));

    create({ generate: false, input: [added] });
    expect((await ended(1)).output).toEqual([]);
    create({ previous_response_id: "r1", input: [user] });
    const call = (await ended(2)).output.find(({ type }: { type: string }) => type === "custom_tool_call");
    expect(call).toMatchObject({ name: "exec", id: expect.stringMatching(/^ctc_/) });
    expect(call.input).toContain(JSON.stringify([ARGS]));
    const written = events.find(({ type }) => type === "response.custom_tool_call_input.done");
    expect(written).toMatchObject({ item_id: call.id, input: call.input });
    expect(events.some(({ type }) => String(type).startsWith("response.function_call_arguments"))).toBe(
      false,
    );

    const text = "2026-05-01: fog, 7.5 to 17.25 °C, wind";
    const output = [{ type: "input_text", text: `Wall time: 1\nOutput:\n${text}` }];
    create({
      previous_response_id: "r2",
      input: [{ type: "custom_tool_call_output", call_id: call.call_id, output }],
    });
    expect(JSON.stringify((await ended(3)).output)).toContain("7.5 – 17.25 °C, fog");
    socket.close();
  });

  test("over HTTP: a tool in a namespace is called in it", async () => {
    const tools = [
      {
        type: "namespace",
        name: "mcp__weather",
        tools: [{ type: "function", name: "get_forecast", parameters: {} }],
      },
    ];
    const { output } = await post("/v1/responses", { model: "gpt", tools, input: [user] });
    expect(output.find(({ type }: { type: string }) => type === "function_call")).toMatchObject({
      namespace: "mcp__weather",
      name: "get_forecast",
      arguments: JSON.stringify(ARGS),
    });
  });
});

describe("a wish for JSON is granted, whatever is asked", () => {
  const schema = {
    type: "OBJECT",
    properties: {
      why: { type: "STRING" },
      score: { type: "INTEGER", minimum: 1 },
      kind: { enum: ["a", "b"] },
      deep: { $ref: "#/$defs/deep" },
    },
    $defs: { deep: { type: ["array", "null"], items: { $ref: "#/$defs/deep" }, minItems: 1 } },
  };
  const fits = (text: string) => {
    const { why, score, kind, deep } = JSON.parse(text);
    expect([typeof why, score, kind, Array.isArray(deep)]).toEqual(["string", 1, "a", true]);
  };

  test("Gemini CLI's router", async () => {
    const { candidates } = await post("/v1beta/models/gemini-3-flash:generateContent", {
      contents: [{ role: "user", parts: [{ text: ASKED }] }],
      generationConfig: { responseMimeType: "application/json", responseJsonSchema: schema },
    });
    fits(candidates[0].content.parts.at(-1).text);
  });

  test("OpenAI's chat", async () => {
    const { choices } = await post("/v1/chat/completions", {
      model: "m",
      messages: [{ role: "user", content: "error" }],
      response_format: { type: "json_schema", json_schema: { name: "x", schema } },
    });
    fits(choices[0].message.content);
  });

  test("OpenAI's responses", async () => {
    const { output } = await post("/v1/responses", {
      model: "m",
      input: "hi",
      text: { format: { type: "json_schema", name: "x", schema } },
    });
    fits(output.find(({ type }: { type: string }) => type === "message").content[0].text);
  });
});

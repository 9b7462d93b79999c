/** A tool loop with the Vercel AI SDK through the proxy. The page shows that one answer took two requests, and why. */
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { jsonSchema, stepCountIs, streamText, tool } from "ai";

const proxy = process.env["PROXY_URL"] ?? "http://localhost:8000";
const demo = createOpenAICompatible({ name: "demo", baseURL: `${proxy}/@demo/v1`, apiKey: "none" });

const { textStream } = streamText({
  model: demo("gpt-5-mini"),
  prompt: "What will the weather be in Paris?",
  stopWhen: stepCountIs(3),
  tools: {
    get_forecast: tool({
      description: "The forecast of the next days.",
      inputSchema: jsonSchema<{ location: string; days: number }>({
        type: "object",
        properties: { location: { type: "string" }, days: { type: "number" } },
        required: ["location", "days"],
      }),
      execute: async ({ location }) => `It will be sunny in ${location}.`,
    }),
  },
});
for await (const text of textStream) process.stdout.write(text);
process.stdout.write("\n");

/** A tool that cannot go on without the person: it asks in the middle of its call, in the way of either era. */
import { acceptedContent, fromJsonSchema, inputRequired, type McpServer } from "@modelcontextprotocol/server";
import type { Source } from "./weather-schemas.ts";

const place = fromJsonSchema<{ location: string }>({
  type: "object",
  properties: { location: { type: "string", description: "Where the picnic is to be" } },
  required: ["location"],
  additionalProperties: false,
});

/** Flat, of simple values only: what a host can draw as a form. */
const wishes = {
  type: "object",
  properties: {
    days: { type: "integer", title: "Within how many days?", minimum: 1, maximum: 7 },
    rain: { type: "boolean", title: "Is a little rain all right?" },
  },
  required: ["days"],
} as const;

export function addPicnic(server: McpServer, source: Source): void {
  server.registerTool(
    "plan_picnic",
    {
      title: "Plan a picnic",
      description: "Finds the best day for a picnic. Asks the person for wishes that the model cannot know.",
      inputSchema: place,
    },
    async ({ location }, { mcpReq }) => {
      const told = acceptedContent<{ days?: number }>(mcpReq.inputResponses, "wishes");
      if (told === undefined) {
        const message = `A picnic in ${location}: what do you wish for?`;
        const asked = inputRequired.elicit({ message, requestedSchema: structuredClone(wishes) as never });
        return inputRequired({ inputRequests: { wishes: asked } });
      }
      const { days } = await source.forecast(
        await source.find(location, mcpReq.signal),
        Math.min(7, Math.max(1, Number(told.days ?? 3))),
        "metric",
        mcpReq.signal,
      );
      const best = days.toSorted((a, b) => b.high - a.high)[0];
      return {
        content: [{ type: "text", text: `Best on ${best?.date}: ${best?.conditions}, ${best?.high} °C.` }],
      };
    },
  );
}

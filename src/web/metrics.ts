/** `GET /metrics` for Prometheus. Guarded as everything here is: a scraper says the token as `Authorization: Bearer`. */
import { Elysia } from "elysia";
import type { Sources } from "./sources.ts";

export function metricsRoute({ metrics }: Sources) {
  return new Elysia().get(
    "/metrics",
    async ({ request, status }) => {
      if (!metrics) return status(404, { error: "nothing is counted here" });
      const { contentType, body } = await metrics(request.headers.get("accept"));
      return new Response(body, { headers: { "content-type": contentType } });
    },
    {
      detail: {
        responses: { 200: { description: "The counters", content: { "text/plain": {} } } },
        summary: "Counters for Prometheus",
        description:
          "Prometheus' text format, or OpenMetrics where `Accept` asks for it: requests, errors, tokens, cost, durations, MCP calls, and how the recorder does. See docs/telemetry.md.",
        tags: ["api"],
      },
    },
  );
}

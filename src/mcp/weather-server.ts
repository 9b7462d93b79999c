/**
 * The weather MCP server: two tools, a resource and a prompt. One factory serves both eras of the protocol (with
 * `initialize`, and the stateless one since 2026-07-28); the SDK decides which, this file need not know.
 */
import { fromJsonSchema, McpServer, type ServerContext } from "@modelcontextprotocol/server";
import { Type, type Static, type TSchema } from "@sinclair/typebox";
import {
  Forecast,
  GetForecast,
  GetWeather,
  UnknownPlace,
  Weather,
  type Place,
  type Source,
} from "./weather-schemas.ts";
import { wmo } from "./wmo.ts";

/** Tells the host that a call changes nothing, may be repeated, and asks the outside world. */
const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true };

export function weatherServer(source: Source, version: string): McpServer {
  const server = new McpServer(
    { name: "weather", title: "Weather", version },
    {
      instructions:
        "Weather now and for up to 16 days, for any place on earth. Say so when source is sample.",
    },
  );

  server.registerTool(
    "get_weather",
    {
      title: "Weather now",
      description: "The weather at a place now: temperature, humidity, precipitation and wind.",
      inputSchema: schema(GetWeather),
      outputSchema: schema(Weather),
      annotations: { title: "Weather now", ...annotations },
    },
    ({ location, units = "metric" }, ctx) =>
      answer(async () => {
        await progress(ctx, 0, 2, `looking for ${location}`);
        const place = await source.find(location, ctx.mcpReq.signal);
        await progress(ctx, 1, 2, `asking for the weather in ${nameOf(place)}`);
        const weather = await source.weather(place, units, ctx.mcpReq.signal);
        await progress(ctx, 2, 2, "done");
        return { text: weatherText(weather), structured: weather };
      }),
  );

  server.registerTool(
    "get_forecast",
    {
      title: "Weather forecast",
      description: "The weather forecast of a place for 1 to 16 days, today included.",
      inputSchema: schema(GetForecast),
      outputSchema: schema(Forecast),
      annotations: { title: "Weather forecast", ...annotations },
    },
    ({ location, days, units = "metric" }, ctx) =>
      answer(async () => {
        await progress(ctx, 0, 2, `looking for ${location}`);
        const place = await source.find(location, ctx.mcpReq.signal);
        await progress(ctx, 1, 2, `asking for ${days} days of ${nameOf(place)}`);
        const forecast = await source.forecast(place, days, units, ctx.mcpReq.signal);
        await progress(ctx, 2, 2, "done");
        return { text: forecastText(forecast), structured: forecast };
      }),
  );

  server.registerResource(
    "codes",
    "weather://codes",
    {
      title: "WMO weather codes",
      description: "What the numbers in weather_code mean",
      mimeType: "application/json",
    },
    (uri) => ({
      contents: [{ uri: uri.href, mimeType: "application/json", text: JSON.stringify(wmo, null, 2) }],
    }),
  );

  server.registerPrompt(
    "plan_a_day",
    {
      title: "Plan a day",
      description: "Plans a day outdoors around the weather",
      argsSchema: schema(
        Type.Object({
          location: Type.String({ description: "Where" }),
          activity: Type.Optional(Type.String({ description: "What you would like to do" })),
        }),
      ),
    },
    ({ location, activity = "a walk" }) => ({
      description: `A day in ${location}`,
      messages: [
        {
          role: "user",
          content: {
            type: "text",
            text: `I would like to go for ${activity} in ${location} in the next three days. Use get_forecast, pick the best day and say why in two sentences.`,
          },
        },
      ],
    }),
  );
  return server;
}

/** A TypeBox schema is a JSON Schema; the type argument carries what TypeScript knows of it. */
function schema<S extends TSchema>(typebox: S) {
  return fromJsonSchema<Static<S>>(typebox as Parameters<typeof fromJsonSchema>[0]);
}

/** What a model can put right is a tool error with words for the model; what it cannot is thrown, for the protocol. */
async function answer(ask: () => Promise<{ text: string; structured: Record<string, unknown> }>) {
  try {
    const { text, structured } = await ask();
    return { content: [{ type: "text" as const, text }], structuredContent: structured };
  } catch (error) {
    if (!(error instanceof UnknownPlace)) throw error;
    return { content: [{ type: "text" as const, text: error.message }], isError: true };
  }
}

/** Only a caller that gave a progress token wants to hear of it. */
async function progress({ mcpReq }: ServerContext, done: number, total: number, message: string) {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return;
  await mcpReq.notify({
    method: "notifications/progress",
    params: { progressToken, progress: done, total, message },
  });
}

function nameOf({ name, region, country }: Place): string {
  return [name, region, country].filter((word, n, all) => word && all.indexOf(word) === n).join(", ");
}

function weatherText(weather: Weather): string {
  const { units } = weather;
  return [
    `${nameOf(weather.place)}, ${weather.time.replace("T", " ")} (${weather.timezone}): ${weather.conditions}`,
    `Temperature ${weather.temperature} ${units.temperature}, feels like ${weather.feels_like} ${units.temperature}`,
    `Humidity ${weather.humidity} %, precipitation ${weather.precipitation} ${units.precipitation}`,
    `Wind ${weather.wind_speed} ${units.wind_speed} from ${weather.wind_direction}°`,
    ...originText(weather),
  ].join("\n");
}

function forecastText(forecast: Forecast): string {
  const { units } = forecast;
  const days = forecast.days.map((day) => {
    const chance = day.precipitation_probability === null ? "" : ` (${day.precipitation_probability} %)`;
    const wet = `${day.precipitation} ${units.precipitation}${chance}`;
    return `${day.date}: ${day.conditions}, ${day.low} to ${day.high} ${units.temperature}, precipitation ${wet}, wind up to ${day.wind_speed} ${units.wind_speed}`;
  });
  return [`${nameOf(forecast.place)}, ${forecast.days.length} days`, ...days, ...originText(forecast)].join(
    "\n",
  );
}

function originText({
  source,
  note,
  attribution,
}: Pick<Weather, "source" | "note" | "attribution">): string[] {
  return source === "live" ? [attribution] : [`SAMPLE DATA, not real weather: ${note}`, attribution];
}

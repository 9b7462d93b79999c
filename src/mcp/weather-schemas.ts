/**
 * What goes into the weather tools and what comes out, as TypeBox schemas. They are JSON Schemas already: the server
 * SDK takes them through `fromJsonSchema`, TypeScript through `Static`. A description is written for the model.
 */
import { Type, type Static, type StringOptions, type TUnsafe } from "@sinclair/typebox";

/** `enum` and not TypeBox's `anyOf` of constants: models and hosts know it better. */
function oneOf<const T extends readonly string[]>(words: T, options: StringOptions) {
  return Type.String({ enum: words, ...options }) as unknown as TUnsafe<T[number]>;
}

const Location = Type.String({
  minLength: 1,
  maxLength: 200,
  description:
    'Name of a place, if need be with its region or country ("Paris", "Paris, Texas", "北京"), or "latitude,longitude"',
});
const Units = oneOf(["metric", "imperial"], {
  description: "metric (°C, km/h, mm; the default) or imperial (°F, mph, inch)",
});

export const GetWeather = Type.Object(
  { location: Location, units: Type.Optional(Units) },
  { additionalProperties: false },
);
export const GetForecast = Type.Object(
  {
    location: Location,
    days: Type.Integer({ minimum: 1, maximum: 16, description: "How many days, today included" }),
    units: Type.Optional(Units),
  },
  { additionalProperties: false },
);

export const Place = Type.Object({
  name: Type.String(),
  region: Type.Optional(Type.String()),
  country: Type.Optional(Type.String()),
  latitude: Type.Number(),
  longitude: Type.Number(),
});
const Labels = Type.Object({
  temperature: Type.String(),
  wind_speed: Type.String(),
  precipitation: Type.String(),
});
const origin = {
  units: Labels,
  source: oneOf(["live", "sample"], {
    description: "live: from Open-Meteo. sample: made up, because Open-Meteo was not asked or not reachable",
  }),
  attribution: Type.String(),
  note: Type.Optional(Type.String({ description: "Why this is a sample" })),
};

export const Weather = Type.Object({
  place: Place,
  time: Type.String({ description: "Local time of the place, ISO 8601 without zone" }),
  timezone: Type.String(),
  conditions: Type.String(),
  weather_code: Type.Integer({ description: "WMO code; see the resource weather://codes" }),
  temperature: Type.Number(),
  feels_like: Type.Number(),
  humidity: Type.Number({ description: "Per cent" }),
  precipitation: Type.Number(),
  wind_speed: Type.Number(),
  wind_direction: Type.Number({ description: "Degrees: where the wind comes from" }),
  ...origin,
});
export const Day = Type.Object({
  date: Type.String({ description: "YYYY-MM-DD in the place's own time zone" }),
  conditions: Type.String(),
  weather_code: Type.Integer(),
  high: Type.Number(),
  low: Type.Number(),
  precipitation: Type.Number(),
  precipitation_probability: Type.Union([Type.Number(), Type.Null()], { description: "Per cent" }),
  wind_speed: Type.Number({ description: "Highest of the day" }),
});
export const Forecast = Type.Object({
  place: Place,
  timezone: Type.String(),
  days: Type.Array(Day),
  ...origin,
});

export type Units = Static<typeof Units>;
export type Place = Static<typeof Place>;
export type Weather = Static<typeof Weather>;
export type Day = Static<typeof Day>;
export type Forecast = Static<typeof Forecast>;

/** A place that the caller has to name better: goes to the model as a tool error it can act on. */
export class UnknownPlace extends Error {}

/** Where weather comes from. Both sources keep these two promises, so that the tools need not know which it is. */
export type Source = {
  find(location: string, signal: AbortSignal): Promise<Place>;
  weather(place: Place, units: Units, signal: AbortSignal): Promise<Weather>;
  forecast(place: Place, days: number, units: Units, signal: AbortSignal): Promise<Forecast>;
};

export const labels: Readonly<Record<Units, Static<typeof Labels>>> = {
  metric: { temperature: "°C", wind_speed: "km/h", precipitation: "mm" },
  imperial: { temperature: "°F", wind_speed: "mph", precipitation: "inch" },
};

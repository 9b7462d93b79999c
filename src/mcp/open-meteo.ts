/**
 * Weather from Open-Meteo (https://open-meteo.com, no key, data under CC BY 4.0): one request finds the place, one asks
 * for its weather. Every request has a short time-out: hosts give up on a tool after 60 s, people long before.
 */
import { Type, type Static, type TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { coordinates, matches, plain, unknownPlace } from "./places.ts";
import { labels, type Place, type Source, type Units } from "./weather-schemas.ts";
import { conditions } from "./wmo.ts";

const TIMEOUT_MS = 5000;
const ATTRIBUTION = "Weather data by Open-Meteo.com (https://open-meteo.com/), CC BY 4.0";

export type OpenMeteoUrls = { readonly geocoding: string; readonly forecast: string };
export const openMeteoUrls: OpenMeteoUrls = {
  geocoding: "https://geocoding-api.open-meteo.com/v1/search",
  forecast: "https://api.open-meteo.com/v1/forecast",
};

const Found = Type.Object({
  name: Type.String(),
  latitude: Type.Number(),
  longitude: Type.Number(),
  country: Type.Optional(Type.String()),
  country_code: Type.Optional(Type.String()),
  admin1: Type.Optional(Type.String()),
});
/** Without a match, `results` itself is missing. */
const Search = Type.Object({ results: Type.Optional(Type.Array(Found)) });
const Current = Type.Object({
  timezone: Type.String(),
  current: Type.Object({
    time: Type.String(),
    weather_code: Type.Integer(),
    temperature_2m: Type.Number(),
    apparent_temperature: Type.Number(),
    relative_humidity_2m: Type.Number(),
    precipitation: Type.Number(),
    wind_speed_10m: Type.Number(),
    wind_direction_10m: Type.Number(),
  }),
});
const numbers = Type.Array(Type.Union([Type.Number(), Type.Null()]));
/** Parallel arrays: the n-th of each belongs to the n-th day. */
const Daily = Type.Object({
  timezone: Type.String(),
  daily: Type.Object({
    time: Type.Array(Type.String()),
    weather_code: numbers,
    temperature_2m_max: numbers,
    temperature_2m_min: numbers,
    precipitation_sum: numbers,
    precipitation_probability_max: numbers,
    wind_speed_10m_max: numbers,
  }),
});

export function openMeteoSource(urls: OpenMeteoUrls = openMeteoUrls): Source {
  const origin = (units: Units) => ({
    units: labels[units],
    source: "live" as const,
    attribution: ATTRIBUTION,
  });
  return {
    async find(location, signal) {
      const at = coordinates(location);
      if (at) return at;
      const [name = "", ...rest] = location.split(/[,，]/).map((word) => word.trim());
      // The search knows single names only ("Paris, Texas" finds nothing): we look through the answers ourselves.
      const count = rest.length > 0 ? "50" : "1";
      const { results = [] } = await ask(urls.geocoding, { name, count, language: "en" }, Search, signal);
      const found = results.find((each) => matches(placeOf(each), rest.map(plain)) || isCode(each, rest));
      if (!found) throw unknownPlace(location);
      return placeOf(found);
    },
    async weather(place, units, signal) {
      const answer = await ask(
        urls.forecast,
        {
          ...where(place),
          ...unitsOf(units),
          current: Object.keys(Current.properties.current.properties).slice(1),
        },
        Current,
        signal,
      );
      const now = answer.current;
      return {
        place,
        time: now.time,
        timezone: answer.timezone,
        conditions: conditions(now.weather_code),
        weather_code: now.weather_code,
        temperature: now.temperature_2m,
        feels_like: now.apparent_temperature,
        humidity: now.relative_humidity_2m,
        precipitation: now.precipitation,
        wind_speed: now.wind_speed_10m,
        wind_direction: now.wind_direction_10m,
        ...origin(units),
      };
    },
    async forecast(place, count, units, signal) {
      const fields = Object.keys(Daily.properties.daily.properties).slice(1);
      const query = { ...where(place), ...unitsOf(units), daily: fields, forecast_days: String(count) };
      const { timezone, daily } = await ask(urls.forecast, query, Daily, signal);
      const days = daily.time.map((date, n) => ({
        date,
        conditions: conditions(daily.weather_code[n] ?? -1),
        weather_code: daily.weather_code[n] ?? -1,
        high: daily.temperature_2m_max[n] ?? NaN,
        low: daily.temperature_2m_min[n] ?? NaN,
        precipitation: daily.precipitation_sum[n] ?? 0,
        precipitation_probability: daily.precipitation_probability_max[n] ?? null,
        wind_speed: daily.wind_speed_10m_max[n] ?? 0,
      }));
      // The last days of the longest forecasts may be empty.
      const known = days.filter((day) => Number.isFinite(day.high) && Number.isFinite(day.low));
      return { place, timezone, days: known, ...origin(units) };
    },
  };
}

async function ask<S extends TSchema>(
  url: string,
  query: Record<string, string | string[]>,
  schema: S,
  signal: AbortSignal,
): Promise<Static<S>> {
  const search = new URLSearchParams(
    Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
  );
  const response = await fetch(`${url}?${search}`, {
    headers: { accept: "application/json" },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  if (!response.ok) {
    const reason: unknown = await response.json().catch(() => null);
    const said = Value.Check(Type.Object({ reason: Type.String() }), reason) ? `: ${reason.reason}` : "";
    throw new Error(`Open-Meteo answered ${response.status}${said}`);
  }
  const answer: unknown = await response.json();
  if (!Value.Check(schema, answer))
    throw new Error("Open-Meteo answered in a form that this server does not know");
  return answer;
}

function placeOf({ name, admin1, country, latitude, longitude }: Static<typeof Found>): Place {
  return { name, ...(admin1 && { region: admin1 }), ...(country && { country }), latitude, longitude };
}

function isCode({ country_code }: Static<typeof Found>, rest: readonly string[]): boolean {
  return rest.length === 1 && country_code !== undefined && rest[0]?.toUpperCase() === country_code;
}

function where({ latitude, longitude }: Place) {
  return { latitude: String(latitude), longitude: String(longitude), timezone: "auto" };
}

function unitsOf(units: Units): Record<string, string> {
  if (units === "metric") return {};
  return { temperature_unit: "fahrenheit", wind_speed_unit: "mph", precipitation_unit: "inch" };
}

/** Weather that is made up and says so: the same place and day always get the same, with a climate that fits. */
import { findKnown } from "./places.ts";
import { labels, type Day, type Place, type Source, type Units } from "./weather-schemas.ts";
import { conditions } from "./wmo.ts";

const DAY_MS = 86_400_000;
const ATTRIBUTION = "Sample, made up by this server. Not a real observation or forecast.";

/** `now` gives ms since 1970; `why` is asked each time, for the note in the answer. */
export function sampleSource(now: () => number, why: () => string): Source {
  const origin = (units: Units) => ({
    units: labels[units],
    source: "sample" as const,
    attribution: ATTRIBUTION,
    note: why(),
  });
  return {
    async find(location) {
      return findKnown(location);
    },
    async weather(place, units) {
      const local = localTime(place, now());
      const { low, high, code, precipitation, wind, gust } = day(place, local.getTime());
      // Warmest at three in the afternoon, coldest twelve hours before.
      const warmth = (1 + Math.cos(((local.getUTCHours() - 15) / 24) * 2 * Math.PI)) / 2;
      const temperature = low + (high - low) * warmth;
      return {
        place,
        time: local.toISOString().slice(0, 16),
        timezone: zone(place),
        conditions: conditions(code),
        weather_code: code,
        temperature: degrees(temperature, units),
        feels_like: degrees(temperature - wind / 15, units),
        humidity: Math.round(code >= 45 ? 75 + gust * 20 : 45 + gust * 25),
        precipitation: depth(precipitation / 12, units),
        wind_speed: speed(wind, units),
        wind_direction: Math.round(gust * 359),
        ...origin(units),
      };
    },
    async forecast(place, count, units) {
      const today = localTime(place, now()).getTime();
      const days = Array.from({ length: count }, (_, n): Day => {
        const { low, high, code, precipitation, wind, chance } = day(place, today + n * DAY_MS);
        return {
          date: new Date(today + n * DAY_MS).toISOString().slice(0, 10),
          conditions: conditions(code),
          weather_code: code,
          high: degrees(high, units),
          low: degrees(low, units),
          precipitation: depth(precipitation, units),
          precipitation_probability: chance,
          wind_speed: speed(wind, units),
        };
      });
      return { place, timezone: zone(place), days, ...origin(units) };
    },
  };
}

/** A day in metric units. Latitude and season make the temperature, a hash of place and day the rest. */
function day({ latitude, longitude }: Place, at: number) {
  const number = Math.floor(at / DAY_MS);
  const random = randomOf(`${latitude.toFixed(2)} ${longitude.toFixed(2)} ${number}`);
  const season = Math.cos(((new Date(at).getUTCMonth() + 1 - 7.5) / 12) * 2 * Math.PI) * Math.sign(latitude);
  const mean = 28 - latitude ** 2 * 0.0068 + season * Math.min(14, Math.abs(latitude) * 0.27);
  const middle = mean + (random() - 0.5) * 8;
  const half = 3 + random() * 3;
  const wet = random();
  const rain = wet < 0.55 ? 0 : (wet - 0.55) ** 2 * 90;
  const code = codeFor(wet, middle, rain);
  return {
    low: middle - half,
    high: middle + half,
    code,
    precipitation: rain,
    chance: Math.round(rain === 0 ? wet * 30 : 45 + (wet - 0.55) * 120),
    wind: 4 + random() * 26,
    gust: random(),
  };
}

function codeFor(wet: number, temperature: number, rain: number): number {
  if (rain === 0) return wet < 0.15 ? 0 : wet < 0.28 ? 1 : wet < 0.42 ? 2 : 3;
  if (temperature < 0) return rain < 2 ? 71 : rain < 8 ? 73 : 75;
  if (rain < 0.5) return 51;
  if (rain > 14 && temperature > 18) return 95;
  return rain < 3 ? 61 : rain < 9 ? 63 : 65;
}

/** Numbers from 0 to 1 that follow from a text: FNV-1a for the seed, mulberry32 for what follows. */
function randomOf(text: string): () => number {
  let seed = 2166136261;
  for (const character of text) seed = Math.imul(seed ^ character.charCodeAt(0), 16777619);
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The sun's time of the place, to the hour: there is no table of time zones offline. */
function localTime({ longitude }: Place, at: number): Date {
  return new Date(at + Math.round(longitude / 15) * 3_600_000);
}

function zone({ longitude }: Place): string {
  const hours = Math.round(longitude / 15);
  return `UTC${hours < 0 ? "-" : "+"}${String(Math.abs(hours)).padStart(2, "0")}:00`;
}

function degrees(celsius: number, units: Units): number {
  return oneDigit(units === "metric" ? celsius : celsius * 1.8 + 32);
}
function speed(kmh: number, units: Units): number {
  return oneDigit(units === "metric" ? kmh : kmh / 1.609344);
}
function depth(mm: number, units: Units): number {
  return units === "metric" ? oneDigit(mm) : Math.round((mm / 25.4) * 100) / 100;
}
function oneDigit(value: number): number {
  return Math.round(value * 10) / 10 + 0; // + 0: no "-0"
}

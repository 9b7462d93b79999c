/** Live weather where there is a network, the labelled sample where there is none. */
import { openMeteoSource } from "./open-meteo.ts";
import { sampleSource } from "./sample-weather.ts";
import { UnknownPlace, type Source } from "./weather-schemas.ts";

/** How long we do not ask again after the service was out of reach: without this every call would wait for a time-out. */
const OFFLINE_MS = 30_000;

/** `sample` never asks the network; `auto` asks, and falls back when it gets no usable answer. */
export function weatherSource(provider: "auto" | "sample", live: Source = openMeteoSource()): Source {
  const now = () => Date.now();
  if (provider === "sample") return sampleSource(now, () => "WEATHER_PROVIDER is set to sample");
  let offlineUntil = 0;
  let reason = "";
  const sample = sampleSource(now, () => `Open-Meteo could not be used: ${reason}`);

  async function either<T>(signal: AbortSignal, ask: (source: Source) => Promise<T>): Promise<T> {
    if (performance.now() < offlineUntil) return ask(sample);
    try {
      return await ask(live);
    } catch (error) {
      if (error instanceof UnknownPlace || signal.aborted) throw error;
      reason = sentence(error as Error);
      offlineUntil = performance.now() + OFFLINE_MS;
      return ask(sample);
    }
  }

  return {
    find: (location, signal) => either(signal, (source) => source.find(location, signal)),
    weather: (place, units, signal) => either(signal, (source) => source.weather(place, units, signal)),
    forecast: (place, days, units, signal) =>
      either(signal, (source) => source.forecast(place, days, units, signal)),
  };
}

function sentence(error: Error): string {
  return error.name === "TimeoutError" ? "it did not answer in time" : error.message.replace(/\.$/, "");
}

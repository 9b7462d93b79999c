import { expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { openMeteoSource } from "./open-meteo.ts";
import { sampleSource } from "./sample-weather.ts";
import { Forecast, UnknownPlace, Weather, type Source } from "./weather-schemas.ts";
import { weatherSource } from "./weather-source.ts";

const never = new AbortController().signal;

/** A service that answers as the documentation of Open-Meteo says. */
function openMeteo(answer: (url: URL, request: Request) => Response | Promise<Response>) {
  const server = Bun.serve({ port: 0, fetch: (request) => answer(new URL(request.url), request) });
  const base = `http://localhost:${server.port}`;
  return {
    source: openMeteoSource({ geocoding: `${base}/v1/search`, forecast: `${base}/v1/forecast` }),
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

const paris = { name: "Paris", latitude: 48.85341, longitude: 2.3488, country: "France", country_code: "FR" };
const texas = {
  name: "Paris",
  latitude: 33.66094,
  longitude: -95.55551,
  country: "United States",
  country_code: "US",
  admin1: "Texas",
};
const current = {
  timezone: "Europe/Paris",
  current: {
    time: "2026-11-23T09:15",
    interval: 900,
    temperature_2m: 7.1,
    apparent_temperature: 4.4,
    relative_humidity_2m: 81,
    precipitation: 0,
    weather_code: 3,
    wind_speed_10m: 12.2,
    wind_direction_10m: 240,
  },
};
const daily = {
  timezone: "Europe/Paris",
  daily: {
    time: ["2026-11-23", "2026-11-24"],
    weather_code: [61, null],
    temperature_2m_max: [9.1, null],
    temperature_2m_min: [3.2, null],
    precipitation_sum: [2.4, null],
    precipitation_probability_max: [null, null],
    wind_speed_10m_max: [21.3, null],
  },
};

test("live weather is what Open-Meteo says, with its attribution", async () => {
  await using service = openMeteo((url) =>
    Response.json(
      url.pathname === "/v1/search"
        ? { results: [paris] }
        : url.searchParams.has("daily")
          ? daily
          : { ...current, asked: url.search },
    ),
  );
  const place = await service.source.find("Paris", never);
  const weather = await service.source.weather(place, "metric", never);
  expect([...Value.Errors(Weather, weather)]).toEqual([]);
  expect(weather).toMatchObject({
    source: "live",
    conditions: "overcast",
    temperature: 7.1,
    attribution: expect.stringContaining("CC BY 4.0"),
  });
  const forecast = await service.source.forecast(place, 2, "metric", never);
  expect([...Value.Errors(Forecast, forecast)]).toEqual([]);
  expect(forecast.days.map((day) => [day.date, day.high])).toEqual([["2026-11-23", 9.1]]);
});

test("region, country and country code choose between places of one name", async () => {
  await using service = openMeteo(() => Response.json({ results: [paris, texas] }));
  for (const location of ["Paris, Texas", "Paris, US", "Paris, Texas, United States"]) {
    expect(await service.source.find(location, never)).toMatchObject({ region: "Texas" });
  }
  expect(await service.source.find("Paris, France", never)).toMatchObject({ country: "France" });
});

test("coordinates need no search; coordinates that are nowhere say so", async () => {
  await using service = openMeteo(() => new Response("never asked", { status: 500 }));
  expect(await service.source.find("48.85, 2.35", never)).toMatchObject({ latitude: 48.85, longitude: 2.35 });
  expect(service.source.find("95, 2", never)).rejects.toThrow(UnknownPlace);
});

test("a place that nobody knows is an error with a way out, not a sample", async () => {
  await using service = openMeteo(() => Response.json({ generationtime_ms: 0.1 }));
  const source = weatherSource("auto", service.source);
  expect(source.find("Berlim", never)).rejects.toThrow(
    'no place called "Berlim"; did you mean Berlin, Germany?',
  );
});

test("a service that fails is replaced by the sample, which says why; it is not asked again at once", async () => {
  let asked = 0;
  await using service = openMeteo(() => {
    asked++;
    return Response.json({ error: true, reason: "Minutely API request limit exceeded" }, { status: 429 });
  });
  const source = weatherSource("auto", service.source);
  const place = await source.find("Paris", never);
  const weather = await source.weather(place, "metric", never);
  expect([weather.source, weather.note, asked]).toEqual([
    "sample",
    "Open-Meteo could not be used: Open-Meteo answered 429: Minutely API request limit exceeded",
    1,
  ]);
});

test("a cancelled call stops asking and gives no sample", async () => {
  const came = Promise.withResolvers<AbortSignal>();
  await using service = openMeteo((_, request) => {
    came.resolve(request.signal);
    return new Promise<Response>(() => {});
  });
  const cancel = new AbortController();
  const asking = weatherSource("auto", service.source).find("Paris", cancel.signal);
  const hungUp = await came.promise;
  cancel.abort(new Error("cancelled"));
  expect(asking).rejects.toThrow("cancelled");
  if (!hungUp.aborted) await new Promise((resolve) => hungUp.addEventListener("abort", resolve));
});

test("the sample is the same for a place and a day, agrees with itself, and fits the climate", async () => {
  const noon = Date.UTC(2026, 0, 15, 12);
  const source: Source = sampleSource(
    () => noon,
    () => "test",
  );
  const read = async (location: string) => {
    const place = await source.find(location, never);
    return {
      weather: await source.weather(place, "metric", never),
      forecast: await source.forecast(place, 16, "metric", never),
    };
  };
  const oslo = await read("Oslo, Norway");
  expect(await read("oslo")).toEqual(oslo);
  expect(oslo.forecast.days).toHaveLength(16);
  expect(oslo.weather.weather_code).toBe(oslo.forecast.days[0]!.weather_code);
  const sydney = await read("悉尼");
  expect(oslo.weather.temperature).toBeLessThan(sydney.weather.temperature);
  expect([...Value.Errors(Weather, oslo.weather), ...Value.Errors(Forecast, oslo.forecast)]).toEqual([]);
});

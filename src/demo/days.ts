/** The days of a forecast, in what agents made of the weather server's result. */

export type Day = {
  readonly date: string;
  readonly low: number;
  readonly high: number;
  readonly sky: string | null;
};

export function daysIn(text: string): Day[] {
  const parsed = parse(text);
  const list = isObject(parsed) ? Object.values(parsed).find(Array.isArray) : parsed;
  if (!Array.isArray(list)) return daysInText(text);
  return list.filter(isObject).flatMap((day) => {
    const pick = (name: RegExp) => Object.entries(day).find(([key]) => name.test(key))?.[1];
    const [date, low, high, sky] = [
      pick(/date|day|time/),
      pick(/min|low/),
      pick(/max|high/),
      pick(/condition|summary|sky|text/),
    ];
    if (typeof date !== "string" || typeof low !== "number" || typeof high !== "number") return [];
    return [{ date, low, high, sky: typeof sky === "string" ? sky : null }];
  });
}

/** `2026-05-01: fog, 7.5 to 17.25 °C, …`, as the weather server puts it for people. */
function daysInText(text: string): Day[] {
  const lines = text.matchAll(/^(\d{4}-\d\d-\d\d): ([^,\n]+), (-?[\d.]+) to (-?[\d.]+) °C/gm);
  return [...lines].map(([, date = "", sky = "", low, high]) => ({
    date,
    sky,
    low: Number(low),
    high: Number(high),
  }));
}

function object(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a tool may answer in plain text: then it is quoted
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Without what agents put around a result: a time, an object, a mark that the text is a stranger's. */
export function unwrapped(result: string): string {
  const output = object(parse(result))["output"];
  const text = typeof output === "string" ? output : result;
  return text.replace(/^[^]*?\bOutput:\n/, "").replaceAll(/<\/?untrusted_context>/g, "");
}

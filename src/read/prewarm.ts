/** Requests that only bring something for the next one (`generate: false` of the Responses API): nothing is generated. */
import type { Reading } from "./reading.ts";

export function isPrewarm({ dialect, settings }: Pick<Reading, "dialect" | "settings">): boolean {
  return dialect === "openai-responses" && settings["generate"] === false;
}

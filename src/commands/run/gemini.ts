/**
 * Gemini CLI: variables are enough for its API. For its MCP servers it has no option for one run: settings of the
 * machine, which a variable can point elsewhere, count only in folders that are an administrator's.
 */
import { join } from "node:path";
import { canRecord, nothing, readHost, type Asked, type Help } from "./help.ts";

export function gemini({ places, tap }: Asked): Help {
  const files = [places.home, places.cwd].map((folder) =>
    readHost("gemini", join(folder, ".gemini", "settings.json")),
  );
  const names = files.flatMap((file) => (file?.entries ?? []).filter(canRecord)).map(({ name }) => name);
  if (tap === null || names.length === 0) return nothing;
  return { ...nothing, note: `MCP servers not recorded: ${names.join(", ")}; \`wire gemini\` records them` };
}

/** What a recorded session says of the tools that its server offers. */
import type { SessionRow } from "../../fact/rows.ts";
import type { ToolOffer } from "../mcp/reading.ts";
import type { Offered } from "./exposure.ts";

export function offeredBy({ id, name, server }: SessionRow, tools: readonly ToolOffer[]): Offered {
  return {
    session: id,
    name,
    // `name version`, as the list shows it.
    server: server?.split(" ")[0] ?? null,
    isWhole: tools.length > 0,
    tools: tools
      .filter(({ listed }) => listed)
      .map(({ name: tool, description, input_schema }) => ({
        name: tool,
        description,
        schema: input_schema,
      })),
  };
}

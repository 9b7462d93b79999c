/** The tap between the official clients and a server: they notice nothing, and the page shows the session. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as ModernStdio } from "@modelcontextprotocol/client/stdio";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as LegacyStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { cli, getJson, type Json, root, startProgram, until } from "./program.ts";

const info = { name: "tapped", version: "1" };
const server = [join(root, "src/mcp/weather.ts"), "--provider", "sample", "--no-record"];
const direct = () => ({ command: process.execPath, args: server });
const tapped = (logDir: string, name: string) => ({
  command: process.execPath,
  args: [cli, "tap", "--name", name, "--log-dir", logDir, "--", process.execPath, ...server],
});

const clients = {
  legacy: async (parameters: ReturnType<typeof direct>) => {
    const client = new LegacyClient(info);
    await client.connect(new LegacyStdio(parameters));
    return client as unknown as ModernClient;
  },
  modern: async (parameters: ReturnType<typeof direct>) => {
    const client = new ModernClient(info, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
    await client.connect(new ModernStdio(parameters));
    return client;
  },
};

/** What a client gets to see, from the first list to an error. */
async function seen(client: ModernClient): Promise<Json[]> {
  const answers = [
    await client.listTools(),
    await client.callTool({ name: "get_forecast", arguments: { location: "Oslo", days: 2 } }),
    await client.callTool({ name: "get_weather", arguments: { location: "Atlantiss" } }),
    await client.readResource({ uri: "weather://codes" }),
    await client.readResource({ uri: "weather://nothing" }).catch((error: Error) => error.message),
  ];
  await client.close();
  return answers;
}

test.each(Object.keys(clients) as (keyof typeof clients)[])(
  "a %s client gets the same through the tap, and the page lists its session",
  async (era) => {
    await using program = await startProgram();
    const expected = await seen(await clients[era](direct()));
    expect(await seen(await clients[era](tapped(program.logDir, `weather-${era}`)))).toEqual(expected);
    const session: Json = await until(async () => {
      const { items } = await getJson(`${program.pageUrl}/api/mcp/sessions`);
      return items.find(
        (each: Json) => each.name === `weather-${era}` && each.state === "closed" && each.messages > 5,
      );
    });
    expect(session).toMatchObject({ transport: "stdio", era });
  },
);

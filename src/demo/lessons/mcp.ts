/** The lessons about MCP, in both eras: with a handshake, and without one. */
import { type Json, type Server, type Stage, withWeather } from "./stage.ts";

const client = { name: "lesson", title: "Lesson", version: "1.0.0" };
const META = "io.modelcontextprotocol/";

/** Up to 2025-11-25: nothing may be asked before both sides have said who they are. */
export async function shakeHands(server: Server, capabilities: Json = {}): Promise<void> {
  await server.request("initialize", { protocolVersion: "2025-11-25", capabilities, clientInfo: client });
  server.notify("notifications/initialized");
}

/** Since 2026-07-28: every request says it. */
export function meta(capabilities: Json = {}): Json {
  return {
    [`${META}protocolVersion`]: "2026-07-28",
    [`${META}clientInfo`]: client,
    [`${META}clientCapabilities`]: capabilities,
  };
}

const call = { name: "get_weather", arguments: { location: "Paris" } };

export async function handshake(stage: Stage): Promise<void> {
  await withWeather(stage, [], async (server) => {
    await shakeHands(server);
    await server.request("tools/list", {});
    await server.request("tools/call", { ...call, _meta: { progressToken: 1 } });
  });
  await withWeather(stage, [], async (server) => {
    await server.request("server/discover", { _meta: meta() });
    await server.request("tools/list", { _meta: meta() });
    await server.request("tools/call", { ...call, _meta: meta() });
  });
}

const picnic = { name: "plan_picnic", arguments: { location: "Oslo" } };
const wishes = { action: "accept", content: { days: 5, rain: false } };

export async function elicitation(stage: Stage): Promise<void> {
  const can = { elicitation: { form: {} } };
  const play = async (server: Server) => {
    await shakeHands(server, { elicitation: {} });
    await server.request("tools/call", picnic);
  };
  await withWeather(stage, ["--ask"], play, { reply: () => wishes });
  await withWeather(stage, ["--ask"], async (server) => {
    const asked = await server.request("tools/call", { ...picnic, _meta: meta(can) });
    const result = (asked["result"] ?? {}) as Json;
    const state = result["requestState"];
    await server.request("tools/call", {
      ...picnic,
      inputResponses: { wishes },
      ...(state !== undefined && { requestState: state }),
      _meta: meta(can),
    });
  });
}

/** A server that is broken on purpose, asked for what it breaks. */
export async function brokenServer(stage: Stage, how: string): Promise<void> {
  const play = async (server: Server) => {
    await shakeHands(server);
    await server.request("tools/list", {});
    await server.request("tools/call", { name: "get_forecast", arguments: { location: "Paris", days: 2 } });
  };
  await withWeather(stage, ["--break", how], play, { patience: 1_500 });
}

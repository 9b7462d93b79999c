/** Plays a scene at `/stage/NAME/…` of the demo model; whatever else is asked goes to its script. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { breaks } from "./breaks.ts";
import { scenes } from "./lessons.ts";
import type { Reply, Scene } from "./scene.ts";

/** A question to a scene is small; whoever sends more is not playing. */
const MOST_CHARS = 1_000_000;

const all: Readonly<Record<string, Scene>> = { ...breaks, ...scenes };

/** Null where the address names no scene. */
export function sceneAt(path: string | undefined): Scene | null {
  const name = /^\/stage\/([\w-]+)\//.exec(path ?? "")?.[1];
  return name !== undefined && Object.hasOwn(all, name) ? (all[name] ?? null) : null;
}

export async function play(scene: Scene, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = "";
  for await (const piece of request.setEncoding("utf8"))
    if (text.length < MOST_CHARS) text += piece as string;
  const { status, headers, pieces, pace, end } = answer(scene, text, request);
  response.writeHead(status, headers);
  for (const [n, piece] of pieces.entries()) {
    if (n > 0) await Bun.sleep(pace);
    // Who has hung up is told nothing more.
    if (response.destroyed) return;
    response.write(piece);
  }
  if (end === "whole") return void response.end();
  await Bun.sleep(pace);
  response.destroy();
}

function answer(scene: Scene, text: string, { headers }: IncomingMessage): Reply {
  try {
    return scene({ body: JSON.parse(text || "{}") as Record<string, unknown>, headers });
  } catch {
    const error = { message: "this request is no JSON", type: "invalid_request_error" };
    return {
      status: 400,
      headers: { "content-type": "application/json" },
      pieces: [JSON.stringify({ error })],
      pace: 0,
      end: "whole",
    };
  }
}

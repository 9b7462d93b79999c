/** Which protocol a socket speaks, by its address, else by what is said first. */
import { isObject } from "../json.ts";
import { geminiLive } from "./gemini-live.ts";
import type { Hands, Protocol } from "./hands.ts";
import { openaiLive } from "./openai-live.ts";
import { realtime } from "./realtime.ts";
import { responses } from "./responses.ts";
import type { Said } from "./said.ts";

type Known = {
  readonly path: RegExp;
  readonly says: (said: Said) => boolean;
  readonly begin: (hands: Hands) => Protocol;
};

/** The first that fits. A `response.create` without a model is one of a session. */
const KNOWN: readonly Known[] = [
  {
    path: /BidiGenerateContent/i,
    says: ({ json }) => isObject(json["setup"]) || "setupComplete" in json,
    begin: geminiLive,
  },
  {
    path: /\/live\/sessions(\/|$)/,
    says: ({ type }) => type === "session.start" || type === "session.started",
    begin: openaiLive,
  },
  {
    path: /\/realtime(\/|$)/,
    says: ({ type }) => /^((transcription_)?session\.(created|update)|input_audio_buffer\.)/.test(type),
    begin: realtime,
  },
  {
    path: /\/responses\/?$/,
    says: ({ type, json }) => type === "response.create" && "model" in json,
    begin: responses,
  },
];

/** Null: what is said tells nothing about it. */
export function protocolOf(path: string, said: Said, hands: Hands): Protocol | null {
  const bare = path.split("?", 1)[0] ?? "";
  const known = KNOWN.find((one) => one.path.test(bare)) ?? KNOWN.find((one) => one.says(said));
  return known?.begin(hands) ?? null;
}

/** Arguments that come as an object keep the numbers that no double holds, in every API that sends such. */
import { expect, test } from "bun:test";
import { read } from "../read.ts";
import { exchangeOf } from "../recording.ts";

const ID = "12345678901234567890";
const NDJSON = { "content-type": "application/x-ndjson" };
const EVENTS = { "content-type": "text/event-stream" };

const forms: Record<string, [path: string, body: string, headers?: Record<string, string>]> = {
  "chat, whole": [
    "/v1/chat/completions",
    `{"choices":[{"index":0,"finish_reason":"tool_calls","message":{"tool_calls":[{"id":"c","type":"function","function":{"name":"tide","arguments":{"port":${ID}}}}]}}]}`,
  ],
  "messages, whole": [
    "/v1/messages",
    `{"type":"message","role":"assistant","stop_reason":"tool_use","content":[{"type":"tool_use","id":"c","name":"tide","input":{"port":${ID}}}]}`,
  ],
  "Ollama's lines": [
    "/api/chat",
    `{"model":"m","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"tide","arguments":{"port":${ID}}}}]},"done":false}\n{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}\n`,
    NDJSON,
  ],
  "Gemini's events": [
    "/v1beta/models/m:streamGenerateContent",
    `data: {"candidates":[{"index":0,"finishReason":"STOP","content":{"role":"model","parts":[{"functionCall":{"name":"tide","args":{"port":${ID}}}}]}}]}\n\n`,
    EVENTS,
  ],
};

for (const [name, [path, body, headers = {}]] of Object.entries(forms))
  test(`${name}: an id of 64 bits is shown as it passed`, () => {
    const exchange = exchangeOf({
      request: { method: "POST", path, host: "model.example", body: { model: "m" } },
      response: { status: 200, headers, body },
    });
    expect(read(exchange).tool_calls.map(({ arguments: args }) => args)).toEqual([`{"port":${ID}}`]);
  });

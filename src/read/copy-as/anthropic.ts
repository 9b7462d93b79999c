/** Programs with Anthropic's own libraries: https://github.com/anthropics/anthropic-sdk-typescript, anthropic-sdk-python. */
import { keywords, pythonText, typescript } from "./literal.ts";
import type { Request } from "./request.ts";

const KNOWN = new Set(
  "model messages max_tokens system stream tools tool_choice temperature top_p top_k stop_sequences metadata thinking service_tier".split(
    " ",
  ),
);

function baseOf({ url, json }: Request): string | null {
  const found = /^(.*)\/v1\/messages(?:\?.*)?$/s.exec(url);
  return found?.[1] !== undefined && json !== null ? found[1] : null;
}

export function anthropicTypescript(request: Request): string | null {
  const base = baseOf(request);
  if (base === null || !request.json) return null;
  const { auth, key } = credential(request);
  const isStream = request.json["stream"] === true;
  // The library refuses long answers without a stream unless it is told how long to wait.
  const options = [
    ...(request.beta === null ? [] : [`headers: { "anthropic-beta": ${JSON.stringify(request.beta)} }`]),
    ...(isStream ? [] : ["timeout: 600_000"]),
  ];
  return `import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({
  ${auth === "bearer" ? `apiKey: null,\n  authToken: process.env.${key}` : `apiKey: process.env.${key}`},
  baseURL: ${JSON.stringify(base)},
});

const response = await client.messages.create(${typescript(request.json)}${options.length > 0 ? `, { ${options.join(", ")} }` : ""});
${isStream ? "for await (const event of response) console.log(JSON.stringify(event));" : "console.log(JSON.stringify(response, null, 2));"}
`;
}

export function anthropicPython(request: Request): string | null {
  const base = baseOf(request);
  if (base === null || !request.json) return null;
  const { auth, key } = credential(request);
  const isStream = request.json["stream"] === true;
  const lines = keywords(request.json, KNOWN);
  if (request.beta !== null) lines.push(`    extra_headers={"anthropic-beta": ${pythonText(request.beta)}},`);
  if (!isStream) lines.push("    timeout=600,");
  return `import os
from anthropic import Anthropic

client = Anthropic(
    ${auth === "bearer" ? "auth_token" : "api_key"}=os.environ[${pythonText(key)}],
    base_url=${pythonText(base)},
)

response = client.messages.create(
${lines.join("\n")}
)
${isStream ? "for event in response:\n    print(event.model_dump_json())" : "print(response.model_dump_json(indent=2))"}
`;
}

function credential({ headers }: Request): { auth: "key" | "bearer"; key: string } {
  const found = headers.find(({ key }) => key !== null);
  const isBearer = found?.name.toLowerCase() === "authorization";
  return { auth: isBearer ? "bearer" : "key", key: found?.key ?? "ANTHROPIC_API_KEY" };
}

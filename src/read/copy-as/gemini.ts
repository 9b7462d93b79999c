/** A program with Google's own library: https://github.com/googleapis/js-genai. Its names of the request's parts are others. */
import { isObject } from "../json.ts";
import { typescript } from "./literal.ts";
import type { Request } from "./request.ts";

/** Parts of the wire's request that the library takes inside of its `config`. */
const IN_CONFIG = new Set([
  "systemInstruction",
  "tools",
  "toolConfig",
  "safetySettings",
  "cachedContent",
  "labels",
]);

export function geminiTypescript(request: Request): string | null {
  const found =
    /^(https?:\/\/[^/?]+)(.*)\/(v\d\w*)\/models\/([^/:?]+):(generateContent|streamGenerateContent)(?:\?.*)?$/s.exec(
      request.url,
    );
  if (!found || !request.json) return null;
  const [, origin = "", prefix = "", version = "", model = "", method] = found;
  const { contents, generationConfig, ...rest } = request.json;
  // What the library has no place for would be lost in silence.
  if (Object.keys(rest).some((name) => !IN_CONFIG.has(name))) return null;
  const config = { ...(isObject(generationConfig) && generationConfig), ...rest };
  const key = request.headers.find((header) => header.key !== null)?.key ?? "GEMINI_API_KEY";
  const isStream = method === "streamGenerateContent";
  return `import { GoogleGenAI } from "@google/genai";

const ai = new GoogleGenAI({
  apiKey: process.env.${key},
  httpOptions: { baseUrl: ${JSON.stringify(origin + prefix)}, apiVersion: ${JSON.stringify(version)} },
});

const response = await ai.models.${isStream ? "generateContentStream" : "generateContent"}({
  model: ${JSON.stringify(model)},
  contents: ${typescript(contents ?? [], "  ")},${Object.keys(config).length > 0 ? `\n  config: ${typescript(config, "  ")},` : ""}
});
${isStream ? "for await (const part of response) console.log(JSON.stringify(part));" : "console.log(JSON.stringify(response, null, 2));"}
`;
}

/** Programs with OpenAI's own libraries, for whoever speaks its API: https://github.com/openai/openai-python, openai-node. */
import { keywords, pythonText, typescript } from "./literal.ts";
import type { Request } from "./request.ts";

type Method = { readonly path: string; readonly call: string; readonly known: ReadonlySet<string> };

/** Names that the Python library takes as arguments; what it does not know goes into `extra_body`. */
const names = (text: string) => new Set(text.split(" "));

const METHODS: readonly Method[] = [
  {
    path: "/chat/completions",
    call: "chat.completions.create",
    known: names(
      "model messages stream stream_options tools tool_choice parallel_tool_calls temperature top_p max_tokens max_completion_tokens n stop seed user metadata store response_format reasoning_effort frequency_penalty presence_penalty logit_bias logprobs top_logprobs modalities audio prediction service_tier",
    ),
  },
  {
    path: "/responses",
    call: "responses.create",
    known: names(
      "model input instructions stream tools tool_choice parallel_tool_calls temperature top_p max_output_tokens previous_response_id include metadata store reasoning text truncation user service_tier background",
    ),
  },
  {
    path: "/embeddings",
    call: "embeddings.create",
    known: names("model input dimensions encoding_format user"),
  },
];

/** Null where the libraries have no method for it. */
export function openaiMethod({ url, json }: Request): (Method & { base: string; query: string[][] }) | null {
  const [address = "", query = ""] = url.split(/\?(.*)/s);
  const found = METHODS.find(({ path }) => address.endsWith(path));
  if (!found || json === null) return null;
  const pairs = query.split("&").filter(Boolean);
  return {
    ...found,
    base: address.slice(0, -found.path.length),
    query: pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2)),
  };
}

export function openaiPython(request: Request): string | null {
  const method = openaiMethod(request);
  if (!method || !request.json) return null;
  const query = method.query.map(
    ([name = "", value = ""]) => `${pythonText(name)}: ${pythonText(decoded(value))}`,
  );
  const isStream = request.json["stream"] === true;
  return `import os
from openai import OpenAI

client = OpenAI(
    api_key=os.environ[${pythonText(keyOf(request))}],
    base_url=${pythonText(method.base)},${azureKey(request) ? `\n    default_headers={"api-key": os.environ[${pythonText(keyOf(request))}]},` : ""}${query.length > 0 ? `\n    default_query={${query.join(", ")}},` : ""}
)

response = client.${method.call}(
${keywords(request.json, method.known).join("\n")}
)
${isStream ? "for event in response:\n    print(event.model_dump_json())" : "print(response.model_dump_json(indent=2))"}
`;
}

export function openaiTypescript(request: Request): string | null {
  const method = openaiMethod(request);
  if (!method || !request.json) return null;
  const query = Object.fromEntries(method.query.map(([name = "", value = ""]) => [name, decoded(value)]));
  const key = `process.env.${keyOf(request)}`;
  const isStream = request.json["stream"] === true;
  return `import OpenAI from "openai";

const client = new OpenAI({
  apiKey: ${key},
  baseURL: ${JSON.stringify(method.base)},${azureKey(request) ? `\n  defaultHeaders: { "api-key": ${key} },` : ""}${method.query.length > 0 ? `\n  defaultQuery: ${typescript(query, "  ")},` : ""}
});

const response = await client.${method.call}(${typescript(request.json)});
${isStream ? "for await (const event of response) console.log(JSON.stringify(event));" : "console.log(JSON.stringify(response, null, 2));"}
`;
}

function keyOf({ headers }: Request): string {
  return headers.find(({ key }) => key !== null)?.key ?? "OPENAI_API_KEY";
}

function azureKey({ headers }: Request): boolean {
  return headers.some(({ name }) => name.toLowerCase() === "api-key");
}

/** What is no percent-coding is sent as it stands. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/**
 * The official SDKs name every kind of event, item and block of their APIs in their types. What the pinned ones name, the
 * readers or the glossary name, or a list says why not: so whoever raises an SDK is told what is new on the wire.
 */
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");
const OPENAI = join(root, "node_modules/openai/resources");
const ANTHROPIC = join(root, "node_modules/@anthropic-ai/sdk/resources");

/** Areas whose answers are read. Others are told in CONTRIBUTING.md ("What stays raw"). */
const AREAS: Record<string, string[]> = {
  "openai responses": [`${OPENAI}/responses/responses.d.ts`],
  "openai responses, beta": typesIn(`${OPENAI}/beta/responses`),
  "openai chat": typesIn(`${OPENAI}/chat`),
  "openai realtime": [`${OPENAI}/realtime/realtime.d.ts`],
  "openai live": [`${OPENAI}/live/live.d.ts`, `${OPENAI}/live/sessions.d.ts`],
  "openai agents": typesIn(`${OPENAI}/beta/agents`),
  "openai threads": typesIn(`${OPENAI}/beta/threads`),
  "openai images and audio": [`${OPENAI}/images.d.ts`, ...typesIn(`${OPENAI}/audio`)],
  "anthropic messages": [`${ANTHROPIC}/messages/messages.d.ts`],
  "anthropic messages, beta": [`${ANTHROPIC}/beta/messages/messages.d.ts`],
  "anthropic batches": [`${ANTHROPIC}/messages/batches.d.ts`],
};

/** Families that a reader takes by a pattern, with the file that does. */
const FAMILIES: readonly (readonly [file: string, family: RegExp])[] = [
  ["dialects/openai-items.ts", /_call(_output)?$|^(custom_tool|mcp_approval)|_output$/],
  [
    "dialects/openai-responses-delta.ts",
    /\.(in_progress|completed|searching|interpreting|generating|failed|queued|compacting|partial_image)$/,
  ],
  ["dialects/openai-responses-stream.ts", /^response\.(steer|inject)/],
  [
    "dialects/openai-realtime.ts",
    /^((input|output)_audio_buffer|conversation\.(item|created)|mcp_list_tools|session|transcription_session)\b/,
  ],
  ["dialects/openai-live.ts", /^(session|transport|decision|response|call)[._]/],
  ["dialects/openai-agents.ts", /^agent\./],
  ["dialects/openai-images.ts", /^image_/],
  ["dialects/anthropic-content.ts", /_tool_result(_error)?$|_error$|_result$/],
  [
    "dialects/anthropic-messages.ts",
    /^(web_search|web_fetch|code_execution|tool_search_tool|advisor|mcp_toolset|bash|text_editor|computer|browser_toolset|memory)_?/,
  ],
];

/**
 * Names that nobody has to read: settings and choices of a request, which the page shows as they are, and words below a
 * thing that is read.
 */
const SETTINGS: Record<string, string> = {
  "how a computer is used: shown as the call's arguments":
    "click double_click drag keypress move screenshot scroll wait coordinate ref computer_screenshot existing_session limited unrestricted",
  "what a search, a shell or a patch does: shown as the call's arguments":
    "find_in_page open_page search exit create_file update_file delete_file exec file_path",
  "filters of a file search": "and or eq ne gt gte lt lte in nin",
  "who may call a tool, where it runs, how it may reach the network":
    "direct programmatic_tool_calling local container_auto inline skill_reference allowlist disabled self_hosted openai_hosted stdio environment_variable environment_connection",
  "settings of a request":
    "approximate grammar enabled adaptive between_tools all only except ephemeral static last_messages server_vad semantic_vad retention_ratio audio/pcm audio/pcma audio/pcmu realtime translation manual periodic once summarize create continue tool_uses thinking_turns clear_thinking_20251015 clear_tool_uses_20250919 compact_20260112 input_json predicate choice info delegation decisions live webrtc automation automations new_session billing_policy redeemed not_applied thinking_mismatch_allowed",
  "tools of the server, named in tools[].type as they are":
    "computer_use_preview file_search web_search web_search_preview web_search_2025_08_26 web_search_preview_2025_03_11",
  "how a server of tools is signed in to":
    "mcp_oauth static_bearer client_secret_basic client_secret_post browser_authentication browser_origin_access",
  "ways in which a call fails: shown with its result":
    "http_error mcp_protocol_error mcp_tool_execution_error protocol_error tool_execution_error call_error",
  "the state of a connection that the SDK itself makes": "connecting close closing reconnecting reconnected",
  "where a citation points: kept whole as a citation":
    "char_location page_location content_block_location search_result_location web_search_result_location container_file_citation",
  "moderation beside an answer: kept whole in the answer": "moderation_result moderation_results",
  "what the API did to the request, told in input_transformations": "thinking_dropped",
  "what is inside of a block that is read whole":
    "audio_sample tab_opened download_started download_completed download_failed tool_definition mcp_tool_reference text_delta bash_code_execution_output code_execution_output tool_search_tool_search_result image_file submit_tool_outputs message_creation",
  "one run of several, whose counts are added up": "advisor_message fallback_message",
  "whether the prompt was found in the cache: told where it was not":
    "cache_hit cache_miss comparison_response_not_found unavailable",
  "items of a hosted agent, kept whole by their kind":
    "command_execution computer_use_approval_request computer_use_approval_request_result",
  "the state of a batch, shown as its end": "canceled errored expired succeeded message_batch_deleted",
  "the shape of an answer": "disabled",
};

const declared = new Set(Object.values(SETTINGS).flatMap((names) => names.split(" ")));
const readers = sourcesIn(import.meta.dir).join("\n");

describe("every name in the types of the pinned SDKs is read, or it is said why not", () => {
  for (const [area, files] of Object.entries(AREAS))
    test(area, () => {
      const names = namesIn(files);
      expect(names.size).toBeGreaterThan(0);
      expect([...names].filter((name) => !isRead(name) && !declared.has(name)).sort()).toEqual([]);
    });

  test("the families are where they are said to be, and nothing is declared that is no name any more", () => {
    for (const [file] of FAMILIES)
      expect(readFileSync(join(import.meta.dir, file), "utf8").length).toBeGreaterThan(0);
    const all = new Set(Object.values(AREAS).flatMap((files) => [...namesIn(files)]));
    expect([...declared].filter((name) => !all.has(name)).sort()).toEqual([]);
  });
});

function isRead(name: string): boolean {
  return readers.includes(`"${name}"`) || FAMILIES.some(([, family]) => family.test(name));
}

/** `type: 'a' | 'b'` wherever it stands. */
function namesIn(files: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const file of files)
    for (const [, union = ""] of readFileSync(file, "utf8").matchAll(/\btype\??: ((?:'[^']+'(?: \| )?)+)/g))
      for (const [, name = ""] of union.matchAll(/'([^']+)'/g)) names.add(name);
  return names;
}

function typesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".d.ts"))
    .map((name) => join(folder, name));
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes(".test") && !/^(mcp|fixtures|run)\//.test(name))
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

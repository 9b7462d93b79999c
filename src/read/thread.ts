/**
 * Conversations, found without changing the client: by the session that an agent names in a header or in the body, by
 * `previous_response_id`, else by prefix: a request whose messages begin with an earlier exchange's messages and answer
 * continues it. Pure: the keys of an exchange are stored by whoever indexes, and looked up through `ThreadLookup`.
 */
import type { Exchange } from "../fact/exchange.ts";
import { header } from "../fact/exchange.ts";
import type { ThreadKeys, ThreadLookup } from "../fact/thread.ts";
import { roll } from "./hash.ts";
import { isObject, object, parseJson, text } from "./json.ts";
import { look, type Look } from "./look.ts";
import { isPrewarm } from "./prewarm.ts";
import type { Part, Reading, Thread, Turn } from "./reading.ts";

/** Null for what is no conversation (embeddings, lists of models, …) and names no session. */
export function threadOf(
  exchange: Pick<Exchange, "id">,
  keys: ThreadKeys,
  lookup: ThreadLookup,
): Thread | null {
  if (keys.aside) return null;
  if (keys.header === null && keys.previous === null && keys.whole === null && keys.prefixes.length === 0)
    return null;
  const session = keys.header === null ? null : lookup.byHeader(keys.header);
  const previous = keys.previous === null ? null : lookup.byResponse(keys.previous);
  const parent = previous ?? lookup.byWhole(keys.prefixes);
  if (keys.header !== null) {
    const conversation = session?.conversation ?? exchange.id;
    // A title or a sub-agent's request shares the session but continues nothing.
    // Where the messages were rewritten (a compaction), what comes last in the conversation itself is continued.
    const before = parent ?? (keys.prefixes.length > 0 ? (lookup.continuing(keys.header) ?? session) : null);
    // Where others carry their past along, what carries none is no turn beside them. Where nobody does, each is the next.
    const last = before ?? (lookup.continuing(keys.header) === null ? session : null);
    return { conversation, turn: (last?.turn ?? 0) + 1, parent: before?.id ?? null, how: "header" };
  }
  if (!parent) return { conversation: exchange.id, turn: 1, parent: null, how: "new" };
  const how = previous ? "id" : "prefix";
  return { conversation: parent.conversation, turn: parent.turn + 1, parent: parent.id, how };
}

export function threadKeys(reading: Reading, exchange: Exchange, seen: Look = look(exchange)): ThreadKeys {
  const body = seen.glimpse.requestBody;
  const request = Array.isArray(body)
    ? object(body.findLast((said) => isObject(said) && said["type"] === "response.create"))
    : object(body);
  const conversational =
    reading.messages.length > 0 &&
    CONVERSATIONS.test(reading.dialect) &&
    !/embeddings|count/.test(reading.dialect);
  const { prefixes, endsWithAnswer, hash } = conversational ? chain(atomsOf(reading.messages)) : NO_CHAIN;
  const answer: Turn = { role: "assistant", parts: reading.answer.parts };
  const answers = conversational && reading.error === null ? atomsOf([answer]) : [];
  return {
    header: sessionOf(exchange, request, reading.dialect),
    response_id: text(object(seen.message)["id"]) ?? text(object(seen.message)["conversation_id"]),
    previous:
      text(request["previous_response_id"]) ??
      text(request["previous_interaction_id"]) ??
      mistralConversation(exchange),
    // A prefill ends with an assistant's words of the client's own: nobody answered with them, and the answer goes on
    // in the same text.
    whole:
      answers.length === 0
        ? null
        : endsWithAnswer
          ? chain(atomsOf([...reading.messages, answer])).hash
          : answers.reduce(roll, hash),
    prefixes: endsWithAnswer ? prefixes.slice(1) : prefixes,
    ...(hash !== "" && { request: hash }),
    ...(isPrewarm(reading) && { aside: true as const }),
  };
}

const CONVERSATIONS =
  /chat|responses|messages|gemini|generate|converse|invoke|interactions|conversations|ollama|cohere|anthropic/;

/**
 * What agents send to name their session: Claude Code, Codex, OpenCode, Qwen Code, Roo and Kilo Code, and the names that
 * gateways read (OpenRouter, LiteLLM, Helicone).
 */
const HEADERS = [
  "x-claude-code-session-id",
  "session-id",
  "session_id",
  "thread-id",
  "conversation_id",
  "x-opencode-session",
  "x-session-affinity",
  "x-qwen-code-session-id",
  "x-roo-task-id",
  "x-kilocode-taskid",
  "x-session-id",
  "x-conversation-id",
  "x-litellm-session-id",
  "helicone-session-id",
];

const SPOKEN = /^(openai-realtime|openai-live|gemini-live)$/;

function sessionOf(exchange: Exchange, request: Record<string, unknown>, dialect: string): string | null {
  for (const name of HEADERS) {
    const value = header(exchange.request.headers, name);
    if (value) return `${name}:${value}`;
  }
  // Gemini CLI's stands inside the request that it wraps.
  const inner = object(request["request"]);
  const session = text(request["session_id"]) ?? text(inner["session_id"]) ?? claudeSession(request);
  if (session) return `session:${session}`;
  const conversation = text(request["conversation"]) ?? text(object(request["conversation"])["id"]);
  if (conversation !== null) return `conversation:${conversation}`;
  // One that is spoken is as long as its socket.
  return exchange.part && SPOKEN.test(dialect) ? `socket:${exchange.part.socket}` : null;
}

/** Mistral's conversations go on under their own address. */
function mistralConversation({ path }: Exchange): string | null {
  return /\/conversations\/(conv_[^/?]+)/.exec(path)?.[1] ?? null;
}

/** Claude Code before its header: `metadata.user_id` ends in `_session_<uuid>`, later it was JSON with a `session_id`. */
function claudeSession(request: Record<string, unknown>): string | null {
  const metadata = object(request["metadata"]);
  const user = text(metadata["user_id"]);
  if (user === null) return text(metadata["session_id"]);
  return text(object(parseJson(user))["session_id"]) ?? /_session_([0-9a-f-]{36})$/.exec(user)?.[1] ?? null;
}

type Chain = { prefixes: string[]; hash: string; endsWithAnswer: boolean };

const NO_CHAIN: Chain = { prefixes: [], hash: "", endsWithAnswer: false };

/**
 * The messages as atoms (one text, call or result each), so that it does not matter how a dialect cuts them into
 * messages; hashed one after another. `prefixes` are the hashes after each of the assistant's turns.
 */
function chain(atoms: readonly string[]): Chain {
  const prefixes: string[] = [];
  let hash = "";
  for (const [i, atom] of atoms.entries()) {
    hash = roll(hash, atom);
    const next = atoms[i + 1];
    if (atom.startsWith("a") && !next?.startsWith("a")) prefixes.unshift(hash);
  }
  return { prefixes, hash, endsWithAnswer: atoms.at(-1)?.startsWith("a") ?? false };
}

/** Reasoning, citations and ids are left out: clients do not send them back as they came. */
function atomsOf(turns: readonly Turn[]): string[] {
  const atoms: string[] = [];
  let words = "";
  let speaker = "";
  const said = () => {
    if (words.trim() !== "") atoms.push(`${speaker}t${words.trim()}`);
    words = "";
  };
  for (const { role, parts } of turns) {
    if (role === "system" || role === "developer") continue;
    const by = role === "assistant" || role === "model" ? "a" : "u";
    // Words that the client put into the model's mouth come back as one text with the answer to them.
    if (by !== speaker || by === "u") said();
    speaker = by;
    for (const part of parts) {
      if (part.type === "text" || part.type === "refusal") words += part.text;
      const atom = atomOf(part);
      if (atom === null) continue;
      said();
      atoms.push(by + atom);
    }
  }
  said();
  return atoms;
}

function atomOf(part: Part): string | null {
  switch (part.type) {
    case "tool_call":
      return part.by === "server" ? null : `c${part.name}:${canonical(part.arguments)}`;
    case "tool_result":
      return part.by === "server"
        ? null
        : `r${part.parts.map((one) => (one.type === "text" ? one.text.trim() : one.type)).join()}`;
    case "image":
    case "audio":
    case "video":
    case "file":
      return `m${part.type}${part.url ?? part.bytes ?? part.name ?? ""}`;
    default:
      return null;
  }
}

/** The same arguments may come back with other white space. */
function canonical(json: string): string {
  const value = parseJson(json);
  return value === undefined ? json.trim() : JSON.stringify(value);
}

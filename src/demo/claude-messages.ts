/** What Claude Code puts between messages (system messages, names of tools that it found) as text, which the model reads. */

type Json = Record<string, unknown>;

export function plainMessages(body: Json): Json {
  const messages = body["messages"];
  if (!Array.isArray(messages)) return body;
  return { ...body, messages: (messages as Json[]).map(plainMessage) };
}

function plainMessage({ role, content, ...rest }: Json): Json {
  const parts = Array.isArray(content) ? (content as Json[]) : [{ type: "text", text: String(content) }];
  if (role === "system") return { role: "user", content: parts.map((part) => aside(part)) };
  if (!Array.isArray(content)) return { ...rest, role, content };
  // Beside a result stands what the agent says about it ("Tool loaded."), not what the user says.
  const besides = parts.some(({ type }) => type === "tool_result");
  const own = (part: Json) => (besides && part["type"] === "text" ? aside(part) : plainPart(part));
  return { ...rest, role, content: parts.map(own) };
}

/** As its other words that are not the user's. */
function aside({ text }: Json): Json {
  return { type: "text", text: `<system-reminder>\n${String(text)}\n</system-reminder>` };
}

function plainPart(part: Json): Json {
  const { type, content } = part;
  if (type !== "tool_result" || !Array.isArray(content)) return part;
  const named = (content as Json[]).map((inner) =>
    inner["type"] === "tool_reference"
      ? { type: "text", text: `found ${String(inner["tool_name"])}` }
      : inner,
  );
  return { ...part, content: named };
}

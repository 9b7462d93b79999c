/** What a user said, without what an agent has put around it or beside it for the model. */

/** Texts that agents write in the user's name: reminders, where they are, what was interrupted. */
const AGENTS =
  /^\s*(?:<(?:system-reminder|environment_(?:context|details)|user_instructions|session_context|turn_aborted|local-command-[a-z]+|bash-(?:stdout|stderr)|permissions instructions)\b|# AGENTS\.md instructions|\[configuration_update\]|\[Request interrupted by user)/;

/** Tags in which agents put what the user said. */
const AROUND = ["task", "userRequest", "user_query", "user_message", "feedback"];

/** Of a long text only so much is looked through for tags: a row shows a line of it. */
const LOOKED_AT = 20_000;

/** Null when it is the agent's and not the user's. */
export function ownWords(text: string): string | null {
  if (AGENTS.test(text.slice(0, 200))) return null;
  const head = text.slice(0, LOOKED_AT);
  if (!head.includes("<")) return text;
  // Claude Code: a command that the user typed.
  const command = between(head, "command-name");
  if (command !== null) return `${command} ${between(head, "command-args") ?? ""}`.trim();
  for (const tag of AROUND) {
    const said = between(head, tag);
    if (said !== null && said !== "") return said;
  }
  return text;
}

function between(text: string, tag: string): string | null {
  const from = text.indexOf(`<${tag}>`);
  if (from < 0) return null;
  const to = text.indexOf(`</${tag}>`, from);
  return to < 0 ? null : text.slice(from + tag.length + 2, to).trim();
}

/** What Code Assist wraps around Gemini's own bodies. */
import { entriesOf, type Entry } from "../entry.ts";

const { field } = entriesOf("gemini-code-assist", "https://github.com/google-gemini/gemini-cli");

export const geminiCodeAssist: readonly Entry[] = [
  field("$.request", "The request as the Gemini API would get it.", "与发给 Gemini API 相同的请求。", {
    side: "request",
  }),
  field(
    "$.response",
    "The answer, or its next piece, as the Gemini API would send it.",
    "与 Gemini API 相同的回答，或其中的下一段。",
  ),
  field(
    ["$.project", "$.user_prompt_id", "session_id"],
    "Whose quota is used, which prompt of the person this belongs to, and in which session.",
    "使用哪个项目的配额，属于用户的哪次提问，以及所在会话。",
    { side: "request" },
  ),
  field("$.traceId", "An id under which Google finds this answer.", "供 Google 查找此回答的标识。"),
];

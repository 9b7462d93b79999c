/**
 * What is called a credential. A name is read as words (`openaiApiKey`, `OPENAI_API_KEY`, `x-api-key` are the same
 * three), and its last words decide. `strong`: whatever stands behind it is one. `weak`: it often is something else, so
 * its value has to look like one too.
 */
export type Strength = "strong" | "weak" | null;

/** Where a name stands: the same word says more in one place than in another. */
export type Place = "member" | "parameter" | "header" | "option" | "variable";

/** Longer than any name; what goes on like this is none. */
export const LONGEST_NAME = 128;

/** The same names come again and again. */
const known: { readonly [place in Place]: Map<string, Strength> } = {
  member: new Map(),
  parameter: new Map(),
  header: new Map(),
  option: new Map(),
  variable: new Map(),
};
const REMEMBERED_NAMES = 1000;

export function strengthOf(name: string, place: Place): Strength {
  if (name.length > LONGEST_NAME) return null;
  const seen = known[place].get(name);
  if (seen !== undefined) return seen;
  if (known[place].size >= REMEMBERED_NAMES) known[place].clear();
  const strength = judged(name, place);
  known[place].set(name, strength);
  return strength;
}

function judged(name: string, where: Place): Strength {
  // An environment as JSON.
  const place = where === "member" && /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(name) ? "variable" : where;
  const words = wordsOf(name);
  const last = words.at(-1) ?? "";
  const before = words.at(-2) ?? "";
  if (place === "header") {
    const kept = name.toLowerCase().replaceAll("_", "-");
    if (NO_SECRET_HEADER.has(kept)) return null;
    if (SECRET_HEADER.has(kept)) return "strong";
    if (kept === "mcp-session-id") return "strong";
    if (words.includes("session") && !/^(?:key|token|secret|cookie)$/.test(last)) return "weak";
  }
  const strength = byLastWord(last, before, place, words);
  if (strength !== null || place !== "header" || last === "key" || last === "token") return strength;
  // Whatever else it says, a header that speaks of one may be one.
  return SAYS.test(name) ? "weak" : null;
}

const SAYS = /key(?!board|word)|token(?!s)|secret|authorization|credential|cookie|passw/i;

function byLastWord(last: string, before: string, place: Place, words: readonly string[]): Strength {
  switch (last) {
    case "key":
      return keyStrength(before, place);
    case "token":
      return tokenStrength(before, place);
    case "auth":
    case "authentication":
      return place === "header" || place === "option" ? "strong" : "weak";
    case "credential":
    case "credentials":
    case "bearer":
      return place === "header" || (last !== "credentials" && place === "parameter") ? "strong" : "weak";
    case "cookie":
    case "jwt":
      return place === "header" ? "strong" : "weak";
    case "signature":
    case "sig":
      if (place === "header") return "strong";
      return place === "parameter" || (place === "variable" && last === "sig") ? "weak" : null;
    case "pass":
      return place === "member" && before === "" ? "weak" : "strong";
    case "code":
      return before === "device" || before === "authorization"
        ? "strong"
        : place === "option"
          ? null
          : "weak";
    case "id":
      // A session of an address is what a visitor has instead of a password; in JSON it is a name among others.
      if (before === "session" && (place === "parameter" || words[0] === "mcp")) return "weak";
      return before === "key" && words.at(-3) === "access" ? "strong" : null;
    case "pat":
      return place === "option" || (place === "variable" && before !== "") ? "strong" : null;
    case "verifier":
      return before === "code" ? "strong" : null;
    case "assertion":
      return before === "client" || place === "parameter" ? "strong" : null;
    case "string":
    case "value":
      if (before === "secret" || before === "password") return "strong";
      return before === "connection" || before === "token" || before === "credential" ? "weak" : null;
    case "header":
      return before === "auth" || before === "authorization" ? "weak" : null;
    case "url":
    case "uri":
      return null;
    default:
      if (STRONG.has(last)) return "strong";
      return place === "parameter" && WEAK_PARAMETERS.has(last) ? "weak" : compound(last, place);
  }
}

/** More than one of them: their members are credentials where they look like some. */
export function isPlural(name: string): boolean {
  if (!name.endsWith("s")) return false;
  return /(?:api|access|secret|private)[_-]?keys$|secrets$|credentials$|(?:access|refresh|api|auth)[_-]?tokens$|cookies$/i.test(
    name,
  );
}

const STRONG = new Set(
  "password passwd passphrase passcode pwd secret psk authorization apikey secretkey accesskey privatekey authkey masterkey authtoken accesstoken refreshtoken idtoken sessiontoken apitoken bearertoken clientsecret appsecret subscriptionkey accountkey".split(
    " ",
  ),
);

const WEAK_PARAMETERS = new Set("session sid sessionid jsessionid phpsessid ticket hmac sas sso".split(" "));

/** In small letters, nothing says where one word ends: `pgpassword`, `xapikey`, `githubtoken`. */
function compound(word: string, place: Place): Strength {
  if (/(?:password|passwd|passphrase|apikey|secretkey|accesskey|clientsecret|appsecret)$/.test(word))
    return "strong";
  if (/(?:access|refresh|session|auth|api|bearer|bot|github|gitlab|oauth)token$/.test(word)) return "strong";
  if (/(?:app|user|my|dev|server|license)key$/.test(word)) return place === "member" ? "weak" : "strong";
  if (word.endsWith("secret")) return "strong";
  if (place !== "member" && word.endsWith("token")) return NO_TOKENS.has(word.slice(0, -5)) ? null : "weak";
  if (place === "header" && /(?:token|secret|authorization)$/.test(word)) return "strong";
  return null;
}

const KEYS = new Set(
  (
    "api access secret private subscription account auth master admin function functions service signing encryption shared " +
    "ssh rapidapi application app virtual license storage webhook client openai anthropic azure google gemini groq mistral " +
    "ai cohere deepseek xai perplexity together fireworks openrouter tavily exa brave serper firecrawl stripe sendgrid datadog " +
    "consumer deploy bot pinecone qdrant weaviate langsmith langfuse helicone portkey elevenlabs replicate huggingface nvidia cerebras"
  ).split(" "),
);

const NO_KEYS = new Set(
  "primary foreign sort partition public cache hot group row join hash idempotency surrogate websocket index unique object routing".split(
    " ",
  ),
);

function keyStrength(before: string, place: Place): Strength {
  if (KEYS.has(before)) return before === "client" && place === "member" ? "weak" : "strong";
  if (NO_KEYS.has(before)) return null;
  switch (place) {
    case "header":
    case "option":
      return "strong";
    case "member":
      return null;
    case "parameter":
    case "variable":
      return "weak";
    default:
      return place satisfies never;
  }
}

/** Tokens of language models, and those that turn pages. */
const NO_TOKENS = new Set(
  (
    "next page continuation sync cursor progress max min eos bos pad unk sep cls mask stop special image audio video prompt " +
    "completion input output total first last start end begin prefix suffix added new current previous prev per num n each " +
    "cached reasoning accepted rejected text cancellation cancel resume skip delimiter separator think tool eot"
  ).split(" "),
);

const TOKENS = new Set(
  (
    "access refresh auth authorization bearer session id security api oauth bot user personal private github gitlab slack " +
    "discord telegram notion hf huggingface openai anthropic gh npm pypi jira linear sentry vault csrf xsrf app application " +
    "service client secret login master admin deploy jwt sas account web identity impersonation pat iam hub"
  ).split(" "),
);

function tokenStrength(before: string, place: Place): Strength {
  if (NO_TOKENS.has(before)) return null;
  if (TOKENS.has(before)) return "strong";
  if (place === "parameter" && before === "") return "strong";
  return place === "header" || place === "option" ? "strong" : "weak";
}

/**
 * They end like a credential's name and are none. Agents name their conversations in headers of their own: the same
 * name stands in bodies and folders, and opens nothing.
 */
const NO_SECRET_HEADER = new Set([
  "sec-websocket-key",
  "www-authenticate",
  "proxy-authenticate",
  "content-signature",
  "signature",
  "access-control-allow-credentials",
  "x-claude-code-session-id",
  "session-id",
  "x-opencode-session",
  "x-session-affinity",
  "x-qwen-code-session-id",
  "x-litellm-session-id",
  "helicone-session-id",
]);

/** Their names say nothing of it. */
const SECRET_HEADER = new Set(["x-jfrog-art-api", "x-honeycomb-team"]);

/** `OPENAI_API_KEY_2` → openai, api, key. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
}

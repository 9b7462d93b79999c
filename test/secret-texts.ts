/**
 * Texts in which a credential stands, and texts that only look like it: tables of forms, names and ways of writing,
 * multiplied. No key is a real one: all are made by a counter.
 */

import { FILED_HARMLESS, FILED_SECRETS } from "./secret-texts-files.ts";
import { MORE_HARMLESS, MORE_KEYS, WRITTEN_SECRETS } from "./secret-texts-more.ts";
import { ODD_HARMLESS, ODD_SECRETS } from "./secret-texts-odd.ts";

/** `secret` is what must not be left of `text`; `name`, where it is one by its name. */
export type SecretText = {
  readonly what: string;
  readonly text: string;
  readonly secret: string;
  readonly name?: string;
};

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Letters and digits by a counter: the same in every run, and different from case to case. */
function made(seed: number, size: number, of = LETTERS): string {
  let state = (seed + 1) * 2_654_435_761;
  let text = "";
  while (text.length < size) {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + seed) >>> 0;
    text += of[state % of.length];
  }
  // Whatever else comes out, there is a digit in the middle: all makers' keys have some.
  const middle = size >> 1;
  return `${text.slice(0, middle)}${seed % 10}${text.slice(middle + 1)}`;
}

const HEX = "0123456789abcdef";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** A key of each maker, as it is written today. */
const KEYS: readonly (readonly [maker: string, key: (n: number) => string])[] = [
  ["OpenAI", (n) => `sk-${made(n, 48)}`],
  ["OpenAI project", (n) => `sk-proj-${made(n, 40)}-${made(n + 1, 40)}_${made(n + 2, 30)}`],
  ["OpenAI service account", (n) => `sk-svcacct-${made(n, 60)}`],
  ["OpenAI ephemeral", (n) => `ek_${made(n, 32, HEX)}`],
  ["Anthropic", (n) => `sk-ant-api03-${made(n, 60)}-${made(n + 1, 20)}AA`],
  ["Anthropic OAuth", (n) => `sk-ant-oat01-${made(n, 80)}`],
  ["OpenRouter", (n) => `sk-or-v1-${made(n, 64, HEX)}`],
  ["Google", (n) => `AIza${made(n, 35)}`],
  ["Google OAuth", (n) => `ya29.a0${made(n, 60)}`],
  ["Google AI", (n) => `AQ.Ab8${made(n, 40)}`],
  ["Groq", (n) => `gsk_${made(n, 52)}`],
  ["Cerebras", (n) => `csk-${made(n, 48)}`],
  ["xAI", (n) => `xai-${made(n, 80)}`],
  ["Perplexity", (n) => `pplx-${made(n, 48)}`],
  ["NVIDIA", (n) => `nvapi-${made(n, 64)}`],
  ["Hugging Face", (n) => `hf_${made(n, 34)}`],
  ["Replicate", (n) => `r8_${made(n, 37)}`],
  ["Bedrock", (n) => `ABSK${made(n, 60)}==`],
  ["Databricks", (n) => `dapi${made(n, 32, HEX)}`],
  ["LangSmith", (n) => `lsv2_pt_${made(n, 32, HEX)}_${made(n + 1, 10, HEX)}`],
  ["Pinecone", (n) => `pcsk_${made(n, 60)}`],
  ["Tavily", (n) => `tvly-dev-${made(n, 32)}`],
  ["Firecrawl", (n) => `fc-${made(n, 32, HEX)}`],
  ["Jina", (n) => `jina_${made(n, 40)}`],
  ["E2B", (n) => `e2b_${made(n, 40, HEX)}`],
  ["GitHub", (n) => `ghp_${made(n, 36)}`],
  ["GitHub app", (n) => `ghs_${made(n, 36)}`],
  ["GitHub sign-in", (n) => `gho_${made(n, 36)}`],
  ["GitHub user", (n) => `ghu_${made(n, 36)}`],
  ["GitHub refresh", (n) => `ghr_${made(n, 76)}`],
  ["GitHub fine-grained", (n) => `github_pat_${made(n, 22)}_${made(n + 1, 59)}`],
  ["GitLab", (n) => `glpat-${made(n, 20)}`],
  ["npm", (n) => `npm_${made(n, 36)}`],
  ["Docker", (n) => `dckr_pat_${made(n, 27)}`],
  ["Slack bot", (n) => `xoxb-${made(n, 12, "0123456789")}-${made(n, 12, "0123456789")}-${made(n, 24)}`],
  ["Slack app", (n) => `xapp-1-A0${made(n, 9, UPPER)}-${made(n, 13, "0123456789")}-${made(n, 64, HEX)}`],
  ["Stripe", (n) => `sk_live_${made(n, 24)}`],
  ["Stripe restricted", (n) => `rk_live_${made(n, 24)}`],
  ["Stripe webhook", (n) => `whsec_${made(n, 32)}`],
  ["Shopify", (n) => `shpat_${made(n, 32, HEX)}`],
  ["Linear", (n) => `lin_api_${made(n, 40)}`],
  ["Notion", (n) => `ntn_${made(n, 46)}`],
  ["Resend", (n) => `re_${made(n, 24)}`],
  ["SendGrid", (n) => `SG.${made(n, 22)}.${made(n + 1, 43)}`],
  ["Supabase", (n) => `sbp_${made(n, 40, HEX)}`],
  ["Grafana", (n) => `glsa_${made(n, 32)}_${made(n + 1, 8, HEX)}`],
  ["Vault", (n) => `hvs.CAES${made(n, 90)}`],
  ["DigitalOcean", (n) => `dop_v1_${made(n, 64, HEX)}`],
  ["Postman", (n) => `PMAK-${made(n, 24, HEX)}-${made(n + 1, 34, HEX)}`],
  ["Figma", (n) => `figd_${made(n, 40)}`],
  ["AWS", (n) => `AKIA${made(n, 16, UPPER)}`],
  ["AWS session", (n) => `ASIA${made(n, 16, UPPER)}`],
  ["JWT", (n) => `eyJ${made(n, 30)}.eyJ${made(n + 1, 80)}.${made(n + 2, 43)}`],
];

const AROUND: readonly ((key: string) => string)[] = [
  (key) => key,
  (key) => `my key is ${key} ok`,
  (key) => `Use (${key}), or "${key}".`,
  (key) => `first line\n${key}\nlast line`,
];

/** Names that say what stands behind them. */
const NAMES = [
  "api_key",
  "apiKey",
  "OPENAI_API_KEY",
  "x-api-key",
  "access_token",
  "refreshToken",
  "client_secret",
  "clientSecret",
  "password",
  "PGPASSWORD",
  "passphrase",
  "secret_key",
  "AWS_SECRET_ACCESS_KEY",
  "private_key",
  "auth_token",
  "session_token",
  "id_token",
  "bot_token",
  "GITHUB_PERSONAL_ACCESS_TOKEN",
  "webhook_secret",
  "subscription-key",
  "authorization",
  "tavilyApiKey",
  "DB_PASSWORD",
  "encryption_key",
] as const;

/** How a name and its value are written, where the form is certain. */
const WRITTEN: readonly (readonly [how: string, (name: string, value: string) => string])[] = [
  ["JSON", (name, value) => JSON.stringify({ a: 1, [name]: value, b: "x" })],
  ["indented JSON", (name, value) => JSON.stringify({ a: 1, [name]: value }, null, 2)],
  ["nested JSON", (name, value) => JSON.stringify({ env: [{ x: "y" }, { [name]: value }] })],
  ["a list in JSON", (name, value) => JSON.stringify({ [name]: [value] })],
  ["JSON in JSON", (name, value) => JSON.stringify({ arguments: JSON.stringify({ q: "x", [name]: value }) })],
  [
    "JSON in JSON in JSON",
    (name, value) => JSON.stringify({ text: JSON.stringify({ a: JSON.stringify({ [name]: value }) }) }),
  ],
  [
    "JSON with an escaped name",
    (name, value) => `{"\\u${name.charCodeAt(0).toString(16).padStart(4, "0")}${name.slice(1)}":"${value}"}`,
  ],
  ["Python", (name, value) => `{'a': 1, '${name}': '${value}'}`],
  ["XML", (name, value) => `<a><${name}>${value}</${name}></a>`],
  ["an address", (name, value) => `see https://a.example/b?x=1&${name}=${value}&y=2`],
  ["an option", (name, value) => `run --${name.replaceAll("_", "-")} ${value} --verbose`],
  ["an option with a sign", (name, value) => `run --${name}=${value} --verbose`],
  ["a header", (name, value) => `curl -H '${name}: ${value}' https://a.example`],
  ["YAML", (name, value) => `a: 1\n${name}: ${value}\nb: 2`],
];

const OTHERS: readonly (readonly [what: string, (value: string) => string])[] = [
  ["an environment", (value) => `HOME=/root\nMY_API_KEY=${value}\nPATH=/bin`],
  ["an environment of words", (value) => `export DB_PASSWORD=${value}`],
  ["quotes in an environment", (value) => `export DB_PASSWORD="${value}"`],
  ["a bearer", (value) => `GET / HTTP/1.1\nAuthorization: Bearer ${value}\nAccept: x`],
  ["a bearer by itself", (value) => `it said Bearer ${value} to me`],
  ["a cookie", (value) => `GET / HTTP/1.1\nCookie: sid=${value}\nAccept: x`],
  ["a database", (value) => `postgres://me:${value}@db.example:5432/app`],
  ["a user of an address", (value) => `https://me:${value}@a.example/x`],
  ["a connection string", (value) => `Server=tcp:a,1433;User ID=me;Password=${value};Encrypt=true`],
  [
    "a storage account",
    (value) => `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${value};EndpointSuffix=b`,
  ],
  ["a private key", (value) => `-----BEGIN PRIVATE KEY-----\n${value}\n-----END PRIVATE KEY-----`],
  [
    "a private key of RSA",
    (value) => `-----BEGIN RSA PRIVATE KEY-----\n${value}\n-----END RSA PRIVATE KEY-----`,
  ],
  [
    "a private key of SSH",
    (value) => `-----BEGIN OPENSSH PRIVATE KEY-----\n${value}\n-----END OPENSSH PRIVATE KEY-----`,
  ],
  [
    "arguments of a program",
    (value) => JSON.stringify({ command: "npx", args: ["-y", "x", "--api-key", value] }),
  ],
  ["a client secret of OpenAI", (value) => JSON.stringify({ client_secret: { value, expires_at: 1 } })],
  ["credentials as an object", (value) => JSON.stringify({ credentials: { user: "me", password: value } })],
  ["a token by itself", (value) => JSON.stringify({ token: value })],
  ["an authorization code", (value) => JSON.stringify({ grant_type: "authorization_code", code: value })],
  ["a verifier", (value) => JSON.stringify({ code_verifier: value })],
  ["a session of MCP", (value) => `POST /messages?sessionId=${value}`],
  ["a signed address", (value) => `https://b.example/c?X-Amz-Date=1&X-Amz-Signature=${value}`],
  ["a header in a list", (value) => JSON.stringify({ headers: [{ name: "X-Api-Key", value }] })],
  ["a variable in a list", (value) => JSON.stringify({ env: [{ name: "STRIPE_KEY", value }] })],
  ["a hash of PHP", (value) => `['password' => '${value}']`],
  ["a hash of Ruby", (value) => `{ :password => "${value}" }`],
  ["an element that is not parsed", (value) => `<password><![CDATA[${value}]]></password>`],
  ["a bot", (value) => `https://api.telegram.org/bot123456789:AA${value.slice(0, 33)}/getMe`],
  ["a webhook", (value) => `https://hooks.slack.com/services/T01ABCDEF/B01ABCDEF/${value}`],
  ["a registry", (value) => `//registry.npmjs.org/:_authToken=${value}`],
  ["a signed blob", (value) => `https://a.blob.core.windows.net/c?sv=2021&sig=${value}%3D`],
  ["a header as an option", (value) => `mcp-remote https://a.example --header=X-Api-Key:${value}`],
  ["a secret of AWS", (value) => JSON.stringify({ Name: "x", SecretString: value })],
  ["a queue", (value) => `redis://:${value}@cache.example:6379/0`],
  ["a repository", (value) => `git clone https://${value}@github.com/a/b.git`],
  ["cookies as JSON", (value) => JSON.stringify({ headers: { Cookie: `sid=${value}` } })],
  ["a name that a number follows", (value) => JSON.stringify({ OPENAI_API_KEY_2: value })],
];

/** `V20`, `H`, `P`: what the texts of the other file have in place of what was made at random. */
function filled(text: string, seed: number): string {
  let n = seed;
  const of = { V: LETTERS, H: HEX, U: UPPER } as const;
  return text
    .replaceAll(/\bP\b(?!-)/g, () => `Tr0ub4dor-${n++}`)
    .replaceAll(/(?<![A-Z])([VHU])(\d+)/g, (_, kind: "V", size: string) => made(n++, Number(size), of[kind]))
    .replaceAll(/\b([VH])\1*\b/g, (all: string) =>
      made(n++, all.length === 1 ? 36 : 36 * all.length, of[all[0] as "V"]),
    );
}

/** What is not in the text that it was made of. */
function secretIn(text: string, whole: string): string {
  const made = /Tr0ub4dor-\d+|[A-Za-z0-9]{36,}|bWU6[\w=]+/.exec(whole)?.[0];
  return made !== undefined && !text.includes(made) ? made : (/bWU6[\w=]+/.exec(whole)?.[0] ?? whole);
}

export const SECRETS: readonly SecretText[] = [
  ...KEYS.flatMap(([maker, key], n) =>
    AROUND.map((around, m) => {
      const secret = key(100 * n + m);
      return { what: `${maker}, ${m}`, text: around(secret), secret };
    }),
  ),
  ...NAMES.flatMap((name, n) =>
    WRITTEN.map(([how, write], m) => {
      const secret = made(10_000 + 100 * n + m, 20 + ((n + m) % 20));
      return { what: `${name} in ${how}`, text: write(name, secret), secret, name };
    }),
  ),
  ...OTHERS.map(([what, write], n) => {
    const secret = made(50_000 + n, 36);
    return { what, text: write(secret), secret };
  }),
  ...[...WRITTEN_SECRETS, ...ODD_SECRETS, ...FILED_SECRETS].map(([what, text], n) => {
    const whole = filled(text, 70_000 + 10 * n);
    return { what, text: whole, secret: secretIn(text, whole) };
  }),
  ...MORE_KEYS.flatMap(([maker, form], n) =>
    AROUND.map((around, m) => {
      const secret = filled(form, 80_000 + 100 * n + 10 * m);
      return { what: `${maker}, ${m}`, text: around(secret), secret };
    }),
  ),
];

const LABELS = {
  password: [
    "Passwort",
    "Password",
    "Mot de passe",
    "Contraseña",
    "密码",
    "パスワード",
    "Enter your password",
    "Passwort vergessen?",
  ],
  apiKey: ["API key", "Your API key", "API-Schlüssel", "Enter your API key here"],
  token: [
    "Token",
    "The token is missing",
    "Hello",
    " world",
    "</s>",
    "documentGetElementById2",
    "internationalisation",
  ],
  secret: ["Secret", "Must not be empty", "required"],
  access_token: ["string", "the access token", "${ACCESS_TOKEN}", "<access-token>", "{{token}}", "%s"],
  client_secret: ["YOUR_CLIENT_SECRET", "your-client-secret", "********", "[REDACTED]", "xxxxxxxx"],
  api_key: [
    "sk-...",
    "sk-no-key-required",
    "not-needed",
    "EMPTY",
    "none",
    "null",
    "ollama",
    "$OPENAI_API_KEY",
    "os.environ['KEY']",
  ],
} as const;

const WORDS = [
  "max_token",
  "max_tokens",
  "next_page_token",
  "pageToken",
  "continuation_token",
  "progressToken",
  "eos_token",
  "primary_key",
  "foreign_key",
  "sort_key",
  "cache_key",
  "public_key",
  "tokenizer",
  "secretary",
  "keyboard",
  "monkey",
  "author",
  "passenger",
  "compass",
  "cookies_enabled",
  "session_count",
  "codec",
  "code_challenge_method",
];

/** What means something of its own, under a name that means nothing here. */
const IDS: readonly ((n: number) => string)[] = [
  (n) => `chatcmpl-${made(n, 29)}`,
  (n) => `msg_01${made(n, 22)}`,
  (n) => `call_${made(n, 24)}`,
  (n) => `toolu_01${made(n, 22)}`,
  (n) => `resp_${made(n, 48, HEX)}`,
  (n) => `req_${made(n, 32, HEX)}`,
  (n) => `fp_${made(n, 10, HEX)}`,
  (n) => `sha256:${made(n, 64, HEX)}`,
  (n) => made(n, 40, HEX),
  (n) => `${made(n, 8, HEX)}-${made(n, 4, HEX)}-4${made(n, 3, HEX)}-a${made(n, 3, HEX)}-${made(n, 12, HEX)}`,
  (n) => `data:image/png;base64,iVBORw0KGgo${made(n, 400, `${LETTERS}+/`)}=`,
  (n) => `gAAAAA${made(n, 200)}`,
  (n) => `/home/me/project-${n}/src/index.ts:12:34`,
  (n) => `claude-sonnet-4-${20_250_000 + n}`,
  (n) => `anthropic/claude-sonnet-4.${n}`,
  (n) => `gpt-4o-mini-2024-07-${10 + n}`,
  (n) => `ft:gpt-4o-mini:my-org:custom:${made(n, 8)}`,
  (n) => `1${made(n, 12, "0123456789")}`,
  (n) => `2026-11-${10 + n}T12:00:00.000Z`,
  (n) => `task-${made(n, 20, HEX)}`,
  (n) => `W/"${made(n, 32, HEX)}"`,
];

const PROSE = [
  "The key to success is to ask for a token of appreciation.",
  "max_token=5, code=404, key=title and page=2",
  "sk- is a prefix, and so are ghp_, hf_ and eyJ",
  "sk-learn-0-24-tutorial-of-2023 and sk-estimator-html-repr",
  "Basic authentication is not Bearer authentication; Basic internationalisation",
  "Enter the password: it has 8 characters. Token: required.",
  'He said "api_key": "shown" as an example',
  "password = input('Password: ')",
  "const apiKey: string = process.env.API_KEY ?? config.apiKey;",
  "token = await getToken(request, options)",
  "if (token === null || password === undefined) return secret;",
  "API_KEY = os.environ['API_KEY']",
  "api_key=os.getenv('OPENAI_API_KEY')",
  "export OPENAI_API_KEY=$(cat key.txt)",
  "export OPENAI_API_KEY=your-api-key-here",
  "OPENAI_API_KEY=<your key>",
  "PASSWORD=${PASSWORD}",
  "token: string; password?: string; secret: boolean;",
  "function login(user, password) { return auth.token(user, password); }",
  "self.token = token_for(self.user, key=self.key)",
  'WWW-Authenticate: Bearer resource_metadata="https://a.example/.well-known/x", scope="b"',
  "Authorization: Bearer <token>",
  "Authorization: Bearer ${token}",
  "curl -H 'Authorization: Bearer $OPENAI_API_KEY' https://a.example",
  "curl -H 'x-api-key: YOUR_API_KEY' https://a.example",
  "docker run -i --rm -e GITHUB_PERSONAL_ACCESS_TOKEN ghcr.io/github/github-mcp-server",
  "https://a.example/b?page_token=CAUQAA0123456789abcdef&max_tokens=5",
  "https://a.example/b?key=title&code=404&sort=token",
  "https://a.example/b?key=user-settings-dark-mode",
  "https://medium.com/@someone/a-title-1234567890ab",
  "http://localhost:8080/@scope/package@1.2.3",
  "git@github.com:owner/repository.git",
  "postgres://user:<password>@localhost/db",
  "<label for='password'>Password</label><input type='password' name='password'>",
  "<key>CFBundleIdentifier</key><string>a.b.c</string>",
  "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----",
  "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END CERTIFICATE-----",
  "error: invalid_api_key, code: insufficient_quota",
  "the session id is in the cookie, the cookie is in the header",
  "a.a.a.a.a.a.a.a.a.a.a=b",
  "tokens: 15 prompt, 20 completion",
  "--max-tokens 100 --token-limit 5 --keyboard us",
  "SELECT key, token FROM secrets WHERE password IS NOT NULL",
  "npm install jsonwebtoken cookie-parser passport-http-bearer",
  "Set-Cookie is a header. Cookie: none",
  "client = OpenAI(api_key=api_key, base_url=url)",
  "headers: { Authorization: `Bearer ${apiKey}` }",
  "super({ apiKey: azureADTokenProvider }); const fetchWithAuth = x509Authentication;",
  "exports.exchangeX509Token = exchangeX509Token;",
  "token: Annotated[str, Depends(oauth2_scheme)]",
  "const sessionId = crypto.randomUUID();",
  "AWS_SECRET_ACCESS_KEY=${{ secrets.AWS_SECRET_ACCESS_KEY }}",
  'export TOKEN="$(gcloud auth print-access-token)"',
  "hf_hub_download(repo_id='bert-base-uncased'), re_read, pat_the_dog_1234567890",
  "api_key: !vault |",
  "Access-Control-Allow-Headers: authorization, x-api-key",
];

const OBJECTS: readonly unknown[] = [
  {
    properties: {
      password: { type: "string", description: "The password" },
      token: { type: "string", minLength: 8 },
    },
  },
  {
    properties: {
      api_key: { type: "string", pattern: "^[a-z0-9]{32}$", examples: ["a1b2c3d4e5f6a7b8c9d0"] },
    },
  },
  { securitySchemes: { ApiKeyAuth: { type: "apiKey", in: "header", name: "X-API-Key" } } },
  { securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } } },
  { authorization: { type: "oauth2", authorizationUrl: "https://a.example/x", scopes: ["read"] } },
  {
    logprobs: {
      content: [{ token: "Hello", bytes: [72], top_logprobs: [{ token: " wonderful", logprob: -1 }] }],
    },
  },
  { usage: { total_tokens: 12, prompt_tokens_details: { cached_tokens: 1 } }, max_completion_tokens: 7 },
  { password: null, token: 5, secret: true, api_key: "", authorization: {} },
  { passwords: 3, secrets: false, credentials: "include", cookie: "^1.1.1" },
  { error: { code: "invalid_api_key", type: "invalid_request_error", param: null } },
  {
    code: "print('hello')\nfor i in range(10): pass",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  },
  { key: "0123456789abcdef0123456789abcdef", keys: ["a", "b"], value: "0123456789abcdef" },
  { token_endpoint: "https://a.example/b", grant_types_supported: ["authorization_code", "refresh_token"] },
  { name: "api_key", in: "query", schema: { type: "string" }, api_key_env: "OPENAI_API_KEY" },
  { api_key: "OPENAI_API_KEY", secret: "arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf" },
  { password: "required|string|min:8", secretName: "my-secret", token_type: "Bearer" },
  { type: "function_call", id: "fc-gTnUm4FWkr0IbXhF", call_id: "call_gTnUm4FWkr0IbXhF" },
  {
    prompt_cache_key: "01234567-89ab-cdef-0123-456789abcdef",
    session_id: "01234567-89ab-cdef-0123-456789abcdef",
  },
  { thoughtSignature: "CpcCAdHtim8o0123456789abcdef", obfuscation: "a1b2c3d4e5f6a7b8" },
  { stop_token: "<|eot_id|>", cursor: "eyJpZCI6MTIzfQ==", nextCursor: "eyJpZCI6MTIzfQ" },
  { signature: "EqQBCgIYAhIkeyJhbGciOiJ.eyJhbGciOiJIUzI1NiJ9", type: "thinking" },
];

/** Nothing of these may change. */
export const HARMLESS: readonly { readonly what: string; readonly text: string }[] = [
  ...Object.entries(LABELS).flatMap(([name, values]) =>
    values.flatMap((value) => [
      { what: `${name}: ${value}`, text: JSON.stringify({ [name]: value }) },
      {
        what: `${name}: ${value}, within`,
        text: JSON.stringify({ i18n: JSON.stringify({ a: 1, [name]: value }) }),
      },
    ]),
  ),
  ...WORDS.flatMap((name, n) => [
    { what: `${name} with a number`, text: JSON.stringify({ [name]: n }) },
    { what: `${name} with a word`, text: JSON.stringify({ [name]: made(n, 24) }) },
    { what: `${name} in an address`, text: `https://a.example/b?${name}=${made(n, 24)}&x=1` },
    { what: `${name} in an environment`, text: `${name.toUpperCase()}=${made(n, 24)}` },
  ]),
  ...IDS.flatMap((id, n) =>
    [0, 1, 2, 3, 4].flatMap((m) => [
      { what: `id ${n}, ${m}`, text: JSON.stringify({ id: id(10 * n + m), model: id(10 * n + m + 5) }) },
      { what: `id ${n}, ${m} in a sentence`, text: `it is ${id(10 * n + m)} and no other` },
    ]),
  ),
  ...PROSE.flatMap((text, n) => [
    { what: `prose ${n}`, text },
    {
      what: `prose ${n} in JSON`,
      text: JSON.stringify({ messages: [{ role: "user", content: `${text}\n${text}` }] }),
    },
  ]),
  ...OBJECTS.flatMap((value, n) => [
    { what: `object ${n}`, text: JSON.stringify(value) },
    { what: `object ${n}, indented`, text: JSON.stringify({ a: [value] }, null, 2) },
    { what: `object ${n}, within`, text: JSON.stringify({ text: JSON.stringify(value) }) },
  ]),
  ...[...ODD_HARMLESS, ...FILED_HARMLESS].map((text) => ({ what: text, text })),
  ...MORE_HARMLESS.flatMap(([what, form], n) => {
    const text = filled(form, 90_000 + 10 * n);
    return [
      { what, text },
      { what: `${what}, within`, text: JSON.stringify({ content: JSON.stringify({ text }) }) },
    ];
  }),
];

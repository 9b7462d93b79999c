import { expect, test } from "bun:test";
import fc from "fast-check";
import { createMask } from "../../fact/mask.ts";
import { Echoes } from "./echoes.ts";
import { BodyMask, maskWhole } from "./mask-body.ts";

const mask = createMask((secret) => Bun.hash(secret).toString(16).padStart(16, "0"));
const KEY = "sk-or-v1-0123456789abcdef0123456789abcdef";

const bytes = (text: string) => Buffer.from(text);

/** What is told of these pieces, each with the length that it had. */
function told(pieces: readonly Uint8Array[], echoes = new Echoes()): Buffer[] {
  const out: Buffer[] = [];
  const body = new BodyMask(mask, "text", echoes);
  for (const piece of pieces) body.push(piece, (one) => out.push(Buffer.from(one)));
  body.end();
  expect(out.map((one) => one.byteLength)).toEqual(pieces.map((one) => one.byteLength));
  return out;
}

const whole = (text: string) => Buffer.from(maskWhole(bytes(text), mask)).toString();

test.each([
  "api_key",
  "apiKey",
  "API_KEY",
  "x-api-key",
  "openai_api_key",
  "OPENAI_API_KEY",
  "access_token",
  "refresh_token",
  "client_secret",
  "private_key",
  "secret_access_key",
  "password",
  "authorization",
  "Authorization",
  "token",
])("the value of %s is masked", (name) => {
  const text = JSON.stringify({ model: "m", [name]: KEY, messages: [] });
  const result = whole(text);
  expect(result).not.toContain(KEY.slice(12));
  expect(result).toContain('"sk-or-v1-*#');
  expect(result.length).toBe(text.length);
  expect(Object.keys(JSON.parse(result) as object)).toEqual(["model", name, "messages"]);
});

test("a scheme before the key stays, and the same key has the same mask in a header, a query and a body", () => {
  const [[, header]] = mask.headers([["Authorization", `Bearer ${KEY}`]]) as [[string, string]];
  const inBody = (
    JSON.parse(whole(JSON.stringify({ headers: { Authorization: `Bearer ${KEY}` } }))) as {
      headers: { Authorization: string };
    }
  ).headers.Authorization;
  const hash = /#[0-9a-f]{8}/.exec(header)![0];
  expect(header).toBe(`Bearer sk-or-v1-…${hash}`);
  expect(inBody).toBe(`Bearer sk-or-v1-*${hash}`.padEnd(`Bearer ${KEY}`.length, "*"));
  expect(mask.url(`/v1?key=${KEY}`)).toBe(`/v1?key=sk-or-v1-…${hash}`);
});

test.each([
  [
    "an MCP server that the model is to ask",
    { mcp_servers: [{ url: "https://x", authorization_token: KEY }] },
  ],
  [
    "headers in a tool",
    { tools: [{ type: "mcp", headers: { Authorization: `Bearer ${KEY}`, "X-Api-Key": KEY } }] },
  ],
  [
    "an environment",
    { env: { GITHUB_TOKEN: "ghp_0123456789abcdefghijABCDEFGHIJ012345", OPENAI_API_KEY: KEY } },
  ],
  ["a text that somebody pasted it into", { messages: [{ role: "user", content: `My key: ${KEY}. Help!` }] }],
  ["the arguments of a call, which are JSON in JSON", { arguments: JSON.stringify({ api_key: KEY }) }],
  ["a list", { keys: ["AIzaSyA0123456789abcdefghijABCDEFGHIJ01", KEY] }],
])("a key is found in %s", (_, value) => {
  const text = JSON.stringify(value);
  const result = whole(text);
  expect(result).not.toContain(KEY.slice(12));
  expect(result).not.toMatch(/ABCDEFGHIJ01/);
  expect(result.length).toBe(text.length);
  expect(JSON.stringify(Object.keys(JSON.parse(result) as object))).toBe(JSON.stringify(Object.keys(value)));
});

test("what the client signed in with is masked wherever it is said again, and only that", () => {
  const word = "an-odd-password-of-mine";
  const echo = new Echoes();
  echo.add(word);
  const text = `data: {"error":"wrong key: ${word}"}\n\n`;
  expect(Buffer.from(maskWhole(bytes(text), mask, echo)).toString()).toBe(
    text.replace(word, mask.secret(word).replace("…", "*").padEnd(word.length, "*")),
  );
  const other = text.replace(word, "an-odd-password-of-yours");
  expect(Buffer.from(maskWhole(bytes(other), mask, echo)).toString()).toBe(other);
});

test("JSON that is called a form, as curl sends it, is JSON", () => {
  const out: string[] = [];
  const form = new BodyMask(mask, "form");
  for (const piece of [`{"model":"m","api_key":"hunter2`, `hunter2","a":"b&password=c"}`])
    form.push(bytes(piece), (one) => out.push(Buffer.from(one).toString()));
  form.end();
  expect(out.join("")).toMatch(/^\{"model":"m","api_key":"\*#[0-9a-f]{8}\*+","a":"b&password=c"\}$/);
});

test("fields of a form are masked by their names", () => {
  const out: string[] = [];
  const form = new BodyMask(mask, "form");
  const text = `grant_type=refresh_token&refresh_token=${KEY}&client_secret=x%20y&scope=a&next_page_token=abc&code=4/0AVG7fiQ-2rXk1LhPq8`;
  for (const piece of [text.slice(0, 35), text.slice(35, 70), text.slice(70)])
    form.push(bytes(piece), (one) => out.push(Buffer.from(one).toString()));
  form.end();
  expect(out.join("")).toMatch(
    /^grant_type=refresh_token&refresh_token=sk-or-v1-\*#[0-9a-f]{8}\*+&client_secret=\*{5}&scope=a&next_page_token=abc&code=\*#[0-9a-f]{8}\*+$/,
  );
});

test.each([
  {
    max_tokens: 5,
    max_completion_tokens: 7,
    usage: { total_tokens: 12, prompt_tokens_details: { cached_tokens: 1 } },
  },
  {
    logprobs: {
      content: [{ token: "Hello", bytes: [72], top_logprobs: [{ token: " wonderful", logprob: -1 }] }],
    },
  },
  { logprobs: { content: [{ token: "----------------" }, { token: "internationalisation" }] } },
  {
    tools: [
      { parameters: { properties: { key: { type: "string" }, password: { type: "string" }, token: {} } } },
    ],
  },
  {
    key: "value",
    keys: { primary_key: "id", foreign_key: "user_id", key: "0123456789abcdef0123456789abcdef" },
  },
  { next_page_token: "CAUQAA0123456789abcdef", pageToken: "0123456789abcdef0123456789", eos_token: "</s>" },
  {
    dependencies: { cookie: "^1.1.1" },
    progressToken: "0123456789abcdef0123",
    secretary: "x",
    passwords: "y",
  },
  {
    content:
      'my "api_key": "shown", sk-learn-0-24-tutorial-of-2023, task-0123456789abcdef01234, the sk- prefix',
  },
  {
    signature: "EqQBCgIYAhIkeyJhbGciOiJ.eyJhbGciOiJIUzI1NiJ9",
    encrypted_content: "gAAAAABo-sk-0123456789abcdef01234_hf_0123456789abcdef01",
  },
  { image_url: `data:image/png;base64,iVBOR+AIzaSyA0123456789abcdefghijABCDEFGHIJ01/AKIA0123456789ABCDEF=` },
  {
    id: "chatcmpl-0123456789abcdef",
    tool_call_id: "call_0123456789abcdef",
    system_fingerprint: "fp_0123456789",
  },
  { api_key: "", password: null, token: 5, secret: true, authorization: {} },
])("a body that holds no secret is recorded unchanged: %j", (value) => {
  const text = JSON.stringify(value);
  expect(whole(text)).toBe(text);
});

test("any cut of a body gives the same record", () => {
  const text = JSON.stringify({
    text: 'a "quoted" \\ thing',
    api_key: KEY,
    nested: [{ access_token: `a\\"b${KEY}`, content: "聊天", secret: "", password: 'p"w\\' }],
    last_secret: KEY,
    pasted: [`hf_0123456789abcdefghij, ${KEY}.`, "aG+AIza", "sk-", `${KEY}${KEY}`],
    said: "an-odd-password-of-mine",
    odd: "an-odd-pass an-odd-password-of-min",
  });
  const echo = () => {
    const echoes = new Echoes();
    echoes.add("an-odd-password-of-mine");
    return echoes;
  };
  const expected = Buffer.concat(told([bytes(text)], echo())).toString();
  expect(expected).not.toMatch(/0123456789abcdef|of-mine/);
  const original = bytes(text);
  for (let cut = 1; cut < original.byteLength; cut++)
    expect(Buffer.concat(told([original.subarray(0, cut), original.subarray(cut)], echo())).toString()).toBe(
      expected,
    );
  fc.assert(
    fc.property(fc.array(fc.nat(original.byteLength), { maxLength: 12 }), (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), original.byteLength];
      const pieces = at.slice(1).map((end, n) => original.subarray(at[n], end));
      expect(Buffer.concat(told(pieces, echo())).toString()).toBe(expected);
    }),
  );
});

test("byte by byte is a cut like any other", () => {
  const original = bytes(`{"api_key" : "${KEY}","x":"y"}`);
  expect(Buffer.concat(told([...original].map((byte) => Buffer.from([byte])))).toString()).toBe(
    whole(original.toString()),
  );
});

test("half a key in a body that was cut off is masked too", () => {
  const text = told([bytes('{"api_key":"sk-or-v'), bytes("1-0123456")]).join("");
  expect(text).toBe(`{"api_key":"${"*".repeat(16)}`);
});

test("a key that has no end is masked as long as it goes on", () => {
  const long = "k".repeat(200_000);
  const text = told([
    bytes(`{"api_key":"${long}`),
    bytes(long),
    bytes(long),
    bytes(`${long}","model":"m"}`),
  ]).join("");
  expect(text).toBe(`{"api_key":"${"*".repeat(800_000)}","model":"m"}`);
});

test("pieces that hold no beginning of a key are told at once, and what was sent is never changed", () => {
  const out: string[] = [];
  const body = new BodyMask(mask);
  const piece = bytes(`{"api_key":"${KEY}","content":"Hello wor`);
  const before = piece.toString();
  body.push(piece, (one) => out.push(Buffer.from(one).toString()));
  expect(out).toHaveLength(1);
  expect(out[0]).not.toContain(KEY);
  expect(piece.toString()).toBe(before);
});

test("very many keys in one piece are all masked, in time", () => {
  const count = 200_000;
  const text = `[${Array.from({ length: count }, (_, n) => `{"api_key":"k${n}"}`).join()}]`;
  const masked = whole(text);
  expect(masked).toHaveLength(text.length);
  const values = (JSON.parse(masked) as { api_key: string }[]).map(({ api_key }) => api_key);
  expect(values).toHaveLength(count);
  expect(values.filter((value, n) => value.includes(`k${n}`))).toEqual([]);
});

test("of credentials that overlap, each is masked to its end", () => {
  const signed = "q7Wz/9sk-or-v1-0123456789abcdef0123456789abcdef+Zt5x==";
  const echoes = new Echoes();
  echoes.add(signed);
  echoes.add(`+Zt5x== and more of ${KEY}`);
  const [out] = told([bytes(`{"content":"${signed} and more of ${KEY} to the end"}`)], echoes);
  const text = out!.toString();
  for (const part of ["q7Wz/9", "0123456789abcdef", "+Zt5x", "and more"]) expect(text).not.toContain(part);
  expect(text).toEndWith(' to the end"}');
});

test("JSON as the value of a form's field is looked through, cut anywhere", () => {
  const field = encodeURIComponent(
    '{"type":"block_actions","token":"Zq7w0rd0123456789abcdef","user":{"name":"me"}}',
  );
  for (const size of [1, 7, 10_000]) {
    const form = new BodyMask(mask, "form");
    let told = "";
    const said = bytes(`a=b&payload=${field}&c=d`);
    for (let at = 0; at < said.byteLength; at += size)
      form.push(said.subarray(at, at + size), (piece) => (told += Buffer.from(piece).toString()));
    form.end();
    expect(told).not.toContain("Zq7w0rd0123456789abcdef");
    expect([told.startsWith("a=b&payload="), told.endsWith("&c=d"), told.length]).toEqual([
      true,
      true,
      said.byteLength,
    ]);
  }
  expect(whole(`payload=${encodeURIComponent('{"token":"title","page":[1]}')}&c=d`)).toBe(
    `payload=${encodeURIComponent('{"token":"title","page":[1]}')}&c=d`,
  );
});

import { expect, test } from "bun:test";
import { maskText } from "./mask-text.ts";

const masked = (text: string) => maskText(text, () => "***");

test("credentials are found by what they look like or by the name of their member", () => {
  expect(masked("OPENAI_API_KEY=sk-proj-abcdefghijklmnopqrstuvwxyz is set")).toBe(
    "OPENAI_API_KEY=*** is set",
  );
  expect(
    masked('{"headers":{"Authorization":"Bearer abc\\"def"},"token":"t-0123456789abcdef","password":"p"}'),
  ).toBe('{"headers":{"Authorization":"Bearer ***"},"token":"***","password":"***"}');
  expect(masked("ghp_0123456789abcdefghijABCDEFGHIJ012345 and postgres://me:pw@host/db")).toBe(
    "*** and postgres://me:***@host/db",
  );
});

test("what only resembles a credential stays", () => {
  const text =
    '{"progressToken":"t","maxTokens":5,"properties":{"password":{"type":"string"}},"next":"ask-me sk-1"}';
  expect(masked(text)).toBe(text);
});

test("a challenge stays, the token that answers it does not", () => {
  const challenge = 'WWW-Authenticate: Bearer resource_metadata="https://x/.well-known/a", scope="b"';
  expect(masked(challenge)).toBe(challenge);
  expect(masked("Authorization: Bearer resource_metadata_token")).toBe("Authorization: Bearer ***");
});

test("a mask with a quote in it does not break the JSON", () => {
  expect(JSON.parse(maskText('{"api_key":"x"}', () => '"\\'))).toEqual({ api_key: "**" });
});

test("a field of a form in parts is one without its quotes, with a type, and with the line ends of a script", () => {
  const part = (head: string, end: string) =>
    `--B${end}Content-Disposition: form-data; ${head}${end}${end}hunter2!${end}--B--`;
  for (const end of ["\r\n", "\n"])
    for (const head of [
      "name=client_secret",
      'name="api_key"',
      `name="password"${end}Content-Type: text/plain`,
    ])
      expect(masked(part(head, end))).toBe(part(head, end).replace("hunter2!", "***"));
  const plain = 'name="password"\n\nhunter2! is what <input> shows';
  expect(masked(plain)).toBe(plain);
});

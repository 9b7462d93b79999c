import { expect, test } from "bun:test";
import { quoted, withoutSecrets } from "./command.ts";

test("words are quoted only where a shell would need it", () => {
  expect(quoted(["npx", "-y", "@scope/pkg@1.2", "a b", "it's", ""])).toBe(
    "npx -y @scope/pkg@1.2 'a b' 'it'\\''s' ''",
  );
});

test("values of options that carry secrets are masked, whatever they look like", () => {
  const words = [
    "srv",
    "--api-key",
    "abc",
    "--token=abc",
    "--keyboard",
    "abc",
    "-e",
    "GITHUB_TOKEN=abc",
    "x=1",
  ];
  expect(withoutSecrets(words, (text) => text)).toEqual([
    "srv",
    "--api-key",
    "***",
    "--token=***",
    "--keyboard",
    "abc",
    "-e",
    "GITHUB_TOKEN=***",
    "x=1",
  ]);
});

test.each([
  [["npx", "x", "--header", "X-Api-Key: word"], "X-Api-Key: ***"],
  [["npx", "x", "-H", "Authorization:Bearer word"], "Authorization:Bearer ***"],
  [["npx", "x", "--header", "Accept: word"], "Accept: word"],
  [["sh", "-c", "TOKEN=word x --api-key other && y"], "TOKEN=*** x --api-key *** && y"],
  [["sh", "-c", "x --max-tokens 5 --key ./a.pem"], "x --max-tokens 5 --key ./a.pem"],
  [["env", "PGPASSWORD=word"], "PGPASSWORD=***"],
  [["env", "API_KEY_2=word"], "API_KEY_2=***"],
  [["x", "--pat", "word"], "***"],
  [["x", "--bearer", "word"], "***"],
  [["x", "--credentials", "~/google.json"], "~/google.json"],
  [["x.exe", "-Password", "word"], "***"],
  [["x.exe", "-Password:word"], "-Password:***"],
  [["x.exe", "/token:word"], "/token:***"],
  [["x.exe", "/title:word"], "/title:word"],
  [["x", "--header=Authorization: Bearer word"], "--header=Authorization: Bearer ***"],
  [["x", "--header=Accept: word"], "--header=Accept: word"],
  [["docker", "run", "-e", "GITHUB_TOKEN", "image"], "image"],
])("%j ends in %s", (words, last) => {
  expect(withoutSecrets(words, (text) => text).at(-1)).toBe(last);
});

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

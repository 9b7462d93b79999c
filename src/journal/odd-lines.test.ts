import { expect, test } from "bun:test";
import { maskText } from "../fact/mask-text.ts";
import { lineBodies } from "./session-file.ts";
import { withPrivateKeys } from "./odd-lines.ts";

const KEY = "sk-proj-0123456789abcdef0123456789";
const mask = (text: string) => maskText(text, () => "…#0123abcd");

test("a line that is not UTF-8 is masked in its bytes, and the rest of them stays", () => {
  const bytes = Buffer.from(`caf\xe9 {"api_key":"${KEY}"} \xff`, "latin1");
  for (const from of ["server", "stderr"] as const) {
    const [body] = lineBodies(from, { bytes, text: null, eol: "lf" }, mask);
    const line = JSON.parse(body!) as { raw?: string; text?: string };
    expect(Buffer.from((line.raw ?? line.text)!, "base64").toString("latin1")).toBe(
      'caf\xe9 {"api_key":"*#0123abcd"} \xff',
    );
  }
  const plain = Buffer.from("caf\xe9", "latin1");
  expect(lineBodies("stderr", { bytes: plain, text: null, eol: "lf" }, mask)[0]).toContain(
    plain.toString("base64"),
  );
});

test("a line of UTF-16 is masked", () => {
  const text = Buffer.from(`API_KEY=${KEY} is set`, "utf16le").toString("utf8");
  const [body] = lineBodies("stderr", { bytes: Buffer.from(text), text, eol: "lf" }, mask);
  expect((JSON.parse(body!) as { text: string }).text.replaceAll("\0", "")).toBe("API_KEY=…#0123abcd is set");
});

test("a private key over many lines is masked to its end, and what follows it is not", () => {
  const lines = withPrivateKeys(mask);
  const said = [
    "-----BEGIN RSA PRIVATE KEY-----",
    "Proc-Type: 4,ENCRYPTED",
    "",
    "MIIEpAIBAAKCAQEA7bq",
    "abc=",
    "-----END RSA PRIVATE KEY-----",
    "loaded",
  ];
  expect(said.map(lines)).toEqual([said[0]!, "***", "***", "***", "***", said[5]!, "loaded"]);
  expect(["-----BEGIN PRIVATE KEY----- could not be read!", "go on"].map(withPrivateKeys(mask))).toEqual([
    "-----BEGIN PRIVATE KEY----- could not be read!",
    "go on",
  ]);
});

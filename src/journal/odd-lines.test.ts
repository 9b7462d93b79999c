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

test.each([
  ["UTF-16 behind its mark", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
  [
    "UTF-16, the large end first, behind its mark",
    (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
  ],
  ["UTF-32", (text: string) => Buffer.from([...text].map((sign) => `${sign}\0\0\0`).join(""))],
])("a line of %s is masked, and one without a credential stays", (_, written) => {
  const told = (text: string) => {
    const bytes = written(text);
    const isText = bytes.equals(Buffer.from(bytes.toString()));
    const line = { bytes, text: isText ? bytes.toString() : null, eol: "lf" } as const;
    const body = JSON.parse(lineBodies("stderr", line, mask)[0]!) as { text: string };
    return isText ? Buffer.from(body.text) : Buffer.from(body.text, "base64");
  };
  const masked = told(`API_KEY=${KEY} is set`).toString("latin1").replaceAll("\0", "");
  expect(masked).toMatch(/API_KEY=.{1,3}#0123abcd is set$/);
  expect(told("nothing is set here")).toEqual(written("nothing is set here"));
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

/** Every credential in every way in which it can pass, and every harmless text too: none is missed, none is changed. */
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { Echoes } from "../src/capture/record/echoes.ts";
import { BodyMask, maskWhole } from "../src/capture/record/mask-body.ts";
import { withoutSecrets } from "../src/fact/command.ts";
import { createMask } from "../src/fact/mask.ts";
import { lineBodies } from "../src/journal/session-file.ts";
import { HARMLESS, SECRETS, type SecretText } from "./secret-texts.ts";

const mask = createMask((secret) => Bun.hash(secret).toString(16).padStart(16, "0"));

/** What becomes of a text; null where it cannot pass in this way. */
type Way = (text: string) => string | null;

const bodyOf = (text: string, size: number, kind: "text" | "form" | "stream" = "text") => {
  const bytes = Buffer.from(text);
  const body = new BodyMask(mask, kind, new Echoes());
  const told: Uint8Array[] = [];
  for (let at = 0; at < bytes.byteLength; at += size)
    body.push(bytes.subarray(at, at + size), (piece) => told.push(piece));
  body.end();
  return Buffer.concat(told).toString();
};
const json = (content: string) => JSON.stringify({ messages: [{ role: "user", content }] });
const contentOf = (body: string) =>
  (JSON.parse(body) as { messages: [{ content: string }] }).messages[0].content;
const deltas = (text: string, size: number) =>
  (text.match(new RegExp(`[^]{1,${size}}`, "gu")) ?? [])
    .map((piece) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: piece } }] })}\n\n`)
    .join("");
const joined = (stream: string) =>
  stream
    .split("\n\n")
    .filter((event) => event !== "")
    .map(
      (event) =>
        (JSON.parse(event.slice(6)) as { choices: [{ delta: { content: string } }] }).choices[0].delta
          .content,
    )
    .join("");
const line = (text: string) => ({ bytes: Buffer.from(text), text, eol: "lf" as const });
const rpc = (text: string) =>
  JSON.stringify({ jsonrpc: "2.0", id: 1, result: { content: [{ type: "text", text }] } });

const WAYS: Readonly<Record<string, Way>> = {
  "a header": (text) => (/^[ -~]+$/.test(text) ? mask.headers([["X-Note", text]])[0]![1] : null),
  "a body": (text) => bodyOf(text, Infinity),
  "a body, byte by byte": (text) => bodyOf(text, 1),
  "a request": (text) => contentOf(bodyOf(json(text), Infinity)),
  "a request, in pieces of 7 bytes": (text) => contentOf(bodyOf(json(text), 7)),
  "a request within a request": (text) => contentOf(contentOf(bodyOf(json(json(text)), Infinity))),
  "a stream in deltas of 4 characters": (text) => joined(bodyOf(deltas(text, 4), Infinity, "stream")),
  "a stream in pieces of 50 bytes": (text) => joined(bodyOf(deltas(text, 9), 50, "stream")),
  "a message of a socket": (text) => {
    let told = "";
    const body = new BodyMask(mask, "stream");
    body.message(Buffer.from(json(text)), (bytes) => (told = Buffer.from(bytes).toString()));
    body.end();
    return contentOf(told);
  },
  "a line of MCP": (text) => {
    const [body] = lineBodies("server", line(rpc(text)), mask.text);
    return (JSON.parse(body!) as any).message.result.content[0].text as string;
  },
  "a line that is no JSON-RPC": (text) =>
    text.includes("\n")
      ? null
      : ((JSON.parse(lineBodies("server", line(text), mask.text)[0]!) as any).raw as string),
  "a line of stderr": (text) =>
    text.includes("\n")
      ? null
      : ((JSON.parse(lineBodies("stderr", line(text), mask.text)[0]!) as any).text as string),
  "a script of a command line": (text) => withoutSecrets(["sh", "-c", text], mask.text)[2]!,
  "a sentence": (text) => mask.text(text),
};

/** Where the name is the header's, the parameter's, the field's own. */
const NAMED: Readonly<Record<string, (name: string, value: string) => string>> = {
  "a header": (name, value) => mask.headers([[name, value]])[0]![1],
  "a query": (name, value) => mask.url(`/v1/x?a=b&${name}=${value}&c=d`),
  "an address": (name, value) => mask.url(`https://a.example/x?${name}=${value}#c`),
  "a fragment": (name, value) =>
    mask.headers([["Location", `https://a.example/x#${name}=${value}&c=d`]])[0]![1],
  "a form": (name, value) => bodyOf(`a=b&${name}=${value}&c=d`, Infinity, "form"),
  "a form, byte by byte": (name, value) => bodyOf(`${name}=${value}`, 1, "form"),
  "a field of multipart": (name, value) =>
    bodyOf(`--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n--B--\r\n`, 11),
  "an option": (name, value) => withoutSecrets(["x", `--${name}`, value], mask.text)[2]!,
  "an option with a sign": (name, value) => withoutSecrets(["x", `--${name}=${value}`], mask.text)[1]!,
  "a variable of a command": (name, value) => withoutSecrets(["env", `${name}=${value}`, "x"], mask.text)[1]!,
};

/** So much of it in a row is enough to know it by; its beginning says of what kind it is. */
function isLeft({ secret }: SecretText, told: string): boolean {
  const inner = secret.slice(mask.secret(secret).indexOf("…"));
  for (let at = 0; at + 6 <= inner.length; at += 3) if (told.includes(inner.slice(at, at + 6))) return true;
  return false;
}

describe.each(Object.entries(WAYS))("in %s", (_, way) => {
  test("no credential is missed", () => {
    const left = SECRETS.flatMap((each) => {
      const told = way(each.text);
      return told !== null && isLeft(each, told) ? [`${each.what}: ${told.slice(0, 200)}`] : [];
    });
    expect(left).toEqual([]);
  });

  test("no harmless text is changed", () => {
    const changed = HARMLESS.flatMap(({ what, text }) => {
      const told = way(text);
      return told !== null && told !== text ? [`${what}: ${told.slice(0, 200)}`] : [];
    });
    expect(changed).toEqual([]);
  });
});

test.each(Object.entries(NAMED))("in %s, a name says that its value is one", (_, way) => {
  const left = SECRETS.flatMap((each) => {
    const told = each.name === undefined ? "" : way(each.name, each.secret);
    return isLeft(each, told) ? [`${each.name}: ${told}`] : [];
  });
  expect(left).toEqual([]);
});

test("the same credential has the same mask in every way", () => {
  const { secret } = SECRETS[0]!;
  const hash = /#[0-9a-f]{8}$/.exec(mask.secret(secret))![0];
  for (const way of Object.values(WAYS)) expect(way(`the key is ${secret} ok`)).toContain(hash);
  for (const [how, way] of Object.entries(NAMED))
    if (!/option|variable/.test(how)) expect(way("api_key", secret)).toContain(hash);
});

test("what is masked is not masked again, and the record reads back the same", () => {
  for (const { text } of SECRETS) {
    const once = Buffer.from(maskWhole(Buffer.from(text), mask)).toString();
    expect(Buffer.from(maskWhole(Buffer.from(once), mask)).toString()).toBe(once);
    const line = mask.text(text);
    expect(mask.text(line)).toBe(line);
  }
});

test("CONTRIBUTING says how many there are", async () => {
  const told = await Bun.file(join(import.meta.dir, "..", "CONTRIBUTING.md")).text();
  expect(told).toContain(`${SECRETS.length} credentials and ${HARMLESS.length} harmless texts`);
  expect(Math.min(SECRETS.length, HARMLESS.length)).toBeGreaterThanOrEqual(500);
  expect(new Set(SECRETS.map(({ text }) => text)).size).toBe(SECRETS.length);
  expect(new Set(HARMLESS.map(({ text }) => text)).size).toBe(HARMLESS.length);
});

import { expect, test } from "bun:test";
import fc from "fast-check";
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTail, type Tail } from "./tail.ts";

function temporary() {
  const folder = mkdtempSync(join(tmpdir(), "tail-"));
  return { path: join(folder, "s.jsonl"), [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

/** Everything that there is now. */
function all(tail: Tail, most?: number): unknown[] {
  const values: unknown[] = [];
  for (let more = true; more;) {
    const tailed = tail.read(most);
    if (!tailed) return ["gone"];
    if (tailed.restarted) values.push("restarted");
    values.push(...tailed.lines.map((line) => ("json" in line ? line.json : line)));
    more = tailed.more;
  }
  return values;
}

test("lines come once each, as they are appended; half a line waits for its other half", () => {
  using at = temporary();
  const tail = openTail(at.path);
  expect(all(tail)).toEqual(["gone"]);
  writeFileSync(at.path, '{"n":1}\n{"n":2}\n{"n":');
  expect(all(tail)).toEqual([{ n: 1 }, { n: 2 }]);
  expect(all(tail)).toEqual([]);
  appendFileSync(at.path, '3}\r\n\n{"n":4}\n');
  expect(all(tail)).toEqual([{ n: 3 }, { n: 4 }]);
});

test("a last line without a line end is taken when it is whole, once", () => {
  using at = temporary();
  const tail = openTail(at.path);
  writeFileSync(at.path, '{"a":{"b":1}');
  expect(all(tail)).toEqual([]);
  appendFileSync(at.path, "}");
  expect(all(tail)).toEqual([{ a: { b: 1 } }]);
  appendFileSync(at.path, '\n{"c":2}\n');
  expect(all(tail)).toEqual([{ c: 2 }]);
});

test("a line that is not JSON is given with its beginning, and the next one is read", () => {
  using at = temporary();
  writeFileSync(at.path, Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.from('oops\n{"n":1}\n')]));
  expect(all(openTail(at.path))).toEqual([
    { text: "\ufffd\0oops", why: expect.stringContaining("not JSON") },
    { n: 1 },
  ]);
});

test("a line that is too long is skipped, named, and not kept in memory", () => {
  using at = temporary();
  writeFileSync(at.path, `{"n":1}\n{"long":"${"x".repeat(5_000)}"}\n{"n":2}\n`);
  expect(all(openTail(at.path, 1_000), 100)).toEqual([
    { n: 1 },
    { text: "", why: "a line of more than 1000 bytes was skipped" },
    { n: 2 },
  ]);
});

test("a file that was cut, replaced or written anew is read from its start", () => {
  using at = temporary();
  const tail = openTail(at.path);
  writeFileSync(at.path, '{"n":1}\n{"n":2}\n');
  all(tail);
  truncateSync(at.path, 0);
  expect(all(tail)).toEqual(["restarted"]);
  appendFileSync(at.path, '{"n":3}\n');
  expect(all(tail)).toEqual([{ n: 3 }]);
  writeFileSync(`${at.path}.new`, '{"n":4}\n{"n":5}\n');
  renameSync(`${at.path}.new`, at.path);
  expect(all(tail)).toEqual(["restarted", { n: 4 }, { n: 5 }]);
  writeFileSync(at.path, '{"other":1}\n{"other":2}\n');
  expect(all(tail)).toEqual(["restarted", { other: 1 }, { other: 2 }]);
  rmSync(at.path);
  expect(all(tail)).toEqual(["gone"]);
});

test("any cut of the writes and of the reads gives the same lines", () => {
  using at = temporary();
  const value = fc.record({ text: fc.string({ unit: "grapheme" }), n: fc.integer() });
  fc.assert(
    fc.property(
      fc.array(value),
      fc.array(fc.nat(200)),
      fc.integer({ min: 1, max: 50 }),
      (values, cuts, most) => {
        const bytes = Buffer.from(values.map((one) => `${JSON.stringify(one)}\n`).join(""));
        rmSync(at.path, { force: true });
        writeFileSync(at.path, "");
        const tail = openTail(at.path);
        const got: unknown[] = [];
        let from = 0;
        for (const cut of [...cuts, bytes.length]) {
          appendFileSync(at.path, bytes.subarray(from, from + cut));
          from = Math.min(from + cut, bytes.length);
          got.push(...all(tail, most));
        }
        expect(got).toEqual(values);
      },
    ),
    { numRuns: 50 },
  );
});

test("a line says where its bytes stand, however it was read", () => {
  using at = temporary();
  const text = '{"a":"é"}\r\n\n{"b":"long long long"}\noops\n{"c":3}';
  writeFileSync(at.path, text);
  const bytes = Buffer.from(text);
  for (let most = 1; most < 40; most++) {
    const tail = openTail(at.path);
    const found: unknown[] = [];
    for (let more = true; more;) {
      const tailed = tail.read(most)!;
      for (const line of tailed.lines)
        if ("json" in line)
          expect(JSON.parse(bytes.subarray(line.at, line.at + line.size).toString())).toEqual(line.json);
      found.push(...tailed.lines);
      more = tailed.more;
    }
    expect(found).toHaveLength(4);
  }
});

test("a line that nests without end is named, and the lines around it are read", () => {
  const path = join(mkdtempSync(join(tmpdir(), "tail-deep-")), "a.jsonl");
  const nested = (deep: number) => `{"a":${"[".repeat(deep)}${"]".repeat(deep)}}`;
  writeFileSync(path, `${nested(3)}\n${nested(1_000_000)}\n${nested(500)}\n`);
  const tail = openTail(path);
  const lines = [];
  for (let more = true; more;) {
    const tailed = tail.read()!;
    lines.push(...tailed.lines);
    more = tailed.more;
  }
  expect(lines.map((line) => ("why" in line ? line.why : "read"))).toEqual([
    "read",
    expect.stringContaining("nested deeper than 510 levels"),
    "read",
  ]);
});

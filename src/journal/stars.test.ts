/** Stars are lines that are only added: what was said last of a thing holds, and what is no such line says nothing. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MOST_STARS, readStars, STARS_FILE, starsStamp, writeStar } from "./stars.ts";

let logs = "";
beforeEach(() => void (logs = fs.mkdtempSync(join(tmpdir(), "stars-"))));
afterEach(() => fs.rmSync(logs, { recursive: true }));
const file = () => join(logs, STARS_FILE);

test("what was said last of a thing holds, of each kind by itself", () => {
  expect([readStars(logs), starsStamp(logs)]).toEqual([[], ""]);
  writeStar(logs, { of: "exchange", id: "a" }, "given", 1);
  writeStar(logs, { of: "run", id: "a" }, "given", 2);
  writeStar(logs, { of: "session", id: "s" }, "given", 3);
  writeStar(logs, { of: "exchange", id: "a" }, "taken", 4);
  expect(readStars(logs)).toEqual([
    { of: "run", id: "a" },
    { of: "session", id: "s" },
  ]);
  expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
  expect(fs.readFileSync(file(), "utf8").split("\n")[0]).toBe(
    '{"star":"exchange","id":"a","timestamp":"1970-01-01T00:00:00.001Z","how":"given"}',
  );
});

test("lines that are torn, foreign or too long are passed over", () => {
  fs.writeFileSync(
    file(),
    [
      '{"star":"exchange","id":"a","how":"given"}',
      '{"star":"exchange","id":"b","how"',
      '{"star":"planet","id":"c","how":"given"}',
      '{"star":"exchange","id":7,"how":"given"}',
      '{"star":"exchange","id":"d","how":"sold"}',
      "null",
      JSON.stringify({ star: "exchange", id: "x".repeat(2_000), how: "given" }),
    ].join("\n"),
  );
  expect(readStars(logs)).toEqual([{ of: "exchange", id: "a" }]);
});

test("of too many the latest are read, and a long file is written anew with what holds", () => {
  const line = (n: number) => `${JSON.stringify({ star: "exchange", id: `id-${n}`, how: "given" })}\n`;
  const many = MOST_STARS + 5;
  fs.writeFileSync(file(), Array.from({ length: many }, (_, n) => line(n)).join(""));
  const all = readStars(logs);
  expect([all.length, all.at(-1)]).toEqual([MOST_STARS, { of: "exchange", id: `id-${many - 1}` }]);
  fs.writeFileSync(file(), line(1).repeat(120_000));
  writeStar(logs, { of: "exchange", id: "new" }, "given", 1);
  expect(fs.readFileSync(file(), "utf8").split("\n")).toHaveLength(3);
  expect(readStars(logs).map(({ id }) => id)).toEqual(["id-1", "new"]);
});

test("a link in the place of the file is not followed", () => {
  const elsewhere = join(logs, "elsewhere");
  fs.writeFileSync(elsewhere, "mine\n");
  fs.symlinkSync(elsewhere, file());
  expect(readStars(logs)).toEqual([]);
  expect(() => writeStar(logs, { of: "run", id: "a" }, "given", 1)).toThrow();
  expect(fs.readFileSync(elsewhere, "utf8")).toBe("mine\n");
});

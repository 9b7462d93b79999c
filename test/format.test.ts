/** docs/format.md names every member that the program writes and checks. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { ExchangeFile, Noted } from "../src/fact/exchange-format.ts";
import * as session from "../src/fact/session-format.ts";
import { root } from "./program.ts";

type Schema = { properties?: Record<string, Schema>; anyOf?: Schema[]; items?: Schema };

const text = await Bun.file(join(root, "docs", "format.md")).text();
const named = new Set([...text.matchAll(/`([\w$.-]+)`/g)].map(([, name]) => name));

function membersOf(schema: Schema): string[] {
  const own = Object.entries(schema.properties ?? {});
  return [
    ...own.flatMap(([name, inner]) => [name, ...membersOf(inner)]),
    ...(schema.anyOf ?? []).flatMap(membersOf),
    ...(schema.items ? membersOf(schema.items) : []),
  ];
}

test("every member of an exchange file stands in the document", () => {
  const members = [ExchangeFile, Noted]
    .flatMap((part) => membersOf(part as Schema))
    .filter((name) => name !== "$base64");
  // What stands in a list is written as JSON in its row.
  const missing = members.filter((name) => !named.has(name) && !text.includes(`"${name}"`));
  expect(members.length).toBeGreaterThan(25);
  expect(missing).toEqual([]);
});

test("every member of every kind of line of a session stands in the document", () => {
  const missing = membersOf(session.SessionLine as Schema).filter((name) => !named.has(name));
  expect([...new Set(missing)]).toEqual([]);
});

test("the document names no member of a session's line that there is not", () => {
  const known = new Set(membersOf(session.SessionLine as Schema));
  const table = text.slice(text.indexOf("## A session"), text.indexOf("On lines: "));
  // Members stand in the second column, before what is said of them.
  const rows = [...table.matchAll(/^\| [^|]* \| ([^|]*) \|$/gm)].map(([, members]) => members!);
  const said = rows.flatMap((row) => [...row.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name!));
  const values = ["request", "response", "notification", "client", "server", "stderr"];
  expect(said.length).toBeGreaterThan(40);
  expect(said.filter((name) => !known.has(name) && !values.includes(name))).toEqual([]);
});

test("the examples are what the program reads", async () => {
  const [exchange, line] = [...text.matchAll(/```json\n([^]*?)```/g)].map(([, json]) => JSON.parse(json!));
  const { Value } = await import("@sinclair/typebox/value");
  expect([...Value.Errors(ExchangeFile, exchange)]).toEqual([]);
  expect([...Value.Errors(session.SessionLine, line)]).toEqual([]);
});

/** What both wires said of a run, from the index, as the tests of the joining read it: without paths of this machine. */
import { Database } from "bun:sqlite";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export function keepFixture(index: string, folder: string, name: string, paths: readonly string[]): void {
  const db = new Database(index, { readonly: true });
  const rows = db.query("select kind, json from evidence order by at, source, part").all() as {
    kind: string;
    json: string;
  }[];
  const pieces = rows.map(({ kind, json }) => ({ kind, it: JSON.parse(json) as unknown }));
  const note = `${name} asked the demo model, started by \`run\`, with the weather server behind the tap: what both wires said.`;
  let text = JSON.stringify({ note, pieces }, null, 1);
  for (const path of paths) text = text.replaceAll(path, "/home/me");
  writeFileSync(join(folder, `${name}.json`), `${text}\n`);
  db.close();
}

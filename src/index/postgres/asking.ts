/** Questions to the store: `?` for each value, and which projects may be asked about. */
import type { SQL } from "bun";

export type Value = string | number | null;
/** SQL with `?` for each of its values. */
export type Asked = { readonly sql: string; readonly values: readonly Value[] };

export type Ask = <Row>(sql: string, ...values: Value[]) => Promise<Row[]>;

export function asker(sql: SQL): Ask {
  return async <Row>(text: string, ...values: Value[]) => {
    let n = 0;
    const rows = await sql.unsafe(
      text.replace(/\?/g, () => `$${++n}`),
      values,
    );
    return rows as Row[];
  };
}

/** As the text form of an array. */
export function arrayOf(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
}

/** How long an answer about rights holds: a token that is taken back is of no use after this. */
const RIGHTS_MS = 15_000;
/** A project's first row is seen after this. */
const PROJECTS_MS = 1_000;

/** The projects that a page may read, by its token. All of them where nobody has to show one. */
export function readableProjects(
  ask: Ask,
  token: string,
  only: readonly string[] | null,
): () => Promise<string[]> {
  let rights: { at: number; may: Promise<string[] | null> } | null = null;
  let known: { at: number; projects: Promise<string[]> } | null = null;

  async function mayRead(): Promise<string[] | null> {
    const [found] = await ask<{ may: string[] | null }>("select mcpl.readable(?::text) as may", token);
    return found!.may;
  }

  async function projects(): Promise<string[]> {
    const now = performance.now();
    if (rights === null || now - rights.at > RIGHTS_MS)
      rights = { at: now, may: forgetting(mayRead(), () => (rights = null)) };
    const may = await rights.may;
    const wanted = may === null ? only : only === null ? may : only.filter((one) => may.includes(one));
    if (wanted !== null) return [...wanted];
    const rows = await ask<{ project: string }>("select distinct project from mcpl.tally order by 1");
    return rows.map(({ project }) => project);
  }

  return () => {
    const now = performance.now();
    if (known === null || now - known.at > PROJECTS_MS)
      known = { at: now, projects: forgetting(projects(), () => (known = null)) };
    return known.projects;
  };
}

/** What could not be asked is asked again. */
function forgetting<T>(asked: Promise<T>, forget: () => void): Promise<T> {
  asked.catch(forget);
  return asked;
}

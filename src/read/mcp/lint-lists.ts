/**
 * Rules about the lists of a server: a cursor that stands still, tools of one name, names that models' APIs refuse,
 * definitions that are others than a moment ago.
 * https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/pagination
 */
import { record, text } from "./line.ts";
import type { Finding } from "./lint-http.ts";
import type { RpcRequest, RpcResult } from "./message.ts";
import type { Call } from "./reading.ts";
import { changesOf, refusedBy, rowOfTools, type Known } from "./tools.ts";

/** A list of 100,000 tools has one thing to learn as well. */
const MOST_TOLD = 5;
/** Pages of one list whose cursors are remembered. */
const MOST_PAGES = 10_000;

/** One reading of a list, from its first page on. */
type Reading = { cursors: Set<string>; names: Set<string> };

export function listRules() {
  const asked = new Map<string, string | null>();
  const running = new Map<string, Reading>();
  const known: Known = new Map();
  /** Since the tools were listed last, the server said that they have changed. */
  let announced = false;
  /** And now they are listed again. */
  let expected = false;
  const told = new Set<string>();
  let row: string[] | null = null;

  return {
    asked(call: Call, { params }: RpcRequest): void {
      if (!call.method.endsWith("/list")) return;
      const cursor = text(params["cursor"]);
      asked.set(call.key, cursor);
      if (cursor !== null) return;
      running.set(call.method, { cursors: new Set(), names: new Set() });
      if (call.method !== "tools/list") return;
      expected = announced;
      announced = false;
    },

    /** The tools as the server described them last, for the session's row; the same list until one changes. */
    tools(): string[] {
      return (row ??= rowOfTools(known));
    },

    changed(method: string): void {
      if (method === "notifications/tools/list_changed") announced = true;
    },

    answered(call: Call, { result }: RpcResult): Finding[] {
      const cursor = asked.get(call.key);
      if (cursor === undefined || result === null) return [];
      asked.delete(call.key);
      const reading = running.get(call.method) ?? { cursors: new Set(), names: new Set() };
      running.set(call.method, reading);
      const found = moves(call.method, cursor, result["nextCursor"], reading);
      if (call.method !== "tools/list" || !Array.isArray(result["tools"])) return found;
      const tools = result["tools"] as unknown[];
      // A page that came before brings the same tools: that was said.
      if (!told.has(call.method)) found.push(...twice(tools, reading));
      found.push(...refused(tools), ...different(tools));
      return found;
    },
  };

  function moves(method: string, cursor: string | null, next: unknown, { cursors }: Reading): Finding[] {
    const where = "$.result.nextCursor";
    if (typeof next !== "string" || told.has(method)) return [];
    const again = cursors.has(next) || (cursor !== null && next === cursor);
    if (cursors.size < MOST_PAGES) cursors.add(next);
    if (!again && next !== "") return [];
    told.add(method);
    const what =
      next === ""
        ? "nextCursor is empty: some clients take it for the end, others ask for that page; the last page has none"
        : `the cursor ${JSON.stringify(next)} leads to a page that was read before: clients read for ever, or see everything several times`;
    return [{ rule: "mcp/cursor", where, what }];
  }

  function twice(tools: readonly unknown[], { names }: Reading): Finding[] {
    const found: Finding[] = [];
    for (const [n, tool] of tools.entries()) {
      const name = text(record(tool)?.["name"]);
      if (name === null) continue;
      if (names.has(name) && found.length < MOST_TOLD && !told.has(`twice ${name}`)) {
        told.add(`twice ${name}`);
        const what = `a second tool has the name ${JSON.stringify(name)}: clients keep one of them, or refuse the list`;
        found.push({ rule: "mcp/duplicate-tool", where: `$.result.tools[${n}].name`, what });
      }
      names.add(name);
    }
    return found;
  }

  function refused(tools: readonly unknown[]): Finding[] {
    const names = tools.map((tool) => text(record(tool)?.["name"]));
    const bad = names.flatMap((name, n) => {
      const apis = name === null || told.has(`name ${name}`) ? [] : refusedBy(name);
      return apis.length > 0 ? [{ name: name ?? "", n, apis }] : [];
    });
    const [first] = bad;
    if (!first) return [];
    for (const { name } of bad) told.add(`name ${name}`);
    const more = bad.length === 1 ? "" : `, and ${bad.length - 1} more of this list`;
    const apis = [...new Set(bad.flatMap((it) => it.apis))].join(", ");
    const what = `${JSON.stringify(first.name.slice(0, 200))}${more}: refused by ${apis}, unless the host renames it`;
    return [{ rule: "mcp/tool-name", where: `$.result.tools[${first.n}].name`, what }];
  }

  /** Told where the server did not say that its tools have changed. */
  function different(tools: readonly unknown[]): Finding[] {
    const changes = changesOf(known, tools);
    const silent = expected ? [] : changes;
    for (const { name, print } of changes) known.set(name, print);
    if (changes.length > 0) row = null;
    return silent
      .flatMap(({ name, what, n }) =>
        what === "new" || told.has(`twice ${name}`) ? [] : [{ name, what, n }],
      )
      .slice(0, MOST_TOLD)
      .map(({ name, what, n }) => ({
        rule: "mcp/changed-tool" as const,
        where: `$.result.tools[${n}]`,
        what: `${JSON.stringify(name)} is not what it was: ${what}; no notification said so`,
      }));
  }
}

/**
 * Asks a registry for advisories in the two older ways that npm knows beside the one that `bun audit` asks: registries
 * that mirror packages often answer one of them only. https://docs.npmjs.com/cli/commands/npm-audit
 */

export type Hole = {
  readonly name: string;
  readonly severity: string;
  readonly title: string;
  readonly url: string;
};

/** `asked`: what each address answered, where none gave advisories. */
export type Answer = { readonly holes: readonly Hole[] } | { readonly asked: readonly string[] };

/** `bun.lock` as far as it is used here: by its place in the tree, name and version and what it needs. */
export type Lock = {
  readonly workspaces: {
    readonly [path: string]: { readonly dependencies?: Readonly<Record<string, string>> };
  };
  readonly packages: { readonly [place: string]: readonly unknown[] };
};

const WEIGHTY = new Set(["moderate", "high", "critical"]);
const WAYS = [
  "-/npm/v1/security/advisories/bulk",
  "-/npm/v1/security/audits/quick",
  "-/npm/v1/security/audits",
];

/** Of packages that the program is installed with, by name: what is only used to make it is left out. */
export function installed({ workspaces, packages }: Lock): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const look = (name: string, from: string): void => {
    const place = placeOf(packages, name, from);
    if (place === null || seen.has(place)) return;
    seen.add(place);
    const [id, , more] = packages[place] as [string, string, Needs | undefined];
    const at = id.lastIndexOf("@");
    const versions = found.get(id.slice(0, at)) ?? new Set();
    found.set(id.slice(0, at), versions.add(id.slice(at + 1)));
    for (const needs of [more?.dependencies, more?.optionalDependencies, more?.peerDependencies])
      for (const one of Object.keys(needs ?? {})) look(one, place);
  };
  for (const name of Object.keys(workspaces[""]?.dependencies ?? {})) look(name, "");
  return found;
}

type Needs = { readonly [kind in "dependencies" | "optionalDependencies" | "peerDependencies"]?: object };

/** The nearest one, as modules are found. */
function placeOf(packages: Lock["packages"], name: string, from: string): string | null {
  for (let folder = from; folder !== ""; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/"))))
    if (packages[`${folder}/${name}`]) return `${folder}/${name}`;
  return packages[name] ? name : null;
}

/** `ask` posts JSON and gives what came as JSON, or throws with a word about it. */
export async function quickAudit(
  lock: Lock,
  ask: (way: string, body: unknown) => Promise<unknown>,
): Promise<Answer> {
  const versions = installed(lock);
  const asked: string[] = [];
  for (const way of WAYS) {
    try {
      const answer = await ask(way, way.endsWith("bulk") ? bulk(versions) : tree(versions));
      const advisories = advisoriesIn(answer);
      if (advisories !== null) return { holes: advisories.filter((one) => concerns(one, versions)) };
      asked.push(`${way}: no advisories in the answer`);
    } catch (error) {
      asked.push(`${way}: ${(error as Error).message.slice(0, 80)}`);
    }
  }
  return { asked };
}

const bulk = (versions: Map<string, Set<string>>) =>
  Object.fromEntries([...versions].map(([name, all]) => [name, [...all]]));

/** One version of each: the older ways take a tree, and a name stands in it once. */
const tree = (versions: Map<string, Set<string>>) => ({
  name: "audited",
  version: "0.0.0",
  requires: Object.fromEntries([...versions].map(([name, all]) => [name, [...all][0]])),
  dependencies: Object.fromEntries([...versions].map(([name, all]) => [name, { version: [...all][0] }])),
});

type Advisory = Hole & { readonly range: string };

/** `{ name: [advisory] }`, or `{ advisories: { id: advisory } }`. Null for anything else. */
function advisoriesIn(answer: unknown): Advisory[] | null {
  if (!isObject(answer) || "error" in answer) return null;
  if (isObject(answer["advisories"]))
    return Object.values(answer["advisories"]).map((one) => advisory(one, undefined));
  const lists = Object.entries(answer);
  if (!lists.every(([, list]) => Array.isArray(list))) return null;
  return lists.flatMap(([name, list]) => (list as unknown[]).map((one) => advisory(one, name)));
}

function advisory(one: unknown, name: string | undefined): Advisory {
  const said = isObject(one) ? one : {};
  const word = (key: string) => (typeof said[key] === "string" ? said[key] : "");
  return {
    name: name ?? word("module_name"),
    severity: word("severity"),
    title: word("title"),
    url: word("url"),
    range: word("vulnerable_versions") || "*",
  };
}

function concerns({ name, severity, range }: Advisory, versions: Map<string, Set<string>>): boolean {
  if (!WEIGHTY.has(severity)) return false;
  return [...(versions.get(name) ?? [])].some((version) => Bun.semver.satisfies(version, range));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

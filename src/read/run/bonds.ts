/** Which conversations a session serves, as far as firm ties say; and the calls that wait for a word about that. */
import { type Group, rootOf, type Served, type Tie } from "./world.ts";

/** `reopened` is told of calls that another bond may settle. */
export function bonds(reopened: (served: Served) => void) {
  /** By how many firm ties. */
  const counts = new Map<string, Map<Group, number>>();
  /** What each firm tie counts for there. */
  const bonded = new Map<Served, Group[]>();
  /** Of each session the calls that a new bond may settle. */
  const open = new Map<string, Set<Served>>();
  /** Sessions that serve conversations of which one hangs elsewhere now. */
  const shaken = new Set<string>();

  return {
    isBound(session: string, group: Group): boolean {
      const root = rootOf(group);
      for (const bound of counts.get(session)?.keys() ?? []) if (rootOf(bound) === root) return true;
      return false;
    },
    servedBy(session: string): Set<Group> {
      return new Set([...(counts.get(session)?.keys() ?? [])].map(rootOf));
    },
    /** What rests on whom the session serves is another thing when it serves somebody else, too. */
    waits(served: Served, tie: Tie | null): void {
      const isOpen = tie === null || tie.certainty === "ambiguous" || tie.how === "bound";
      const set = open.get(served.session) ?? new Set();
      if (isOpen) set.add(served);
      else set.delete(served);
      open.set(served.session, set);
    },
    rebond,
    /** One of the conversations that it is tied to hangs elsewhere now. */
    moved(served: Served): void {
      rebond(served);
      shaken.add(served.session);
    },
    forget(served: Served): void {
      open.get(served.session)?.delete(served);
    },
    /** Those that were shaken are thought through again. */
    settle(): void {
      for (const session of shaken) reopen(session);
      shaken.clear();
    },
  };

  function rebond(served: Served): void {
    const { tie, session } = served;
    for (const group of bonded.get(served) ?? []) count(session, group, -1);
    bonded.delete(served);
    if (tie === null || tie.how !== "firm" || tie.certainty === "ambiguous") return;
    const groups = tie.asked.map(({ node }) => node.group);
    bonded.set(served, groups);
    for (const group of groups) count(session, group, 1);
  }

  function count(session: string, group: Group, by: 1 | -1): void {
    const own = counts.get(session) ?? new Map<Group, number>();
    counts.set(session, own);
    const now = (own.get(group) ?? 0) + by;
    if (now > 0) own.set(group, now);
    else own.delete(group);
    if (now === (by === 1 ? 1 : 0)) reopen(session);
  }

  function reopen(session: string): void {
    for (const served of open.get(session) ?? []) reopened(served);
  }
}

/**
 * Some hosts start a server only to ask which era it speaks (`server/discover`), end it, and start it again for the
 * session proper. To a person both are one start: the two name each other.
 */

type Told = {
  readonly id: string;
  readonly name: string;
  readonly at: number;
  readonly last_at: number;
  readonly command: string | null;
  readonly probe?: boolean;
};

/** A host goes on at once; a person who starts the host again takes longer. */
const AT_ONCE_MS = 10_000;

/** Each session with the id of its other half, or null. A session has one probe at most, the latest before it. */
export function withPairs<S extends Told>(sessions: readonly S[]): (S & { pair: string | null })[] {
  const pairs = new Map<string, string>();
  const inOrder = sessions.toSorted((a, b) => a.at - b.at);
  for (const [n, probe] of inOrder.entries()) {
    if (probe.probe !== true) continue;
    const next = inOrder.slice(n + 1).find((it) => it.name === probe.name && it.command === probe.command);
    if (!next || next.probe === true || next.at - probe.last_at > AT_ONCE_MS) continue;
    pairs.set(probe.id, next.id);
    pairs.set(next.id, probe.id);
  }
  return sessions.map((session) => ({ ...session, pair: pairs.get(session.id) ?? null }));
}

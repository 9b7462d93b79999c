/** The difference of two texts, for a person who is asked whether to write it: changed lines with a little around. */

const AROUND = 2;

/** Of a line only this much around what is different: a file may be one line of megabytes. */
const SHOWN_CHARS = 300;

/** `masked` takes what must not be shown out of all of it: a key and its name may stand on two lines. */
export function difference(before: string, after: string, masked = (text: string) => text): string {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  const marked = compare(old, fresh);
  const near = marked.map((_, n) =>
    marked.slice(Math.max(0, n - AROUND), n + AROUND + 1).some(({ mark }) => mark !== " "),
  );
  const shown = marked
    .flatMap(({ mark, line }, n) => {
      if (near[n]) return [`${mark} ${line}`];
      return near[n - 1] ? ["  …"] : [];
    })
    .join("\n");
  return masked(shown).split("\n").map(shortened).join("\n");
}

/** The beginning, and where our command stands. */
function shortened(line: string): string {
  if (line.length <= 4 * SHOWN_CHARS) return line;
  const at = line.startsWith("+") ? line.indexOf('"--no-env-file"') : -1;
  const beginning = `${line.slice(0, SHOWN_CHARS)}…`;
  return at < SHOWN_CHARS ? beginning : `${beginning} ${line.slice(at - SHOWN_CHARS / 2, at + SHOWN_CHARS)}…`;
}

type Marked = { readonly mark: "+" | "-" | " "; readonly line: string };

/** Our edits are few and local: what is the same at both ends is cut off, then line by line the next match is sought. */
function compare(old: readonly string[], fresh: readonly string[]): Marked[] {
  const out: Marked[] = [];
  let [a, b] = [0, 0];
  while (a < old.length || b < fresh.length) {
    const [left, right] = [old[a], fresh[b]];
    if (left !== undefined && left === right) {
      out.push({ mark: " ", line: left });
      a++;
      b++;
      continue;
    }
    const [skipOld, skipFresh] = nextMatch(old, fresh, a, b);
    for (; a < skipOld; a++) out.push({ mark: "-", line: old[a] ?? "" });
    for (; b < skipFresh; b++) out.push({ mark: "+", line: fresh[b] ?? "" });
  }
  return out;
}

/** The nearest pair of equal lines ahead. Looks at 200 lines of each: our edits are a few lines. */
function nextMatch(old: readonly string[], fresh: readonly string[], a: number, b: number): [number, number] {
  for (let far = 1; far < 400; far++) {
    for (let skip = Math.max(0, far - 200); skip <= Math.min(far, 200); skip++) {
      const line = old[a + skip];
      if (line !== undefined && line === fresh[b + far - skip]) return [a + skip, b + far - skip];
    }
  }
  return [old.length, fresh.length];
}

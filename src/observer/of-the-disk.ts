/** Which errors are the disk's, which may come back, and what they are called. All others belong to what was being done. */

/** Of the disk, of the folder above it, and of this process's limits: the next try may work, with anything. */
const CODES: ReadonlySet<string> = new Set(
  // The last four: a folder that somebody takes away, or a file that stands where it should be.
  `ENOSPC EDQUOT EROFS EACCES EPERM EIO EBUSY ENXIO ENODEV ESTALE EMFILE ENFILE ENOMEM EAGAIN EINTR ETIMEDOUT ENOLCK
   ENOENT ENOTDIR EEXIST ELOOP`.split(/\s+/),
);

/** SQLite's names for the same, and for another program that holds the file. */
const SQLITE = /^SQLITE_(?:FULL|IOERR|READONLY|CANTOPEN|BUSY|LOCKED|NOMEM|PERM|AUTH)/;

/** False for everything that would fail again with the same exchange: that must never be tried for ever. */
export function isOfTheDisk(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && (CODES.has(code) || SQLITE.test(code));
}

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  SQLITE_FULL: "the disk is full",
  EROFS: "it is read-only",
  EACCES: "permission denied",
  EIO: "the disk fails",
};

/** For people: at most a sentence, whatever was thrown. */
export function reasonOf(error: unknown): string {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const word = typeof code === "string" ? WORDS[code] : undefined;
  return word ?? (typeof message === "string" ? message : String(error)).slice(0, MOST_CHARS);
}

/** A message may quote what it is about. */
const MOST_CHARS = 500;

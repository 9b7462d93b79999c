/** Whose fault it is that something could not be shipped: the store's, which may come back, or the thing's own. */

/**
 * PostgreSQL's classes of errors (its Appendix A) that are about what was sent, and would come again with it: data, constraints,
 * limits of the program (a row or a key that is too large).
 */
const OWN_CLASSES = new Set(["22", "23", "54"]);
/** Of S3, about one object. Everything else (keys, a bucket that is missing, 5xx) is about all of them. */
const OWN_CODES = new Set([
  "EntityTooLarge",
  "KeyTooLongError",
  "InvalidArgument",
  "InvalidObjectName",
  "InvalidRequest",
]);

export function isOwnFault(error: unknown): boolean {
  const { errno, code } = (error ?? {}) as { errno?: unknown; code?: unknown };
  if (typeof errno === "string" && errno.length === 5) return OWN_CLASSES.has(errno.slice(0, 2));
  if (typeof code === "string") return OWN_CODES.has(code);
  // Ours: it would fail again.
  return error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
}

const SENTENCES: Readonly<Record<string, string>> = {
  "28000": "the store does not take the token of this recorder",
  "28P01": "the store does not take the password in its address",
  "42501": "the store does not let this user write",
  "53100": "the store's disk is full",
  "57P03": "the store is starting or stopping",
  "3D000": "the store has no such database",
  "3F000": "the store is not set up: run `bun run team init`",
  "42883": "the store is not set up: run `bun run team init`",
  ERR_POSTGRES_CONNECTION_REFUSED: "the store does not answer",
  ERR_POSTGRES_CONNECTION_CLOSED: "the store has closed the connection",
  ERR_POSTGRES_CONNECTION_TIMEOUT: "the store does not answer",
  ConnectionRefused: "the bucket does not answer",
  NoSuchBucket: "there is no such bucket",
  AccessDenied: "the bucket does not let this recorder write",
  InvalidAccessKeyId: "the bucket does not know this key",
  SignatureDoesNotMatch: "the bucket does not take this key's secret",
};

/** For people: at most a sentence, and no address, which may hold a password. */
export function sentenceOf(error: unknown): string {
  const { errno, code, message } = (error ?? {}) as { errno?: unknown; code?: unknown; message?: unknown };
  for (const name of [errno, code])
    if (typeof name === "string" && Object.hasOwn(SENTENCES, name)) return SENTENCES[name]!;
  return (typeof message === "string" ? message : String(error)).replace(/\w+:\/\/\S+/g, "…").slice(0, 300);
}

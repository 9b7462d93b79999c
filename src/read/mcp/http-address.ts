/** Addresses of MCP over HTTP: that of signing in, and those that hold a session's id. */
import { marked } from "../../fact/secrets/values.ts";
import { fingerprint } from "./http-session.ts";

/** RFC 8615: for clients that have to sign in, before they can talk. */
export function isWellKnown(path: string): boolean {
  return path.includes("/.well-known/");
}

const SESSION_PARAMETER = /([?&](?:session_?id)=)([^&#]*)/i;

/** In HTTP+SSE the address holds the session's id, which is a credential: only its mark is kept. */
export function withoutSession(path: string): string {
  return marked(path).replace(
    SESSION_PARAMETER,
    (_, name: string, id: string) => `${name}…#${fingerprint(id)}`,
  );
}

/** The path by which the client's posts come to us. */
export function postedTo(endpoint: string, asked: string): string {
  if (!URL.canParse(endpoint, `http://us${asked}`)) return endpoint;
  const { pathname, search } = new URL(endpoint, `http://us${asked}`);
  return pathname + search;
}

export function sessionIn(path: string): string | null {
  const id = SESSION_PARAMETER.exec(path)?.[2];
  return id === undefined ? null : fingerprint(id);
}

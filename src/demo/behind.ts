/** How the scripted model is asked. */
import { request as ask, type IncomingMessage } from "node:http";

/** Not `fetch`: it would go through the proxy that the environment names. */
export function asked(
  behind: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const out = ask(behind + path, { method, headers }, resolve).on("error", reject);
    out.end(body === "" ? undefined : body);
  });
}

/** `/responses`, with what stands before it; not `/responses/ID/input_items`. */
export function isResponses(path: string): boolean {
  return /\/responses(?:\?.*)?$/.test(path);
}

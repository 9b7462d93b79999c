/** Asks the page of a program of ours on this machine. Not with `fetch`: that goes through the environment's proxy. */
import { get } from "node:http";

/** Null when it does not answer in time, or not with JSON: it may be gone, busy, or want a token. */
export function askPage(url: string, token: string | null, timeoutMs: number): Promise<unknown> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve) => {
    const request = get(url, { headers, timeout: timeoutMs }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (piece: string) => {
        text += piece;
        if (text.length > MOST_BYTES) request.destroy();
      });
      answer.on("end", () => resolve(parsed(text)));
      answer.on("error", () => resolve(null));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(null));
    request.on("close", () => resolve(null));
  });
}

/** What we ask for has some kilobytes. */
const MOST_BYTES = 4 * 1024 * 1024;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a page in words: it asks for a token
  }
}

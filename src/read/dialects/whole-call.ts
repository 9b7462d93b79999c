/** What an event adds that brings a call whole, or its name: the name stands above the part that begins, arguments in it. */
import type { Added } from "../dialect.ts";

/** `key`: of the part that begins, for what comes later of the same call. */
export function wholeCall(name: string, args: string, key?: string): Added[] {
  const part = key === undefined ? {} : { part: key };
  const begin: Added = { lane: "tool", text: name, begins: name, ...part };
  return args === "" ? [begin] : [begin, { lane: "tool", text: args, ...part }];
}

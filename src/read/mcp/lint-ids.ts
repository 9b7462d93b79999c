/** Rules about ids: none is used twice, and only what was asked is answered. */
import { isOpen } from "./call-entry.ts";
import type { CallBook } from "./calls.ts";
import type { Identity } from "./identity.ts";
import type { MessageLine } from "./line.ts";
import type { Finding } from "./lint-http.ts";
import type { RpcError, RpcNotification, RpcRequest, RpcResult } from "./message.ts";
import { other } from "./open-calls.ts";
import type { Call } from "./reading.ts";

export function idRules(who: Identity, book: CallBook) {
  /** Ids that notifications carried, by the side that sent them. */
  const strays = new Set<string>();
  return { repeated, unknown, stray };

  /** A notification has no id. */
  function stray(rpc: RpcNotification, { from }: MessageLine): Finding[] {
    if (!rpc.stray) return [];
    strays.add(`${from} ${rpc.stray.key}`);
    const what = `${rpc.method} carries the id ${JSON.stringify(rpc.stray.id)}: it is a notification, and nobody answers one`;
    return [{ rule: "mcp/notification-id", where: "$.id", what }];
  }

  function repeated(rpc: RpcRequest, line: MessageLine, call: Call, before: Call | null): Finding[] {
    if (before === null || before === call) return [];
    const open = isOpen(before) && before.state === "pending";
    // Over HTTP an id is only unique within a session that the server named.
    const oneSession = line.exchange === null || line.http?.headers["mcp-session-id"] !== undefined;
    if (who.era() === "modern" ? !(open && line.exchange === null) : !oneSession || before.probe) return [];
    return [
      {
        rule: "mcp/duplicate-id",
        where: "$.id",
        what: `id ${JSON.stringify(rpc.id)} was used in line ${before.seq}`,
      },
    ];
  }

  /** An error that comes with an HTTP status of 400 or more speaks of the exchange, whatever its id. */
  function unknown(rpc: RpcResult | RpcError, { from, http }: MessageLine): Finding[] {
    if (rpc.kind === "error" && (http?.status ?? 0) >= 400) return [];
    // What refuses a notification for its id was caused by that id.
    if (strays.has(`${other(from)} ${rpc.key}`)) return [];
    const alike = book.alike(other(from), rpc.id);
    const kind = (id: unknown) => (typeof id === "string" ? "a text" : "a number");
    const hint =
      alike === null
        ? ""
        : `; ${alike.method} was asked under ${JSON.stringify(alike.id)}, ${kind(alike.id)}, and this is ${kind(rpc.id)}`;
    const what = `nobody asked under id ${JSON.stringify(rpc.id)}${hint}`;
    return [{ rule: "mcp/unknown-answer", where: "$.id", what }];
  }
}

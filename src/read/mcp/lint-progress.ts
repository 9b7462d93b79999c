/** Rules about progress: whose a token is, that it goes on and ends with the answer. */
import { isOpen } from "./call-entry.ts";
import type { MessageLine } from "./line.ts";
import type { Finding } from "./lint-http.ts";
import { idAt, type RpcNotification, type RpcRequest } from "./message.ts";
import type { Call } from "./reading.ts";

export function progressRules() {
  const tokens = new Map<string, Call>();
  return { tokenOf };

  /** A token says whose the progress is: two open requests of one side cannot share it. */
  function tokenOf({ meta }: RpcRequest, { from }: MessageLine, call: Call): Finding[] {
    const token = idAt(meta, "progressToken");
    if (!token) return [];
    const key = `${from} ${token.key}`;
    const before = tokens.get(key);
    tokens.set(key, call);
    if (!before || before === call || !isOpen(before)) return [];
    const what = `the progress token ${JSON.stringify(token.id)} is that of ${before.method} in line ${before.seq}, which is not answered yet`;
    return [{ rule: "mcp/progress-token", where: "$.params._meta.progressToken", what }];
  }
}

/** `holes`: something was lost, and with it maybe the request. */
export function progressing({ params }: RpcNotification, call: Call | null, holes: boolean): Finding[] {
  const token = JSON.stringify(params["progressToken"]);
  if (call === null)
    return holes
      ? []
      : [
          {
            rule: "mcp/progress",
            where: "$.params.progressToken",
            what: `no request gave the token ${token}`,
          },
        ];
  if (call.state === "ok" || call.state === "error" || call.state === "tool-error")
    return [{ rule: "mcp/progress", where: "$.method", what: "progress after the answer" }];
  const [last, before] = [call.progress.at(-1), call.progress.at(-2)];
  if (last?.progress == null || before?.progress == null || last.progress > before.progress) return [];
  return [
    { rule: "mcp/progress", where: "$.params.progress", what: `${last.progress} after ${before.progress}` },
  ];
}

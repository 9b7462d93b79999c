/**
 * The SDK's stdio transport gives up what is in flight when stdin ends. This one answers first: so a server can be
 * tried in a shell, `echo '{"jsonrpc":…}' | bun src/mcp/weather.ts`, and a host that half-closes gets its answers.
 */
import { isJSONRPCRequest, isJSONRPCResponse, type JSONRPCMessage } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";

/** A request that takes longer is given up: the host is gone and nobody may be reading. */
const PATIENCE_MS = 10_000;

export class PatientStdioTransport extends StdioServerTransport {
  readonly #unanswered = new Set<string | number>();
  #ended = false;

  override _onstdinclose = () => {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#unanswered.size === 0) return void this.close();
    setTimeout(() => void this.close(), PATIENCE_MS).unref();
  };

  override async start(): Promise<void> {
    const deliver = this.onmessage;
    this.onmessage = (message) => {
      // A subscription is never answered, it ends.
      if (isJSONRPCRequest(message) && message.method !== "subscriptions/listen") {
        this.#unanswered.add(message.id);
      }
      deliver?.(message);
    };
    await super.start();
  }

  override async send(message: JSONRPCMessage): Promise<void> {
    await super.send(message);
    if (!isJSONRPCResponse(message) || message.id === undefined) return;
    this.#unanswered.delete(message.id);
    if (this.#ended && this.#unanswered.size === 0) await this.close();
  }
}

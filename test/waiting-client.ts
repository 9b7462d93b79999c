/**
 * Another client while the fuzzer runs, in a process of its own: what keeps the fuzzer busy must not look like a wait.
 * Asks through the proxy and, at the same time, through a relay that does nothing else: a wait of the machine is both's,
 * a wait of ours is the proxy's alone. Says where its own server listens, is told where the proxy does, and says how
 * long it waited at most.
 */
import { join } from "node:path";

const PATIENCE_MS = 20_000;
const PAUSE_MS = 25;
/** Counts when both are warm. */
const WARM = 50;

/**
 * In ms: the worst wait at the proxy and what the bare relay took at that moment; the relay's own worst; and by how much
 * the proxy took longer at most, at one moment.
 */
export type Waited = {
  readonly worst: number;
  readonly relayed: number;
  readonly beside: number;
  readonly longer: number;
};

const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.json({ waits: true }) });
const relay = Bun.spawn([process.execPath, join(import.meta.dir, "bare-relay.ts"), String(server.port)], {
  stdio: ["ignore", "pipe", "inherit"],
  ipc() {},
});
const bare = await portOf(relay.stdout);
process.send?.(server.url.origin);
process.on("message", (proxy) => void ask(`${String(proxy)}/@waits/v1`, `http://127.0.0.1:${bare}/v1`));
process.on("disconnect", () => process.exit(0));

async function portOf(stdout: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<number> {
  for await (const text of stdout.pipeThrough(new TextDecoderStream())) return Number(text);
  throw new Error("the bare relay does not listen");
}

async function ask(through: string, beside: string): Promise<void> {
  let waited: Waited = { worst: 0, relayed: 0, beside: 0, longer: 0 };
  for (let n = 0; ; n++) {
    // At the same time: when the machine stands still, both wait.
    const [proxy, direct] = await Promise.all([took(through), took(beside)]);
    if (n < WARM) continue;
    const isWorst = proxy > waited.worst;
    waited = {
      worst: Math.max(waited.worst, proxy),
      relayed: isWorst ? direct : waited.relayed,
      beside: Math.max(waited.beside, direct),
      longer: Math.max(waited.longer, proxy - direct),
    };
    process.send?.(waited);
    await Bun.sleep(PAUSE_MS);
  }
}

async function took(url: string): Promise<number> {
  const since = performance.now();
  const answer = fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  await answer.then((response) => response.text()).catch(() => {});
  return Math.round(performance.now() - since);
}

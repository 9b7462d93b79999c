/**
 * Another client while the fuzzer runs, in a process of its own: what keeps the fuzzer busy must not look like a wait.
 * Says where its own server listens, is told where the proxy does, and says how long it waited at most.
 */
const PATIENCE_MS = 20_000;
const PAUSE_MS = 25;
/** Counts when both are warm. */
const WARM = 50;

export type Waited = { readonly worst: number; readonly beside: number };

const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.json({ waits: true }) });
process.send?.(server.url.origin);
process.on("message", (proxy) => void ask(`${String(proxy)}/@waits/v1`, server.url.href));
process.on("disconnect", () => process.exit(0));

async function ask(through: string, beside: string): Promise<void> {
  let [worst, direct] = [0, 0];
  for (let n = 0; ; n++) {
    // At the same time: when the machine stands still, both wait.
    const [proxy, own] = await Promise.all([took(through), took(beside)]);
    if (n < WARM) continue;
    worst = Math.max(worst, proxy);
    direct = Math.max(direct, own);
    process.send?.({ worst, beside: direct } satisfies Waited);
    await Bun.sleep(PAUSE_MS);
  }
}

async function took(url: string): Promise<number> {
  const since = performance.now();
  const answer = fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  await answer.then((response) => response.text()).catch(() => {});
  return Math.round(performance.now() - since);
}

/**
 * How fast a recorder ships beside how fast it records, in one run: a burst without a store, what it left shipped by the next start,
 * and a burst with the store there. Small exchanges, so that each costs what is the same for all.
 */
import { connectAll, request } from "./load.ts";
import { folderFor, ours } from "./peers.ts";

export type ShippingRates = {
  readonly exchanges: number;
  /** From the first request to the last file and row here, a second. */
  readonly recorded: number;
  /** What was there already, to the last row in the store. */
  readonly shipped: number;
  /** Both at once: until all was here, and until all was there. */
  readonly recordedMeanwhile: number;
  readonly shippedMeanwhile: number;
};

export async function shippingRates(
  { url, rows }: { url: string; rows(): Promise<number> },
  exchanges: number,
): Promise<ShippingRates> {
  const [mock, bucket] = ["mock.ts", "bucket.ts"].map((name) =>
    Bun.spawn([process.execPath, `${import.meta.dir}/${name}`], { stdout: "pipe" }),
  );
  const [upstream, bodies] = await Promise.all([portOf(mock!), portOf(bucket!)]);
  const team = {
    words: [
      "--store",
      url,
      "--bodies",
      `s3://team?endpoint=http://127.0.0.1:${bodies}`,
      "--project",
      "shipping",
    ],
    keys: { S3_ACCESS_KEY_ID: "a", S3_SECRET_ACCESS_KEY: "b", S3_REGION: "us-east-1" },
  };
  const folder = folderFor("shipping");
  try {
    const alone = await ours(upstream, folder);
    await burst(alone, exchanges / 4);
    const recorded = await burst(alone, exchanges);
    const total = await held(alone.pageUrl!);
    await alone.stop();

    const later = await ours(upstream, folder, undefined, team);
    await until(async () => (await rows()) > 0);
    const from = { n: await rows(), at: performance.now() };
    await until(async () => (await rows()) === total);
    const shipped = (total - from.n) / ((performance.now() - from.at) / 1000);

    const began = performance.now();
    const recordedMeanwhile = await burst(later, exchanges);
    await until(async () => (await rows()) === total + exchanges);
    const shippedMeanwhile = exchanges / ((performance.now() - began) / 1000);
    await later.stop();
    return { exchanges, recorded, shipped, recordedMeanwhile, shippedMeanwhile };
  } finally {
    for (const child of [mock!, bucket!]) child.kill();
  }
}

/** Gives how many a second were kept. */
async function burst(
  { port, pageUrl }: { port: number; pageUrl: string | null },
  count: number,
): Promise<number> {
  const before = await held(pageUrl!);
  const clients = await connectAll(port, 64);
  const asked = request("json", 1000);
  const began = performance.now();
  let left = count;
  await Promise.all(
    clients.map(async (client) => {
      while (left-- > 0) await client.ask(asked);
      client.close();
    }),
  );
  await until(async () => (await held(pageUrl!)) === before + count);
  return count / ((performance.now() - began) / 1000);
}

async function held(page: string): Promise<number> {
  return ((await (await fetch(`${page}/api/status`)).json()) as { exchanges: number }).exchanges;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await Bun.sleep(50);
}

async function portOf(child: Bun.Subprocess<"ignore", "pipe", "inherit">): Promise<number> {
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) return Number(text);
  throw new Error("it did not start");
}

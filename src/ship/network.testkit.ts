/**
 * A network of two places with a cable between them that can be pulled: a network namespace with the store's side, joined to ours by
 * a pair of devices. Linux, and as root; null elsewhere.
 */
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:net";

export type Network = {
  /** Where the store's side is, seen from ours. */
  readonly address: string;
  /** What listens at this port there is the socket at this path, or the port of ours. */
  reach(port: number, to: { path: string } | { port: number }): Promise<void>;
  /** Packets get lost from now on, in both directions, and nobody is told. */
  pull(): Promise<void>;
  plug(): Promise<void>;
  stop(): Promise<void>;
};

const MISSING = "skipped: no network namespaces (they take Linux, `ip` and root)";

export const hasNamespaces: boolean =
  process.platform === "linux" &&
  Bun.which("ip") !== null &&
  ip("netns", "add", probe()) &&
  ip("netns", "delete", probe());
if (!hasNamespaces) process.stderr.write(`${MISSING}\n`);

export async function openNetwork(): Promise<Network> {
  const number = process.pid % 10_000;
  const [space, near, far] = [`mcpl-${number}`, `mcpl${number}a`, `mcpl${number}b`];
  const net = `10.${200 + ((number >> 8) % 50)}.${number & 255}`;
  const inside = (...words: string[]) => must("netns", "exec", space, "ip", ...words);
  const relays: Bun.Subprocess[] = [];
  const doors: { close(): void }[] = [];
  await must("netns", "add", space);
  await must("link", "add", near, "type", "veth", "peer", "name", far, "netns", space);
  await must("address", "add", `${net}.1/30`, "dev", near);
  await must("link", "set", near, "up");
  await inside("address", "add", `${net}.2/30`, "dev", far);
  await inside("link", "set", far, "up");
  await inside("link", "set", "lo", "up");

  return {
    address: `${net}.2`,
    async reach(port, to) {
      const path = "path" in to ? to.path : await doorTo(to.port);
      // Sockets in the file system are the same in every network namespace.
      const script = `const { connect, createServer } = require("node:net");
        createServer((one) => { const other = connect(${JSON.stringify(path)}); one.pipe(other).pipe(one);
          one.on("error", () => other.destroy()); other.on("error", () => one.destroy()); }).listen(${port}, "${net}.2", () => console.log("here"));`;
      const child = Bun.spawn(["ip", "netns", "exec", space, process.execPath, "-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      relays.push(child);
      for await (const _ of child.stdout) break;
    },
    pull: () => inside("link", "set", far, "down"),
    plug: () => inside("link", "set", far, "up"),
    async stop() {
      for (const relay of relays) relay.kill("SIGKILL");
      for (const door of doors) door.close();
      await must("netns", "delete", space);
    },
  };

  async function doorTo(port: number): Promise<string> {
    const path = join(tmpdir(), `${space}-${port}.sock`);
    rmSync(path, { force: true });
    const server = createServer((one) => {
      const other = connect(port, "127.0.0.1");
      one.pipe(other).pipe(one);
      one.on("error", () => other.destroy());
      other.on("error", () => one.destroy());
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(path, resolve);
    await promise;
    doors.push({
      close() {
        server.close();
        rmSync(path, { force: true });
      },
    });
    return path;
  }
}

function probe(): string {
  return `mcpl-probe-${process.pid}`;
}

function ip(...words: string[]): boolean {
  return Bun.spawnSync(["ip", ...words], { stdio: ["ignore", "ignore", "ignore"] }).exitCode === 0;
}

async function must(...words: string[]): Promise<void> {
  const child = Bun.spawn(["ip", ...words], { stdio: ["ignore", "ignore", "pipe"] });
  if ((await child.exited) !== 0)
    throw new Error(`ip ${words.join(" ")}: ${await new Response(child.stderr).text()}`);
}

/**
 * The least that stands between a client and an upstream: passes bytes on, in a process of its own, and records nothing.
 * What waits here waits for the machine. Started with the upstream's port, says its own on a line.
 */
import type { Socket } from "bun";

const port = Number(process.argv[2]);

type Side = { other: Socket<Side> | null; early: Buffer[] };

const side = {
  binaryType: "buffer" as const,
  data(socket: Socket<Side>, bytes: Buffer) {
    const { other, early } = socket.data;
    if (other) other.write(bytes);
    else early.push(bytes);
  },
  close: (socket: Socket<Side>) => void socket.data.other?.end(),
  error: (socket: Socket<Side>) => void socket.data.other?.end(),
};

const server = Bun.listen<Side>({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    ...side,
    async open(client) {
      client.data = { other: null, early: [] };
      const data: Side = { other: client, early: [] };
      const upstream = await Bun.connect<Side>({ hostname: "127.0.0.1", port, data, socket: side });
      for (const bytes of client.data.early.splice(0)) upstream.write(bytes);
      client.data.other = upstream;
    },
  },
});
process.stdout.write(`${server.port}\n`);
process.on("disconnect", () => process.exit(0));

/**
 * What stands before the scripted model: hands it each request in a shape that it knows, and each answer back in the
 * client's.
 */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { asked, isResponses } from "./behind.ts";
import { plainMessages } from "./claude-messages.ts";
import { plainRequest, type Plain } from "./codex-tools.ts";
import { eventsOf, framed, parsed, whole } from "./events.ts";
import { startSockets } from "./sockets.ts";
import { wishOf } from "./wishes.ts";

export type Front = { readonly url: string; readonly stop: () => Promise<void> };

export type Behind = {
  /** The scripted model. */
  readonly behind: string;
  /** Keeps what a request asks for beyond its messages, and gives the name under which it is found. */
  readonly remember: (wish: Record<string, unknown>) => string;
  /** Answers a request itself, or says that it does not. */
  readonly takes: (...of: Parameters<RequestListener>) => boolean;
};

/** A header of the package's, which comes with the request to whoever answers it. */
const CONTEXT = "x-aimock-context";

/** An agent's whole conversation, many times over; this is a demo. */
const MOST_BYTES = 64 * 1024 * 1024;

export async function startFront({ behind, remember, takes }: Behind): Promise<Front> {
  const sockets = startSockets(behind);
  const open = new Set<Socket>();
  const server = createServer((request, response) => {
    if (takes(request, response)) return;
    relay(request, response).catch((error: Error) => {
      // The client sees what a model's server that fails would show it.
      if (!response.headersSent) response.writeHead(502);
      response.end(error.message);
    });
  });
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const lines = request.rawHeaders.flatMap((name, n, all) =>
      n % 2 === 0 ? [`${name}: ${all[n + 1]}`] : [],
    );
    const other = connect(sockets.port, "127.0.0.1", () => {
      other.write([`GET ${request.url} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
      other.write(head);
      socket.pipe(other).pipe(socket);
    });
    other.on("error", () => socket.destroy());
    socket.on("error", () => other.destroy());
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of open) socket.destroy();
      server.closeAllConnections();
      await Promise.all([sockets.stop(), new Promise((closed) => server.close(closed))]);
    },
  };

  async function relay(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path, text] = [request.url ?? "/", await textOf(request)];
    const json = parsed(text);
    const plain = json && isResponses(path) ? plainRequest(json) : null;
    const headers = { ...request.headers } as Record<string, string>;
    // Ours is another length, and the answer is looked into.
    for (const name of ["content-length", "transfer-encoding", "accept-encoding", "host", "connection"])
      delete headers[name];
    const wish = json && wishOf(json);
    if (wish) headers[CONTEXT] = remember(wish);
    const shaped = plain?.body ?? (json && isMessages(path) ? plainMessages(json) : null);
    const body = shaped ? JSON.stringify(shaped) : text;
    const answer = await asked(behind, request.method ?? "GET", path, headers, body);
    response.on("close", () => answer.destroy());
    await answered(answer, plain, response);
  }
}

async function answered(
  answer: IncomingMessage,
  plain: Plain | null,
  response: ServerResponse,
): Promise<void> {
  const { statusCode = 502 } = answer;
  const headers = Object.fromEntries(
    Object.entries(answer.headers).filter(([name, value]) => value !== undefined && !HOPS.has(name)),
  ) as Record<string, string>;
  const isPlain = plain === null || statusCode !== 200;
  if (!isPlain) delete headers["content-length"];
  response.writeHead(statusCode, headers);
  const isStream = headers["content-type"]?.startsWith("text/event-stream");
  const pieces = isPlain ? answer : isStream ? framed(eventsOf(answer, plain)) : whole(answer, plain);
  for await (const piece of pieces as AsyncIterable<Uint8Array>) response.write(piece);
  response.end();
}

const HOPS = new Set(["connection", "keep-alive", "transfer-encoding"]);

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Uint8Array>) {
    length += piece.byteLength;
    if (length > MOST_BYTES) throw new Error("the demo model reads 64 MiB and no more");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function isMessages(path: string): boolean {
  return /\/messages(?:\?.*)?$/.test(path);
}

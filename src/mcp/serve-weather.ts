/** Puts the weather server on its wire: stdio with a record of its own, or Streamable HTTP. */
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
} from "@modelcontextprotocol/server";
import { serveStdio as serve } from "@modelcontextprotocol/server/stdio";
import packageJson from "../../package.json" with { type: "json" };
import { keepsSecrets, logDirectory, variablesAnywhere } from "../config/environment.ts";
import { quoted } from "../fact/command.ts";
import { lineMask } from "../journal/line-mask.ts";
import { openSessionFile, type SessionFile } from "../journal/session-file.ts";
import type { ServerBreak } from "../fact/lessons.ts";
import { brokenLines } from "./broken-lines.ts";
import { PatientStdioTransport } from "./patient-transport.ts";
import { openOfThisProcess, recordedStdio } from "./recorded-stdio.ts";
import { addPicnic } from "./picnic.ts";
import { weatherServer } from "./weather-server.ts";
import { weatherSource } from "./weather-source.ts";

export type WeatherOptions = {
  readonly provider: string | undefined;
  readonly logDir: string | undefined;
  readonly record: boolean;
  /** Offers a tool that asks the person. */
  readonly ask?: boolean;
  /** Goes wrong on purpose, over stdio. */
  readonly broken?: ServerBreak | undefined;
};

export async function serveStdio(options: WeatherOptions): Promise<void> {
  const open = openOfThisProcess("weather", process.argv, quoted(process.argv));
  const file = options.record ? openFile(open, options) : null;
  const { stdin, stdout, end } = recordedStdio(open.id, file?.tell ?? (() => {}));
  const out = options.broken === undefined ? stdout : brokenLines(options.broken, stdout);
  const transport = new PatientStdioTransport(stdin, out);
  const over = Promise.withResolvers<NodeJS.Signals | null>();
  serve(factory(options), {
    transport,
    onerror: (error) => process.stderr.write(`weather: ${error.message}\n`),
  });
  const closed = transport.onclose;
  transport.onclose = () => {
    closed?.();
    over.resolve(null);
  };
  const onSignal = (signal: NodeJS.Signals) => over.resolve(signal);
  for (const signal of SIGNALS) process.once(signal, onSignal);
  const signal = await over.promise;
  end(signal ? { code: null, signal } : { code: 0, signal: null });
  await file?.close();
  if (signal === null) return;
  // Die of the signal, as a program without a record would: the host reads it from the exit status.
  for (const each of SIGNALS) process.removeListener(each, onSignal);
  process.kill(process.pid, signal);
}

export async function serveHttp(options: WeatherOptions, port: number): Promise<void> {
  const handler = createMcpHandler(factory(options));
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port,
    // A call may be silent for as long as its upstream needs.
    idleTimeout: 0,
    fetch(request) {
      const wrongHost = hostHeaderValidationResponse(request, localhostAllowedHostnames());
      if (wrongHost) return wrongHost;
      if (new URL(request.url).pathname === "/mcp") return handler.fetch(request);
      return new Response("The MCP server is at /mcp\n", { status: 404 });
    },
  });
  process.stderr.write(`weather: listening on http://127.0.0.1:${server.port}/mcp\n`);
  for (const signal of SIGNALS) {
    process.once(signal, () => void handler.close().then(() => server.stop(true)));
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function factory(options: WeatherOptions) {
  const asked = options.provider ?? variablesAnywhere()["WEATHER_PROVIDER"];
  const source = weatherSource(asked === "sample" ? "sample" : "auto");
  return () => {
    const server = weatherServer(source, packageJson.version);
    if (options.ask) addPicnic(server, source);
    return server;
  };
}

function openFile(open: ReturnType<typeof openOfThisProcess>, options: WeatherOptions): SessionFile {
  const logDir = logDirectory(options.logDir);
  return openSessionFile(open, {
    logDir,
    mask: lineMask(logDir, keepsSecrets() ? "kept" : "masked"),
    versions: { recorder: packageJson.version, bun: Bun.version },
  });
}

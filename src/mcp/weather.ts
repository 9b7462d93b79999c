#!/usr/bin/env bun
/**
 * The weather MCP server as a program: `bun src/mcp/weather.ts` speaks MCP on stdin and stdout, `--http PORT` over
 * Streamable HTTP. Over stdio it records its own traffic in logs/mcp_weather/. Nothing but JSON-RPC on stdout.
 */
import { parseArgs } from "node:util";
import { isServerBreak, SERVER_BREAKS } from "../fact/lessons.ts";
import { ensureInstalled } from "../install.ts";

const USAGE = `bun src/mcp/weather.ts [--http PORT] [--provider auto|sample] [--log-dir DIR] [--no-record] [--ask] [--break HOW]`;

try {
  const options = readOptions();
  await ensureInstalled();
  const { serveHttp, serveStdio } = await import("./serve-weather.ts");
  await (options.http === undefined ? serveStdio(options) : serveHttp(options, options.http));
} catch (error) {
  process.stderr.write(`weather: ${(error as Error).message}\n`);
  process.exitCode = 1;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      http: { type: "string" },
      provider: { type: "string" },
      "log-dir": { type: "string" },
      "no-record": { type: "boolean", default: false },
      ask: { type: "boolean", default: false },
      break: { type: "string" },
    },
  });
  const http = values.http === undefined ? undefined : Number(values.http);
  if (http !== undefined && !(Number.isInteger(http) && http >= 0 && http < 65536)) {
    throw new Error(`--http ${values.http} is not a port (0 to 65535). ${USAGE}`);
  }
  if (values.provider !== undefined && !["auto", "sample"].includes(values.provider)) {
    throw new Error(`--provider ${values.provider} is neither auto nor sample. ${USAGE}`);
  }
  const broken = values.break;
  if (broken !== undefined && !isServerBreak(broken)) {
    throw new Error(`--break ${broken} is none of ${Object.keys(SERVER_BREAKS).join(", ")}. ${USAGE}`);
  }
  const { ask } = values;
  return {
    http,
    ask,
    broken,
    provider: values.provider,
    logDir: values["log-dir"],
    record: !values["no-record"],
  };
}

/** `status`: what runs on this log folder, and which upstreams there are. */
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { readConfig } from "../config.ts";
import { printable } from "../fact/printable.ts";
import { countSetAside } from "../journal/quarantine.ts";
import { announced } from "../journal/running.ts";
import { upstreamsOf } from "../upstreams.ts";
import { askPage } from "./own-page.ts";

/** 0 when a program runs, 1 when none does. */
export async function status(args: readonly string[]): Promise<number> {
  const config = readConfig(args);
  const { programs, others } = announced(config.logDir);
  const lines: string[] =
    programs.length === 0 ? [`nothing runs on ${config.logDir}; \`bun run start\` starts it`] : [];
  for (const { pid, started, proxyUrl, dashboardUrl, target } of programs) {
    lines.push(`running    process ${pid}, since ${started}`);
    if (proxyUrl) lines.push(`proxy      ${proxyUrl}  ${await answers(proxyUrl)}  →  ${target}`);
    if (dashboardUrl) lines.push(`dashboard  ${dashboardUrl}  ${await answers(`${dashboardUrl}/healthz`)}`);
    if (dashboardUrl) lines.push(...(await troubles(dashboardUrl)));
  }
  const aside = countSetAside(config.logDir);
  if (aside > 0)
    lines.push(`set aside  ${aside} exchanges in ${config.logDir}/quarantine, each with its reason`);
  if (others > 0)
    lines.push(`not believed  ${others} in ${config.logDir}/run: of no program that you run on this machine`);
  const { all, default: usual } = upstreamsOf(config);
  const width = Math.max(...all.map(({ name }) => name.length)) + 4;
  lines.push(`logs       ${config.logDir}`, "", "upstreams (a path without /@NAME goes to the default):");
  lines.push(`  ${"(default)".padEnd(width)}${usual.url}`);
  for (const { name, url, key } of all) {
    lines.push(
      `  ${`/@${name}`.padEnd(width)}${url?.replace(/\?.*/, "") ?? "needs a resource: /@azure:RESOURCE/…"}${key === null ? "" : "  (key set)"}`,
    );
  }
  lines.push(`  ${"/@demo".padEnd(width)}built in; needs no key and no network`);
  process.stdout.write(`${printable(lines.join("\n"))}\n`);
  return programs.length === 0 ? 1 : 0;
}

/** What the page says is not well: warnings, and files that could not be read. Nothing where it asks for a token. */
async function troubles(dashboardUrl: string): Promise<string[]> {
  const said = await askPage(`${dashboardUrl}/api/status`, null, ANSWER_MS);
  if (!Value.Check(Told, said)) return [];
  const { warnings, unreadable } = said;
  const [first] = unreadable;
  const files = `${unreadable.length} files of the log folder; the first: ${first?.path}: ${first?.why}`;
  const lines = [
    ...warnings.map((warning) => `warning    ${warning}`),
    ...(first ? [`unreadable ${files}`] : []),
  ];
  // A file may have a name of several lines.
  return lines.map((line) => line.replaceAll(/[\r\n]+/g, " "));
}

const Told = Type.Object({
  warnings: Type.Array(Type.String()),
  unreadable: Type.Array(Type.Object({ path: Type.String(), why: Type.String() })),
});

/** It may be busy; a person waits for this. */
const ANSWER_MS = 2_000;

/** Whether somebody listens there: for the proxy a connection is enough, since every path is an upstream's. */
async function answers(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  try {
    const socket = await Bun.connect({ hostname, port: Number(port), socket: { data() {} } });
    socket.end();
    return "up";
  } catch {
    return "does not answer";
  }
}

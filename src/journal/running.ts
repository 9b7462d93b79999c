/**
 * Who runs on this log folder: a small file for each program, so that `status`, `demo` and `run` find it. Agents are
 * sent there with their keys, and a folder may come from somebody else: only what this user's own program has signed on
 * this machine is believed, and only while that very process lives.
 */
import { timingSafeEqual } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { signer } from "./own-secret.ts";
import { PRIVATE_FOLDER } from "./private.ts";
import { birthOf } from "./process-birth.ts";

export type Running = {
  readonly pid: number;
  readonly started: string;
  readonly proxyUrl: string | null;
  readonly dashboardUrl: string | null;
  readonly target: string | null;
};

const FOLDER = "run";
/** Ours have some 500 bytes. */
const MOST_BYTES = 16 * 1024;
/** Programs on one folder, many times over. */
const MOST_PROGRAMS = 1000;

/** Returns how to take it back. Never throws: a folder that cannot be written is no reason not to run. */
export function announce(logDir: string, running: Running): () => void {
  const path = join(logDir, FOLDER, `${running.pid}.json`);
  try {
    fs.mkdirSync(join(logDir, FOLDER), { recursive: true, mode: PRIVATE_FOLDER });
    const said = { ...running, born: birthOf(running.pid) };
    const proof = signer()?.(signed(logDir, said)) ?? null;
    // A link that lies there leads to something else.
    fs.rmSync(path, { force: true });
    fs.writeFileSync(path, JSON.stringify({ ...said, proof }) + "\n", { mode: 0o600, flag: "wx" });
  } catch {
    return () => {};
  }
  return () => fs.rmSync(path, { force: true });
}

/** `others`: files that no living program of ours has written here. */
export type Announced = { readonly programs: readonly Running[]; readonly others: number };

/** Programs that still run, the newest first; what dead ones left is removed. */
export function announced(logDir: string): Announced {
  let names: string[];
  try {
    names = fs.readdirSync(join(logDir, FOLDER)).slice(0, MOST_PROGRAMS);
  } catch {
    return { programs: [], others: 0 };
  }
  const found = names.map((name) => read(logDir, name));
  const programs = found.filter((one) => one !== "dead" && one !== "another's");
  return {
    programs: programs.toSorted((a, b) => b.started.localeCompare(a.started)),
    others: found.filter((one) => one === "another's").length,
  };
}

export function running(logDir: string): readonly Running[] {
  return announced(logDir).programs;
}

function read(logDir: string, name: string): Running | "dead" | "another's" {
  const pid = /^([1-9]\d{0,9})\.json$/.exec(name)?.[1];
  if (pid === undefined) return "another's";
  const path = join(logDir, FOLDER, name);
  const born = birthOf(Number(pid));
  const said = parsed(textOf(path), Number(pid));
  if (born === null && said !== null) {
    fs.rmSync(path, { force: true });
    return "dead";
  }
  if (said === null) return "another's";
  const proof = signer()?.(signed(logDir, { ...said, born })) ?? "";
  if (said.proof.length !== proof.length || proof === "") return "another's";
  return timingSafeEqual(Buffer.from(said.proof), Buffer.from(proof)) ? said : "another's";
}

/** Null for what is no file of a reasonable size: a pipe would be waited for. */
function textOf(path: string): string | null {
  try {
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
    const file = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const found = fs.fstatSync(file);
      return found.isFile() && found.size <= MOST_BYTES ? fs.readFileSync(file, "utf8") : null;
    } finally {
      fs.closeSync(file);
    }
  } catch {
    return null; // gone, a link, or not for us
  }
}

type Said = Running & { readonly proof: string };

function parsed(text: string | null, pid: number): Said | null {
  const found = json(text ?? "");
  if (typeof found !== "object" || found === null) return null;
  const { pid: named, started, proxyUrl, dashboardUrl, target, proof } = found as Record<string, unknown>;
  const addresses = [proxyUrl, dashboardUrl, target];
  if (named !== pid || typeof started !== "string") return null;
  if (!addresses.every((one) => one === null || (typeof one === "string" && URL.canParse(one)))) return null;
  return {
    pid,
    started,
    proxyUrl: proxyUrl as string | null,
    dashboardUrl: dashboardUrl as string | null,
    target: target as string | null,
    proof: typeof proof === "string" ? proof : "",
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not ours
  }
}

/** What the proof is of: all that is believed, and where it was said. */
function signed(logDir: string, said: Running & { readonly born: string | null }): string {
  const { pid, started, proxyUrl, dashboardUrl, target, born } = said;
  return JSON.stringify([fs.realpathSync(logDir), pid, started, proxyUrl, dashboardUrl, target, born]);
}

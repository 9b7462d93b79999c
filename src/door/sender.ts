/**
 * Who stands behind a connection: decided by the address of the socket and by its owner on this machine, never by what
 * a request says of itself. Both ports ask here.
 */
import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { ownerOf, type Ends, type Owner } from "./peer-owner.ts";

/**
 * `owner`: whoever started the program, or the system itself. `this-machine`: where the system does not tell users
 * apart. `allowed`: another machine, or another user, that a setting lets in.
 */
export type Standing = "owner" | "this-machine" | "allowed" | "other-user" | "other-machine";

export type DoorRules = {
  /** Addresses, networks (`10.0.0.0/8`), `gateway`, or `all`. */
  readonly allowRemote: readonly string[];
  /** Users beside our own and root: the one who said `sudo`. */
  readonly users: readonly number[];
};

/** For one port, and asked once for each connection. */
export type Door = (ends: Ends) => Standing;

/** `ask`: for tests, where there is one user only. */
export function createDoor({ allowRemote, users }: DoorRules, ask: (ends: Ends) => Owner = ownerOf): Door {
  const allowed = allowRemote.flatMap((rule) => (rule === "gateway" ? gateways() : [rule])).map(networkOf);
  const everybody = allowRemote.includes("all");
  const known = new Set([process.getuid?.(), 0, ...users]);
  return ({ address: said, port, ourAddress, ourPort }) => {
    const address = plain(said);
    if (!isLoopbackAddress(address))
      return everybody || allowed.some((network) => network?.check(address)) ? "allowed" : "other-machine";
    const owner = ask({ address, port, ourAddress: plain(ourAddress), ourPort });
    if (owner === "cannot be told") return "this-machine";
    if (owner !== "nobody" && known.has(owner.uid)) return "owner";
    return everybody ? "allowed" : "other-user";
  };
}

/** Whether somebody may spend our keys and reach the servers of this machine without saying the token. */
export function isTrusted(standing: Standing): boolean {
  return standing !== "other-user" && standing !== "other-machine";
}

export function isLoopbackAddress(address: string): boolean {
  return /^127(?:\.\d{1,3}){3}$/.test(address) || address === "::1";
}

/** Whether an upstream's host is this very machine: by its name, or by an address of one of its interfaces. */
export function isThisMachine(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  if (name === "localhost" || name.endsWith(".localhost") || name === "host.docker.internal") return true;
  const address = plain(name);
  if (isLoopbackAddress(address) || address === "0.0.0.0" || address === "::") return true;
  return Object.values(networkInterfaces()).some((some) => some?.some((one) => one.address === address));
}

/** An IPv4 address as it is, also where it comes as an IPv6 one. */
function plain(address: string): string {
  return /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1] ?? address.toLowerCase();
}

type Network = { check(address: string): boolean };

function networkOf(rule: string): Network | null {
  const [address = "", bits] = rule.split("/");
  if (bits === undefined) return { check: (other) => other === plain(address) };
  const prefix = numberOf(address);
  const length = Number(bits);
  if (prefix === null || !(length >= 0 && length <= prefix.length)) return null;
  return { check: (other) => numberOf(other)?.slice(0, length) === prefix.slice(0, length) };
}

/** An address as its bits; null for a text that is none. */
function numberOf(address: string): string | null {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address))
    return address
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("");
  if (!address.includes(":") || !URL.canParse(`http://[${address}]`)) return null;
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const [front, back] = [groups(head), groups(tail ?? "")];
  const middle = tail === undefined ? [] : Array<string>(8 - front.length - back.length).fill("0");
  return [...front, ...middle, ...back]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0"))
    .join("");
}

/** Docker Desktop's machine, which asks for what is published on this one (its default network). */
const DOCKER_DESKTOP = "192.168.65.1";

/**
 * From where a container is asked when its port is published: the host, which is its default gateway, or under Podman an
 * address of the container itself. Other containers of its network come from addresses of their own, and other machines
 * keep theirs.
 */
function gateways(): string[] {
  const own = Object.values(networkInterfaces()).flatMap((some) => some?.map(({ address }) => address) ?? []);
  return [...own, ...defaultGateways(), DOCKER_DESKTOP];
}

function defaultGateways(): string[] {
  try {
    const routes = readFileSync("/proc/net/route", "utf8").split("\n").slice(1);
    const found = routes
      .map((line) => line.split("\t"))
      .filter(([, to, via]) => to === "00000000" && via !== to);
    return found.map(([, , via = ""]) => hexAddress(via));
  } catch {
    return []; // not Linux: no container of ours is
  }
}

/** `0100A8C0` is 192.168.0.1: the kernel writes the number as it lies in memory. */
function hexAddress(text: string): string {
  return [6, 4, 2, 0].map((at) => Number.parseInt(text.slice(at, at + 2), 16)).join(".");
}

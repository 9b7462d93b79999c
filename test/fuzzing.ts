/**
 * The program under hostile input at every door behind the wire: files of its log folder, its spool, packs, sessions,
 * the page's port, the proxy's port, what comes from upstream, a tap's pipe and the files that `wire` changes. After each round it must live, answer, record the next
 * exchange and find it, have kept no more memory than it may, and have let nobody else wait.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { concat } from "../src/fact/concat.ts";
import type { Fact } from "../src/fact/fact.ts";
import { encodeFacts } from "../src/fact/line.ts";
import { altered, exchanges, odd, sessions } from "./altered.ts";
import { commandDoors } from "./fuzz-commands.ts";
import { getJson, newFolder, startProgram, until, type Program } from "./program.ts";
import type { Waited } from "./waiting-client.ts";

export type Finding = { readonly round: number; readonly door: string; readonly what: string };

export type Fuzzed = {
  readonly rounds: number;
  readonly findings: readonly Finding[];
  /** Of another client. */
  readonly waited: Waited;
  /** What the program held at most, in MB above what it held at the start. */
  readonly mostMemory: number;
};

export type FuzzOptions = {
  readonly seed: number;
  /** Asked before each round. */
  readonly goesOn: (round: number) => boolean;
  readonly told?: (line: string) => void;
  /** Only these; all of them where nothing is said. */
  readonly door?: string;
};

export type Door = { readonly name: string; readonly send: (place: Place, seed: number) => Promise<void> };
export type Place = { readonly program: Program; readonly answers: { next: Uint8Array; type: string } };

/** An exchange that is asked for takes this long at the most; the machine may be busy. */
const PATIENCE_MS = 20_000;
/** Above what it holds at the start, plus what the runtime has not given back yet. */
const MOST_MEMORY_MB = 300;
/** So many rounds running: between two collections there may be more. */
const HEAVY_ROUNDS = 14;

export async function fuzz({ seed, goesOn, told = () => {}, door: only = "" }: FuzzOptions): Promise<Fuzzed> {
  const open = doors.filter(({ name }) => name.includes(only));
  if (open.length === 0)
    throw new Error(`no door is called so; there are ${doors.map(({ name }) => name).join(", ")}`);
  const answers: Place["answers"] = { next: new Uint8Array(), type: "application/json" };
  const upstream = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      await request.arrayBuffer();
      if (!request.url.includes("/fuzz")) return Response.json({ canary: true });
      return new Response(answers.next.slice(), { headers: { "content-type": answers.type } });
    },
  });
  const url = `http://127.0.0.1:${upstream.port}`;
  const client = await waitingClient();
  const words = ["--target-url", url, "--mcp", `m=${url}/fuzz`, "--upstream", `waits=${client.url}`];
  const program = await startProgram(words, await newFolder());
  const findings: Finding[] = [];
  client.begin(program.proxyUrl);
  let mostMemory = 0;
  let heavy = 0;
  let round = 0;
  try {
    await recorded(program, "start");
    const rest = memoryOf(program);
    for (; goesOn(round); round++) {
      const door = open[round % open.length]!;
      await door.send({ program, answers }, seed + round).catch((error: unknown) => {
        findings.push({ round, door: door.name, what: `the door itself failed: ${error}` });
      });
      const what = await faultOf(program, round);
      const memory = memoryOf(program) - rest;
      mostMemory = Math.max(mostMemory, memory);
      heavy = memory > MOST_MEMORY_MB ? heavy + 1 : 0;
      if (what !== null) findings.push({ round, door: door.name, what });
      if (heavy === HEAVY_ROUNDS)
        findings.push({ round, door: door.name, what: `it holds ${memory} MB more than at rest` });
      told(`${round} ${door.name}: ${what ?? "well"}; ${memory} MB above rest, ${inWords(client.waited())}`);
      if (program.process.exitCode !== null || findings.length > 20) break;
    }
    return { rounds: round, findings, waited: client.waited(), mostMemory };
  } finally {
    client.stop();
    await program[Symbol.asyncDispose]();
    await upstream.stop(true);
  }
}

/** Null when all is as it should be. */
async function faultOf(program: Program, round: number): Promise<string | null> {
  if (program.process.exitCode !== null) return `it ended with ${program.process.exitCode}`;
  try {
    return await recorded(program, `${round}`);
  } catch (error) {
    return `it does not answer: ${error}`;
  }
}

/** Sends an exchange and looks for it where a person would. */
async function recorded({ proxyUrl, pageUrl }: Program, name: string): Promise<string | null> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const path = `/v1/canary/${name}-${crypto.randomUUID()}`;
  await (await fetch(`${proxyUrl}${path}`, { method: "POST", body: "{}", signal })).text();
  const row = await until(async () => {
    signal.throwIfAborted();
    const { items } = await getJson(`${pageUrl}/api/exchanges?limit=200`);
    return items.find((one: { path: string }) => one.path === path) as { id: string } | undefined;
  });
  const file = await fetch(`${pageUrl}/api/exchanges/${row.id}`, { signal });
  return file.status === 200 ? null : `its own exchange answers ${file.status}`;
}

export function inWords({ worst, relayed, beside, longer }: Waited): string {
  return `worst wait ${worst} ms where a bare relay took ${relayed} (its own worst ${beside}), at most ${longer} ms longer than it`;
}

/** Another client asks all the time, as soon as it has its answer. */
async function waitingClient() {
  let waited: Waited = { worst: 0, relayed: 0, beside: 0, longer: 0 };
  const { promise, resolve } = Promise.withResolvers<string>();
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "waiting-client.ts")], {
    stdio: ["ignore", "inherit", "inherit"],
    ipc: (said: string | Waited) => void (typeof said === "string" ? resolve(said) : (waited = said)),
  });
  return {
    url: await promise,
    begin: (proxyUrl: string) => child.send(proxyUrl),
    waited: () => waited,
    stop: () => child.kill(),
  };
}

function memoryOf({ process: { pid } }: Program): number {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0; // no /proc here: memory is not looked at
  }
}

const sampled = <T>(arbitrary: fc.Arbitrary<T>, seed: number, numRuns: number): T[] =>
  fc.sample(arbitrary, { seed, numRuns });
const changes = fc.array(fc.tuple(fc.nat(), odd), { maxLength: 4 });
const bytes = fc.uint8Array({ maxLength: 2_000 });

/** Text that is JSON, nearly JSON, deep, long, or nothing of the kind. */
const bodies = fc.oneof(
  fc.tuple(fc.nat(), changes).map(([n, change]) => altered(exchanges[n % exchanges.length]!, change)),
  fc.json(),
  fc.nat(300_000).map((deep) => "[".repeat(deep)),
  fc.nat(100_000).map((deep) => `${'{"a":'.repeat(deep)}1${"}".repeat(deep)}`),
  fc.tuple(fc.string(), fc.nat(20_000)).map(([text, times]) => text.repeat(times % 2_000)),
  fc.constantFrom("", "null", "data: \n\n", "\uFEFF{}", '{"$base64":"x"}', "a.".repeat(50_000)),
);
const streams = fc
  .array(bodies, { maxLength: 8 })
  .map((all) => all.map((one) => `data: ${one.slice(0, 200_000)}\n\n`).join(""));

function damaged(whole: Uint8Array, at: readonly number[]): Uint8Array {
  const copy = whole.slice();
  for (const n of at) copy[n % Math.max(1, copy.length)] = (n * 7) % 256;
  return copy;
}
const places = fc.array(fc.nat(), { maxLength: 6 });

/** Files of one round; those of the round before go. */
function put(
  program: Program,
  folder: string,
  files: readonly (readonly [name: string, content: string | Uint8Array])[],
): void {
  const path = join(program.logDir, folder);
  mkdirSync(path, { recursive: true });
  for (const [name, content] of files) writeFileSync(join(path, name), content);
  setTimeout(() => files.forEach(([name]) => rmSync(join(path, name), { force: true })), 5_000).unref();
}

function packOf(files: readonly string[], lie: readonly (readonly [number, unknown])[]): Uint8Array {
  const block = zstdCompressSync(Buffer.from(files.join("")));
  let at = 0;
  const table = {
    format: 1,
    blocks: [{ at: 0, size: block.length }],
    files: files.map((file, n) => {
      const size = Buffer.byteLength(file);
      at += size;
      return { name: `f${n}.json`, block: 0, at: at - size, size };
    }),
  };
  const json = Buffer.from(altered(JSON.stringify(table), lie));
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a5f, 0);
  head.writeUInt32LE(json.length + 12, 4);
  const tail = Buffer.alloc(12);
  tail.writeUInt32LE(json.length, 0);
  tail.write("MCPLPACK", 4, "latin1");
  return Buffer.concat([block, head, json, tail]);
}

function factsOf(id: string, body: string, change: readonly (readonly [number, unknown])[]): Fact[] {
  const facts = [
    {
      fact: "open",
      id,
      at: Date.now(),
      wire: "http",
      method: "POST",
      path: "/v1/spooled",
      upstream: "u",
      target: "t",
      headers: [],
    },
    { fact: "head", id, t: 1, status: 200, headers: [["content-type", "application/json"]] },
    { fact: "close", id, t: 3, ending: "complete", error: null },
  ];
  const odd = facts.map((fact) => JSON.parse(altered(JSON.stringify(fact), change)) as Fact);
  const piece: Fact = { fact: "bytes", id, t: 2, from: "server", bytes: new TextEncoder().encode(body) };
  return [odd[0]!, odd[1]!, piece, odd[2]!];
}

/** Sends bytes, reads what comes, and leaves. */
function raw(url: string, said: Uint8Array | string): Promise<void> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), host, () => {
      socket.write(said);
      setTimeout(() => socket.destroy(), 50);
    });
    socket.on("data", () => {});
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
  });
}

const ADDRESSES = [
  "/",
  "/mcp",
  "/status",
  "/healthz",
  "/api/status",
  "/api/facets",
  "/api/exchanges?q=ODD",
  "/api/exchanges?before=ODD&limit=5",
  "/api/exchanges?status=ODD&model=ODD",
  "/api/exchanges/ODD",
  "/api/exchanges/ODD/reading",
  "/api/mcp/sessions/ODD",
  "/api/runs",
  "/api/runs/ODD",
  "/llm/ODD/raw",
  "/llm/ODD/body/request?indented",
  "/llm/ODD/events?from=ODD",
  "/mcp/ODD/5",
  "/public/ODD",
  "/ODD",
];

const doors: readonly Door[] = [
  {
    name: "exchange files",
    async send({ program }, seed) {
      const files = sampled(fc.tuple(bodies, fc.nat(), changes, places), seed, 15).map(
        ([body, n, change, at], k) => {
          const own = altered(exchanges[n % exchanges.length]!, change).replace(
            /"id":\s*"[^"]*"/,
            `"id":"f${seed}-${k}"`,
          );
          const whole = k % 3 === 0 ? body : k % 3 === 1 ? own : damaged(new TextEncoder().encode(own), at);
          return [`2026-01-01T00-00-00.000Z_f${seed}-${k}.json`, whole] as const;
        },
      );
      put(program, "llm_proxy", files);
    },
  },
  {
    name: "session files",
    async send({ program }, seed) {
      const files = sampled(fc.tuple(fc.nat(), changes, bodies, places), seed, 6).map(
        ([n, change, body, at], k) => {
          const own = altered(sessions[n % sessions.length]!, change);
          const line = JSON.stringify({
            session_id: `x${seed}-${k}`,
            seq: 1,
            from: "client",
            raw: body.slice(0, 300_000),
          });
          const whole =
            k % 3 === 0
              ? `${line}\n${body}\n`
              : k % 3 === 1
                ? own
                : damaged(new TextEncoder().encode(own), at);
          return [`${seed}-${k}.jsonl`, whole] as const;
        },
      );
      put(program, "mcp_fuzz", files);
    },
  },
  {
    name: "packs",
    async send({ program }, seed) {
      const files = sampled(
        fc.tuple(fc.array(fc.nat(), { maxLength: 4 }), changes, places, bytes),
        seed,
        4,
      ).map(([ns, lie, at, noise], k) => {
        const own = packOf(
          ns.map((n) => exchanges[n % exchanges.length]!),
          k % 2 === 0 ? lie : [],
        );
        return [`p${seed}-${k}.json.zst`, k === 3 ? noise : k === 1 ? damaged(own, at) : own] as const;
      });
      put(program, "llm_proxy/packed", files);
    },
  },
  {
    name: "the spool",
    async send({ program }, seed) {
      const host = hostname().replaceAll(/[^A-Za-z0-9.-]/g, "-");
      const files = sampled(fc.tuple(bodies, changes, places, bytes), seed, 4).map(
        ([body, change, at, noise], k) => {
          const own = concat(encodeFacts(factsOf(`s${seed}-${k}`, body, change)));
          return [
            `${host}_4194${k}99_f${seed}_00000${k}.facts`,
            k === 3 ? noise : k === 2 ? damaged(own, at) : own,
          ] as const;
        },
      );
      put(program, "spool", files);
    },
  },
  {
    name: "the page's port",
    async send({ program: { pageUrl } }, seed) {
      const oddities = sampled(
        fc.oneof(fc.string(), fc.webSegment(), fc.constantFrom("%00", "..%2f..", "1e999", "-1", "%ff")),
        seed,
        40,
      );
      for (const [n, said] of oddities.entries()) {
        const address = ADDRESSES[(seed + n) % ADDRESSES.length]!.replaceAll(
          "ODD",
          encodeURIComponent(said.toWellFormed()),
        );
        const response = await fetch(pageUrl + address, { signal: AbortSignal.timeout(PATIENCE_MS) });
        if (response.status >= 500)
          throw new Error(`${response.status} ${address}: ${(await response.text()).slice(0, 200)}`);
        await response.arrayBuffer();
      }
      for (const noise of sampled(bytes, seed, 5)) await raw(pageUrl, noise);
      await raw(
        pageUrl,
        `GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${btoa("0123456789abcdef")}\r\n\r\n${sampled(fc.string(), seed, 1)[0]}`,
      );
    },
  },
  {
    name: "the proxy's port",
    async send({ program: { proxyUrl } }, seed) {
      for (const noise of sampled(bytes, seed, 5)) await raw(proxyUrl, noise);
      for (const [path, body, type] of sampled(
        fc.tuple(
          fc.constantFrom("/v1/chat/completions", "/v1/messages", "/v1/responses", "/@mcp/m", "/@nosuch/x"),
          bodies,
          fc.constantFrom(
            "application/json",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
          ),
        ),
        seed,
        8,
      )) {
        const init = {
          method: "POST",
          body,
          headers: { "content-type": type },
          signal: AbortSignal.timeout(PATIENCE_MS),
        };
        await (await fetch(`${proxyUrl}${path}?fuzz`, init)).arrayBuffer();
      }
    },
  },
  {
    name: "an upstream's answers",
    async send({ program: { proxyUrl }, answers }, seed) {
      const some = fc.tuple(
        fc.oneof(bodies, streams),
        fc.constantFrom(
          "application/json",
          "text/event-stream",
          "application/x-ndjson",
          "text/html",
          "image/png",
          "x",
        ),
        fc.constantFrom(
          "/v1/chat/completions",
          "/v1/messages",
          "/v1/responses",
          "/v1beta/models/m:streamGenerateContent",
          "/api/chat",
          "/@mcp/m",
        ),
        places,
      );
      for (const [said, type, path, at] of sampled(some, seed, 8)) {
        answers.type = type;
        answers.next = damaged(new TextEncoder().encode(said), at);
        const ask = JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "tools/list",
          model: "m",
          stream: true,
          messages: [],
        });
        const init = {
          method: "POST",
          body: ask,
          headers: { "content-type": "application/json" },
          signal: AbortSignal.timeout(PATIENCE_MS),
        };
        await (await fetch(`${proxyUrl}${path}?x=/fuzz`, init)).arrayBuffer();
      }
    },
  },
  ...commandDoors,
];

export const DOORS = doors.length;

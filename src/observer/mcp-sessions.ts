/**
 * MCP over HTTP, recorded as sessions: exchanges with upstreams called `mcp/<name>` become lines of
 * logs/mcp_<name>/, live, as their facts come. The exchanges keep their own files; this is the same traffic as talk.
 */
import { relative } from "node:path";
import { header } from "../fact/exchange.ts";
import type { Close, Fact, Open } from "../fact/fact.ts";
import { recorderMark } from "../journal/recorder-mark.ts";
import { appendSession } from "../journal/session-file.ts";
import type { HttpLine } from "../read/mcp/http-line.ts";
import { fingerprint, sessionKey } from "../read/mcp/http-session.ts";
import { type Flight, isKnown, type Session, stranger, takeOff, written } from "./mcp-flight.ts";

export type McpRelayOptions = {
  readonly logDir: string;
  readonly mask: (text: string) => string;
  readonly versions: Readonly<Record<string, string>>;
};

/**
 * Most clients never say goodbye: a pause this long ends a session. Shorter than a lunch, longer than most people think
 * about one answer. A client that comes back with the session's own id goes on where it was.
 */
const PAUSE_MS = 30 * 60_000;
const SWEEP_MS = 60_000;
/** Some clients begin a session for each call. Beyond this the one that was quiet longest is forgotten. */
const MOST_SESSIONS = 10_000;

export class McpSessions {
  readonly #options: McpRelayOptions;
  readonly #flights = new Map<string, Flight>();
  /** By upstream and key; a session may have several keys. */
  readonly #sessions = new Map<string, Session>();
  /** Sessions of somebody who was told to sign in, by who that is without a credential. */
  readonly #refused = new Map<string, Session>();
  readonly #closing = new Set<Promise<unknown>>();
  /** The one that was quiet longest is first. */
  readonly #open = new Set<Session>();
  readonly #timer = setInterval(() => this.sweep(Date.now()), SWEEP_MS);

  constructor(options: McpRelayOptions) {
    this.#options = options;
    this.#timer.unref();
  }

  /** Sessions that are quiet for long have ended, for the record. */
  sweep(now: number): void {
    for (const session of this.#open) {
      if (session.flights > 0 || session.rests || now - session.lastAt <= PAUSE_MS) continue;
      session.rests = true;
      const minutes = Math.round(PAUSE_MS / 60_000);
      this.#sayEnd(session, "complete", `nothing was said for ${minutes} minutes`);
    }
  }

  /** Every fact of every exchange, in order; those that are not MCP's are left alone. Never throws. */
  tell(fact: Fact): void {
    if (fact.fact === "open") {
      if (fact.upstream.startsWith("mcp/") && fact.wire === "http") this.#flights.set(fact.id, takeOff(fact));
      return;
    }
    const flight = this.#flights.get(fact.id);
    if (!flight) return;
    switch (fact.fact) {
      case "head":
        flight.answer = fact;
        return this.#say(flight, flight.machine.head(fact.status, fact.headers, fact.t));
      case "bytes":
        return this.#say(
          flight,
          flight.machine[fact.from === "client" ? "client" : "server"](fact.bytes, fact.t),
        );
      case "trailers":
        return;
      case "gap":
        if (fact.from !== "stderr") flight.machine.lost(fact.from, fact.lost);
        this.#session(flight).lines.append(this.#time(flight, fact.t), {
          event: "gap",
          ...(fact.from !== "stderr" && { from: fact.from }),
          lost: fact.lost,
          why: fact.why,
        });
        return;
      case "close":
        this.#flights.delete(fact.id);
        return this.#land(flight, fact);
      default:
        fact satisfies never;
    }
  }

  /** The program stops: what is in flight has ended for the record. Returns the files that ended with it. */
  async stop(): Promise<string[]> {
    const error = "the program was stopped";
    for (const flight of this.#flights.values()) {
      const t = Math.max(0, Date.now() - flight.open.at);
      this.#land(flight, { fact: "close", id: flight.open.id, t, ending: "interrupted", error });
    }
    this.#flights.clear();
    clearInterval(this.#timer);
    const open = [...this.#open];
    for (const session of open) this.#end(session, "interrupted", error);
    await Promise.all(this.#closing);
    return open.map(({ lines }) => relative(this.#options.logDir, lines.path).replaceAll("\\", "/"));
  }

  #land(flight: Flight, close: Close): void {
    this.#say(flight, flight.machine.close(close));
    this.#deliver(flight);
    if (flight.session) {
      flight.session.flights -= 1;
      this.#moved(flight.session, flight.open.at + close.t);
    }
    this.#settle(flight, close.ending === "complete");
  }

  #say(flight: Flight, lines: readonly HttpLine[]): void {
    if (lines.length === 0) return;
    for (const line of lines) flight.waiting.push(line);
    for (const { body } of lines) {
      if (flight.message === null && "message" in body && body.from === "client")
        flight.message = body.message;
    }
    if (this.#posted(flight.open) !== null || isKnown(flight)) this.#deliver(flight);
  }

  /** In HTTP+SSE: the session whose stream named this address to post to, when it stands for itself. */
  #posted({ method, upstream, path }: Open): string | null {
    const key = `id ${fingerprint(path)}`;
    return method === "POST" && this.#sessions.has(`${upstream} ${key}`) ? key : null;
  }

  #deliver(flight: Flight): void {
    const { lines } = this.#session(flight);
    for (const line of flight.waiting.splice(0))
      lines.write(this.#time(flight, line.t), this.#options.mask(written(line)));
  }

  #session(flight: Flight): Session {
    if (flight.session) return flight.session;
    const { open, message, answer } = flight;
    const head = { method: open.method, path: open.path, headers: open.headers };
    const endpoint = flight.waiting
      .map(({ body }) => body)
      .find((body) => "event" in body && body.event === "endpoint");
    const found = sessionKey(head, message, answer?.headers);
    const posted = this.#posted(open);
    const key = endpoint && "key" in endpoint && endpoint.key ? `id ${endpoint.key}` : (posted ?? found.key);
    // Requests of the older revisions name their client once: the rest are taken for the same agent's.
    const nameless = sessionKey(head, null).key;
    const keys = key.startsWith("id ") ? [key] : [key, nameless];
    const begins = message?.["method"] === "initialize";
    flight.session =
      this.#known(open, keys, begins ? "begins" : "goes on") ??
      this.#signedIn(open, message) ??
      this.#begin(open);
    for (const each of keys) {
      this.#sessions.set(`${open.upstream} ${each}`, flight.session);
      flight.session.keys.add(`${open.upstream} ${each}`);
    }
    flight.session.flights += 1;
    if (!flight.session.forgotten) flight.session.rests = false;
    this.#moved(flight.session, open.at);
    return flight.session;
  }

  #moved(session: Session, at: number): void {
    session.lastAt = Math.max(session.lastAt, at);
    if (this.#open.delete(session)) this.#open.add(session);
  }

  #known(open: Open, keys: readonly string[], how: "begins" | "goes on"): Session | null {
    // Who says hello again is the same client; who merely has the same agent may be another.
    const asked = how === "begins" ? keys.slice(0, 1) : keys;
    const session =
      asked.map((key) => this.#sessions.get(`${open.upstream} ${key}`)).find((each) => each) ?? null;
    if (!session) return null;
    const guessed = !keys[0]?.startsWith("id ");
    if (guessed && (how === "begins" || open.at - session.lastAt > PAUSE_MS)) {
      this.#end(session, "complete", null);
      return null;
    }
    return session;
  }

  /** Who was refused and comes again with a credential is the same. */
  #signedIn(open: Open, message: unknown): Session | null {
    if (header(open.headers, "authorization") === undefined) return null;
    const key = stranger(open, message);
    const session = this.#refused.get(key);
    this.#refused.delete(key);
    return session && open.at - session.lastAt <= PAUSE_MS ? session : null;
  }

  #begin(open: Open): Session {
    const { logDir, versions } = this.#options;
    const { at, upstream } = open;
    const lines = appendSession({ id: Bun.randomUUIDv7(), at, upstream }, { logDir });
    lines.append(0, {
      event: "start",
      format: 1,
      name: upstream.slice("mcp/".length),
      transport: "http",
      target: open.target,
      ...(open.run !== undefined && { run: open.run }),
      versions: { ...versions },
      recorder: recorderMark(),
    });
    const session = {
      at,
      lines,
      keys: new Set<string>(),
      lastAt: at,
      flights: 0,
      rests: false,
      forgotten: false,
    };
    this.#open.add(session);
    if (this.#open.size > MOST_SESSIONS) {
      const quietest = [...this.#open].find(({ flights }) => flights === 0);
      if (quietest && quietest !== session) this.#end(quietest, "complete", "many newer sessions came");
    }
    return session;
  }

  /**
   * The client said goodbye, or the server does not know the session any more. The latter is told once and stays: what
   * the client still says under that id is the same story.
   */
  #settle({ open, answer, session, message }: Flight, isComplete: boolean): void {
    if (!session || !isComplete || !answer) return;
    if (answer.status === 401 && header(open.headers, "authorization") === undefined)
      this.#refused.set(stranger(open, message), session);
    const named = header(open.headers, "mcp-session-id") !== undefined;
    const deleted = open.method === "DELETE" && answer.status >= 200 && answer.status < 300;
    if (named && deleted) this.#end(session, "complete", null);
    if (!named || answer.status !== 404 || session.rests) return;
    session.rests = true;
    session.forgotten = true;
    this.#sayEnd(session, "complete", "the server does not know this session any more (404)");
  }

  #end(session: Session, ending: "complete" | "interrupted", error: string | null): void {
    for (const key of session.keys) {
      if (this.#sessions.get(key) === session) this.#sessions.delete(key);
    }
    for (const [key, each] of this.#refused) if (each === session) this.#refused.delete(key);
    this.#open.delete(session);
    if (!session.rests) this.#sayEnd(session, ending, error);
    const closing = session.lines.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  #sayEnd({ lines, at }: Session, ending: "complete" | "interrupted", error: string | null): void {
    lines.append(Math.max(0, Date.now() - at), { event: "exit", ending, error });
  }

  /** ms since the session's start of what came `t` ms after the exchange's start. */
  #time({ open, session }: Flight, t: number): number {
    return Math.max(0, open.at - (session?.at ?? open.at) + t);
  }
}

/** What the program says of an exchange or a session, it says in Chinese too: sentences as the parts that make them make them. */
import { expect, test } from "bun:test";
import { NOT_OUR_NAME, notForStrangers } from "../src/capture/admission.ts";
import { namesNoRelay, noSuchUpstream } from "../src/capture/mcp/astray.ts";
import { unreachable } from "../src/capture/refusal.ts";
import { whyNotStarted } from "../src/capture/stdio/why-not-started.ts";
import { notStarted, type Beginning } from "../src/read/mcp/not-started.ts";
import { cacheSaid } from "../src/web/cache-said.ts";
import { inChinese } from "../src/shown/said-in-chinese.ts";

const HAN = /\p{Script=Han}/u;
/** Three words of ours in a row; names, addresses and codes stand in quotes, in brackets or alone. */
const ENGLISH = /\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b/;

const asked = { target: "http://127.0.0.1:1/v1/chat", upstream: "local" };
const begun: Beginning = { command: "node a.js", asked: 1, spoke: false, lastWords: ["no key"], t: 60 };
const error = (code: string) => Object.assign(new Error("spawn x"), { code });
const env = { PATH: "/no-bin:/no-bin2" };

const sentences: Record<string, string | null> = {
  refused: unreachable(asked, "ECONNREFUSED", "Failed to connect").message,
  silent: unreachable(asked, "ECONNRESET", "it closed the connection before it answered").message,
  strangers: notForStrangers("an MCP server").message,
  page: NOT_OUR_NAME,
  upstream: noSuchUpstream("nope", []).message,
  server: noSuchUpstream("mcp/nope", ["mcp/weather"]).message,
  relay: namesNoRelay(["mcp/weather"]).message,
  "no relay": namesNoRelay([]).message,
  "not in PATH": whyNotStarted("no-such", { cwd: "/", env }, error("ENOENT")).why,
  "no such file": whyNotStarted("/no/such", { cwd: "/", env }, error("ENOENT")).why,
  "no folder": whyNotStarted("x", { cwd: "/no/such", env }, error("ENOENT")).why,
  folder: whyNotStarted("/tmp", { cwd: "/", env }, error("EACCES")).why,
  "no program": whyNotStarted("/x", { cwd: "/", env }, error("ENOEXEC")).why,
  crash: notStarted({ code: 1, signal: null }, begun),
  signal: notStarted({ code: null, signal: "SIGSEGV" }, { ...begun, lastWords: [] }),
  "gave up": notStarted({ signal: "SIGTERM", host: { signal: "SIGTERM" } }, { ...begun, command: "npx x" }),
  gone: "the client closed the connection before the response was complete",
  killed: "the recorder was killed before this exchange ended",
};

test.each(Object.entries(sentences))("%s is said in Chinese", (_, said) => {
  const zh = inChinese(said ?? "");
  expect([HAN.test(zh), ENGLISH.test(zh.replace(/`[^`]*`/g, ""))]).toEqual([true, false]);
});

test("what the sentence is about stays, and what somebody else said stays as it was said", () => {
  expect(inChinese(sentences["refused"] ?? "")).toBe("http://127.0.0.1:1/v1/chat 没有应答（ECONNREFUSED）");
  expect(inChinese(sentences["crash"] ?? "")).toBe(
    '"node a.js" 在握手之前以 1 退出，距启动 60 ms；stderr 的最后几行：no key',
  );
  for (const other of ["Rate limit reached", "no answer from", "", "cannot start"])
    expect(inChinese(other)).toBe(other);
});

test("why the cache was not read is said in Chinese, with its figures", () => {
  const said = [
    "there is no earlier request of this conversation to read from",
    "200 tokens are fewer than the 1024 from which this model caches",
    "the tool get_weather was changed, and 2 more",
    "the system prompt is another from character 1204 on",
    "message 3 (user) was changed",
    "7 minutes passed since the request before; it is kept for 5 minutes",
  ].map((what) => cacheSaid({ lang: "zh" }, what));
  expect(said).toEqual([
    "本对话此前没有可供读取的请求",
    "200 个 token 少于该模型缓存的下限 1024",
    "工具 get_weather 发生了变化",
    "系统提示从第 1204 个字符起不同",
    "第 3 条消息（user）发生了变化",
    "距上一次请求已过 7 分钟；缓存只保留 5 分钟",
  ]);
});

/** What can be filtered by: every field with its names, what its values are, and where a row has it. One table. */
import type { ExchangeRow } from "../fact/rows.ts";

/** `ms`, `tokens`, `usd`: numbers that are written with units (`2s`, `10k`, `0.01`). `time`: an age or a date. */
export type Kind = "text" | "status" | "ms" | "tokens" | "usd" | "flag" | "time";

export type Field = {
  readonly name: string;
  /** What else it may be called, in Chinese too. */
  readonly aliases: readonly string[];
  readonly kind: Kind;
  /** Of a `flag`: its possible values. */
  readonly flags?: readonly string[];
  /** Of text: every value of the row, one of which must fit. */
  readonly texts?: (row: ExchangeRow) => readonly (string | null)[];
  /** It is asked of runs alone: an exchange has nothing of the kind. */
  readonly of?: "runs";
  /** Of numbers. */
  readonly number?: (row: ExchangeRow) => number | null;
};

export const IS = ["streaming", "done", "error", "aborted", "slow", "socket", "starred"] as const;
export const HAS = [
  "tool_call",
  "tool_result",
  "image",
  "audio",
  "file",
  "thinking",
  "problem",
  "cache",
] as const;

/** What a run may be doing. `running` is every way of going on, `waiting` those in which no tool works. */
export const STATES = ["running", "waiting", "model", "tool", "host", "silent", "done", "failed"] as const;

/** In which list a filter stands: they share the language, and each has fields of its own. */
export type Scope = "exchanges" | "runs";

export const FIELDS: readonly Field[] = [
  { name: "model", aliases: ["模型"], kind: "text", texts: ({ model }) => [model] },
  { name: "api", aliases: ["dialect", "接口"], kind: "text", texts: ({ dialect }) => [dialect] },
  { name: "provider", aliases: ["提供方"], kind: "text", texts: ({ provider }) => [provider] },
  { name: "upstream", aliases: ["上游"], kind: "text", texts: ({ upstream }) => [upstream] },
  { name: "client", aliases: ["agent", "客户端"], kind: "text", texts: ({ client }) => clientNames(client) },
  { name: "status", aliases: ["状态"], kind: "status" },
  { name: "method", aliases: ["方法"], kind: "text", texts: ({ method }) => [method] },
  { name: "path", aliases: ["路径"], kind: "text", texts: ({ path }) => [path, path.split("?", 1)[0]!] },
  { name: "ttft", aliases: ["首字"], kind: "ms", number: ({ ttft_ms }) => ttft_ms },
  { name: "total", aliases: ["duration", "耗时"], kind: "ms", number: ({ duration_ms }) => duration_ms },
  { name: "tokens", aliases: ["令牌"], kind: "tokens", number: allTokens },
  { name: "in", aliases: ["输入"], kind: "tokens", number: ({ tokens_in }) => tokens_in },
  { name: "out", aliases: ["输出"], kind: "tokens", number: ({ tokens_out }) => tokens_out },
  { name: "cached", aliases: ["缓存"], kind: "tokens", number: ({ tokens_cached }) => tokens_cached },
  { name: "cost", aliases: ["费用"], kind: "usd", number: ({ cost }) => cost },
  { name: "tool", aliases: ["工具"], kind: "text", texts: ({ tools }) => tools },
  { name: "problem", aliases: ["问题"], kind: "text", texts: ({ rules }) => rules },
  { name: "expert", aliases: ["要点"], kind: "text", texts: ({ expert }) => expert },
  { name: "has", aliases: ["含"], kind: "flag", flags: HAS },
  { name: "is", aliases: ["是"], kind: "flag", flags: IS },
  { name: "conv", aliases: ["conversation", "对话"], kind: "text", texts: (row) => [row.conversation] },
  { name: "run", aliases: ["运行"], kind: "text", texts: ({ run }) => [run] },
  { name: "wire", aliases: ["传输"], kind: "text", texts: ({ wire }) => [wire] },
  { name: "socket", aliases: ["所属连接"], kind: "text", texts: ({ socket }) => [socket ?? null] },
  { name: "id", aliases: [], kind: "text", texts: ({ id }) => [id] },
  { name: "recorder", aliases: ["记录器"], kind: "text", texts: ({ origin }) => [origin?.recorder ?? null] },
  { name: "user", aliases: ["用户"], kind: "text", texts: ({ origin }) => [origin?.user ?? null] },
  { name: "project", aliases: ["项目"], kind: "text", texts: ({ origin }) => [origin?.project ?? null] },
  { name: "host", aliases: ["主机"], kind: "text", texts: ({ origin }) => [origin?.host ?? null] },
  { name: "state", aliases: ["运行状态"], kind: "flag", flags: STATES, of: "runs" },
  { name: "server", aliases: ["mcp", "服务"], kind: "text", of: "runs" },
  { name: "steps", aliases: ["步骤"], kind: "tokens", of: "runs" },
  { name: "errors", aliases: ["错误"], kind: "tokens", of: "runs" },
  { name: "since", aliases: ["自"], kind: "time" },
  { name: "until", aliases: ["至"], kind: "time" },
];

const BY_NAME = new Map(FIELDS.flatMap((each) => [each.name, ...each.aliases].map((name) => [name, each])));

export function field(name: string): Field | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** `claude-code 2.1.197` is also found as `claude-code`. */
export function clientNames(client: string | null): (string | null)[] {
  return client === null ? [] : [client, client.split(" ", 1)[0]!];
}

function allTokens({ tokens_in, tokens_out }: ExchangeRow): number | null {
  return tokens_in === null && tokens_out === null ? null : (tokens_in ?? 0) + (tokens_out ?? 0);
}

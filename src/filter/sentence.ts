/** What a filter means, in a sentence, while it is typed. */
import type { Kind, Scope } from "./fields.ts";
import type { Filter, Term } from "./filter.ts";
import type { Value } from "./value.ts";

export type Language = "en" | "zh";

/** Empty for a filter that filters nothing. */
export function sentence({ terms }: Filter, language: Language): string {
  const parts = terms.flatMap((term) => (term.kind === "wrong" ? [] : [partOf(term, language)]));
  if (parts.length === 0) return "";
  return language === "zh" ? `显示${parts.join("，且")}的请求` : `shows exchanges ${parts.join(", and ")}`;
}

/** Why a term means nothing, with what it could be. */
export function mistake(
  term: Extract<Term, { kind: "wrong" }>,
  language: Language,
  scope: Scope = "exchanges",
): string {
  const { name, kind, flags, of } = term.field;
  if (of !== undefined && of !== scope)
    return language === "zh" ? `“${name}:”只能在运行列表中筛选` : `${name}: filters the list of runs alone`;
  const examples = flags ? flags.map((flag) => `${name}:${flag}`).join(" ") : EXAMPLES[kind](name);
  return language === "zh"
    ? `“${name}:${term.said}”无法识别，可以写：${examples}`
    : `${name}:${term.said} cannot be read; for example: ${examples}`;
}

const EXAMPLES: Record<Kind, (name: string) => string> = {
  text: (name: string) => `${name}:name* ${name}:"two words"`,
  status: (name: string) => `${name}:429 ${name}:4xx ${name}:>=400 ${name}:client-gone`,
  ms: (name: string) => `${name}:>2s ${name}:100ms..500ms`,
  tokens: (name: string) => `${name}:>10k ${name}:1k..5k`,
  usd: (name: string) => `${name}:>0.01`,
  flag: (name: string) => name,
  time: (name: string) => `${name}:10m ${name}:2h ${name}:2026-01-31`,
};

export function partOf(term: Exclude<Term, { kind: "wrong" }>, language: Language): string {
  const zh = language === "zh";
  if (term.kind === "text") {
    if (zh) return `${term.not ? "不含" : "含有"}“${term.text}”`;
    return `${term.not ? "without" : "with"} the words “${term.text}”`;
  }
  const { name } = term.field;
  const values = term.values.map((value) => said(value, term.field.kind, language)).join(zh ? "或" : " or ");
  const label = LABELS[name]?.[language] ?? name;
  if (term.field.kind === "time") {
    const from = name === "since";
    if (zh) return `${term.not ? "不" : ""}${from ? "晚于" : "早于"}${values}`;
    return `that came ${term.not ? "not " : ""}${from ? "later than" : "earlier than"} ${values}`;
  }
  if (name === "is" || name === "state")
    return zh ? `${term.not ? "不是" : "是"}${values}` : `that are ${term.not ? "not " : ""}${values}`;
  if (name === "has")
    return zh ? `${term.not ? "没有" : "有"}${values}` : `${term.not ? "without" : "with"} ${values}`;
  return zh
    ? `${label}${term.not ? "不" : ""}为${values}`
    : `whose ${label} is ${term.not ? "not " : ""}${values}`;
}

function said(value: Value, kind: string, language: Language): string {
  const zh = language === "zh";
  switch (value.kind) {
    case "text":
      return value.pattern;
    case "flag":
      return FLAGS[value.flag]?.[language] ?? value.flag;
    case "age":
      return zh ? `${age(value.ms, "zh")}前` : `${age(value.ms, "en")} ago`;
    case "at":
      return new Date(value.at).toISOString().replace(/\.000Z$/, "Z");
    case "range": {
      const { from, to } = value;
      const unit = (number: number) => written(number, kind);
      if (from && to && from.value === to.value) return unit(from.value);
      if (from && to)
        return zh
          ? `${unit(from.value)} 到 ${unit(to.value)}`
          : `from ${unit(from.value)} to ${unit(to.value)}`;
      if (from)
        return `${from.open ? (zh ? "大于" : "more than") : zh ? "不小于" : "at least"} ${unit(from.value)}`;
      return `${to!.open ? (zh ? "小于" : "less than") : zh ? "不大于" : "at most"} ${unit(to!.value)}`;
    }
    default:
      return value satisfies never;
  }
}

function written(number: number, kind: string): string {
  if (kind === "ms") return number >= 1000 ? `${number / 1000} s` : `${number} ms`;
  if (kind === "usd") return `$${number}`;
  return String(number);
}

function age(ms: number, language: Language): string {
  const [size, en, zh] =
    ms >= 864e5 ? [864e5, "days", "天"] : ms >= 36e5 ? [36e5, "hours", "小时"] : [6e4, "minutes", "分钟"];
  const many = Math.round((ms / (size as number)) * 100) / 100;
  return language === "zh" ? ` ${many} ${zh}` : `${many} ${many === 1 ? (en as string).slice(0, -1) : en}`;
}

const LABELS: Record<string, Record<Language, string>> = {
  model: { en: "model", zh: "模型" },
  api: { en: "API", zh: "接口" },
  provider: { en: "provider", zh: "提供方" },
  upstream: { en: "upstream", zh: "上游" },
  client: { en: "client", zh: "客户端" },
  status: { en: "status", zh: "状态" },
  method: { en: "method", zh: "方法" },
  path: { en: "path", zh: "路径" },
  ttft: { en: "time to first token", zh: "首个 token 用时" },
  total: { en: "duration", zh: "总耗时" },
  tokens: { en: "number of tokens", zh: " token 总数" },
  in: { en: "number of input tokens", zh: "输入 token 数" },
  out: { en: "number of output tokens", zh: "输出 token 数" },
  cached: { en: "number of cached tokens", zh: "缓存 token 数" },
  cost: { en: "cost", zh: "费用" },
  tool: { en: "called tool", zh: "调用的工具" },
  problem: { en: "problem", zh: "问题" },
  expert: { en: "level or milestone", zh: "级别或要点" },
  conv: { en: "conversation", zh: "对话" },
  run: { en: "run", zh: "运行" },
  wire: { en: "wire", zh: "传输方式" },
  socket: { en: "socket", zh: "所属连接" },
  id: { en: "id", zh: "编号" },
  recorder: { en: "recorder", zh: "记录器" },
  user: { en: "user", zh: "用户" },
  project: { en: "project", zh: "项目" },
  host: { en: "host", zh: "主机" },
  server: { en: "MCP server", zh: " MCP 服务" },
  steps: { en: "number of steps", zh: "步骤数" },
  errors: { en: "number of errors", zh: "错误数" },
};

const FLAGS: Record<string, Record<Language, string>> = {
  streaming: { en: "still going on", zh: "进行中" },
  done: { en: "over", zh: "已结束" },
  error: { en: "failed", zh: "失败" },
  aborted: { en: "left by the client", zh: "被客户端中止" },
  slow: { en: "slow", zh: "慢请求" },
  socket: { en: "sockets", zh: "WebSocket 连接" },
  starred: { en: "starred", zh: "已加星标" },
  running: { en: "still going on", zh: "进行中" },
  waiting: { en: "waiting for the model or the host", zh: "在等待模型或宿主" },
  model: { en: "waiting for the model", zh: "在等待模型" },
  tool: { en: "running a tool", zh: "在运行工具" },
  host: { en: "waiting for the host", zh: "在等待宿主" },
  silent: { en: "silent for long", zh: "久无动静" },
  failed: { en: "broken off", zh: "已失败" },
  tool_call: { en: "a tool call", zh: "工具调用" },
  tool_result: { en: "a tool result", zh: "工具结果" },
  image: { en: "an image", zh: "图片" },
  audio: { en: "audio", zh: "音频" },
  file: { en: "a file", zh: "文件" },
  thinking: { en: "thinking", zh: "思考内容" },
  problem: { en: "a problem", zh: "问题" },
  cache: { en: "cached tokens", zh: "缓存命中" },
};

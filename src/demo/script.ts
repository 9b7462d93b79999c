/** What the demo model says, in the language that it is asked in. The first line that fits is said. */
import type { FixtureResponse } from "@copilotkit/aimock";
import { daysIn, unwrapped } from "./days.ts";
import type { Lines } from "./lines.ts";

type Line = { readonly when: (lines: Lines) => boolean; readonly say: (lines: Lines) => FixtureResponse };

export const script: readonly Line[] = [
  { when: ({ asked, result }) => result === null && /\b(error|fail)|出错|错误/i.test(asked), say: refuse },
  { when: ({ called }) => called !== null && SEARCH.test(called), say: callFound },
  { when: ({ called, result, tries }) => called === "exec" && isEarly(result) && tries < 3, say: runScript },
  { when: ({ results }) => results.length > 1, say: compare },
  { when: ({ result }) => result !== null, say: report },
  { when: ({ asked, tools }) => forecastIn(tools) !== null && isWeather(asked), say: callForecast },
  { when: ({ asked, tools, all }) => kept(tools, all) !== null && isWeather(asked), say: search },
  { when: ({ asked, tools }) => tools.includes("exec") && isWeather(asked), say: runScript },
  { when: ({ asked }) => /^\W*(hello|hi|hey)\b|你好|您好/i.test(asked), say: greet },
  { when: () => true, say: explain },
];

const isWeather = (asked: string) =>
  /weather|forecast|rain|umbrella|temperature|天气|预报|下雨|气温/i.test(asked);
const isChinese = (text: string) => /\p{Script=Han}/u.test(text);

function refuse({ asked }: Lines): FixtureResponse {
  const message = isChinese(asked)
    ? "演示用的限流错误：请求太频繁，请稍后再试。"
    : "A rate limit error for demonstration: too many requests, try again shortly.";
  return {
    error: { message, type: "rate_limit_error", code: "rate_limit_exceeded" },
    status: 429,
    retryAfter: 2,
  };
}

function greet({ asked }: Lines): FixtureResponse {
  return {
    content: isChinese(asked)
      ? "你好！我是演示模型：我不联网，也不需要密钥。你现在看到的每一个字，都是经过代理、一块一块传过来的。"
      : "Hello! I am the demo model: no network, no key. Every word that you read came through the proxy, piece by piece.",
  };
}

function explain({ asked }: Lines): FixtureResponse {
  const question = asked.trim().slice(0, 120);
  return isChinese(asked)
    ? {
        reasoning: "对方想知道流式回答是怎样工作的。我用几句话说明，再请对方看看面板。",
        content: `你问的是：“${question}”。\n\n我是照剧本回答的演示模型，但传输是真的：回答被切成小块，每一块是一个服务器发送事件（SSE），代理原样转发，同时记下它到达的时间。\n\n在页面上打开这次交互：左边是逐块的时间线，右边是拼好的消息。`,
      }
    : {
        reasoning:
          "They want to see how a streamed answer works. A few sentences, then point them at the page.",
        content: `You asked: "${question}".\n\nI am a demo model with a script, but the transport is real: the answer is cut into small pieces, each one a server-sent event. The proxy passes each piece on as it came and notes when it came.\n\nOpen this exchange on the page: the chunks with their times on one side, the assembled message on the other.`,
      };
}

/** Agents put the server's name before it: `mcp__weather__get_forecast`, `weather_get_forecast`. */
function forecastIn(tools: readonly string[]): string | null {
  return tools.find((name) => /(?:^|[^a-z])get_forecast$/i.test(name)) ?? null;
}

/** Claude Code's `ToolSearch`, Qwen Code's `tool_search`: tools of servers are kept back until they are asked for. */
const SEARCH = /^tool_?search$/i;

/** The name of a forecast tool that is kept back; null where nothing can be searched. */
function kept(tools: readonly string[], all: string): string | null {
  if (!tools.some((name) => SEARCH.test(name))) return null;
  return /\b[a-z][\w-]*__get_forecast\b/i.exec(all)?.[0] ?? null;
}

function search({ asked, tools, all }: Lines): FixtureResponse {
  const name = tools.find((each) => SEARCH.test(each)) ?? "ToolSearch";
  const query = `select:${kept(tools, all)}`;
  return {
    content: isChinese(asked) ? "我先找一下天气工具。" : "Let me find the weather tool first.",
    toolCalls: [{ name, arguments: JSON.stringify({ query }) }],
  };
}

/** What was found is called by its name, or through a tool that calls others. */
function callFound(lines: Lines): FixtureResponse {
  const { asked, tools, all } = lines;
  const name = forecastIn(tools) ?? kept(tools, all) ?? "get_forecast";
  const direct = !tools.includes("tool_call") || tools.includes(name);
  const toolCalls = wanted(asked).map((args) =>
    direct
      ? { name, arguments: JSON.stringify(args) }
      : { name: "tool_call", arguments: JSON.stringify({ name, arguments: args }) },
  );
  return { content: lookingUp(asked), toolCalls };
}

/** Codex gives its default models one tool, which runs JavaScript with all others in it. */
function runScript({ asked }: Lines): FixtureResponse {
  const input = [
    'const found = ALL_TOOLS.find(({ name }) => name.endsWith("get_forecast"));',
    "if (!found) {",
    "  await new Promise((go) => setTimeout(go, 1000));",
    `  text(${JSON.stringify(EARLY)});`,
    "  exit();",
    "}",
    `for (const asked of ${JSON.stringify(wanted(asked))}) {`,
    "  const result = await tools[found.name](asked);",
    "  text(result.structuredContent ?? result.content?.[0]?.text ?? result);",
    "}",
  ].join("\n");
  return { content: lookingUp(asked), toolCalls: [{ name: "exec", arguments: JSON.stringify({ input }) }] };
}

/** Servers may still be starting: what a script finds is what was there when it began. */
const EARLY = "no tool knows the weather yet";

const isEarly = (result: string | null) => result?.includes(EARLY) === true;

function callForecast({ asked, tools }: Lines): FixtureResponse {
  const name = forecastIn(tools) ?? "get_forecast";
  const toolCalls = wanted(asked).map((args) => ({ name, arguments: JSON.stringify(args) }));
  return { content: lookingUp(asked), toolCalls };
}

/** The arguments of each call that answers the question. */
function wanted(asked: string): { location: string; days: number }[] {
  const days = Math.min(7, Math.max(1, Number(/(\d+)[\s-]*(?:days?|天|日)/i.exec(asked)?.[1] ?? 3)));
  return placesIn(asked).map((location) => ({ location, days }));
}

function lookingUp(asked: string): string {
  const places = placesIn(asked);
  return isChinese(asked)
    ? `我来查一下${places.join("和")}的天气预报。`
    : `Let me look up the forecast for ${places.join(" and ")}.`;
}

function placesIn(asked: string): string[] {
  return twoPlacesIn(asked) ?? [placeIn(asked)];
}

/** `of Oslo and Lisbon`, `比较北京和上海`: two calls in one answer. */
function twoPlacesIn(asked: string): string[] | null {
  const english =
    /\b(?:of|in|for|between)\s+(\p{Lu}[\p{L}'’-]*(?:\s\p{Lu}[\p{L}'’-]*)*)\s+and\s+(\p{Lu}[\p{L}'’-]*(?:\s\p{Lu}[\p{L}'’-]*)*)/u;
  const chinese =
    /(?:比较|对比)(?:一下)?(\p{Script=Han}{2,6}?)[和与跟](\p{Script=Han}{2,6}?)(?=未来|接下来|的|天气|\d)/u;
  const found = english.exec(asked) ?? chinese.exec(asked.replaceAll(/\s/g, ""));
  return found && [found[1]!, found[2]!];
}

function placeIn(asked: string): string {
  const english = /\b(?:in|for|at)\s+(\p{Lu}[\p{L}'’.-]*(?:,?\s+\p{Lu}[\p{L}'’.-]*)*)/u.exec(asked)?.[1];
  const bare = asked.replaceAll(/\s|请问|帮我|我想知道|查一下|看看/g, "");
  const chinese = /(\p{Script=Han}{2,6}?)(?=未来|接下来|今天|明天|后天|这周|最近|的|天气|\d)/u.exec(
    bare,
  )?.[1];
  return english?.replace(/[.'’-]+$/, "") ?? chinese ?? "Paris";
}

/** The numbers are those of the real tool result; a result of an unknown shape is quoted. */
function report({ asked, result }: Lines): FixtureResponse {
  const text = unwrapped(result ?? "");
  const days = daysIn(text);
  if (days.length === 0) {
    const quote = text.trim().slice(0, 400);
    return { content: isChinese(asked) ? `工具的回答是：${quote}` : `The tool answered: ${quote}` };
  }
  const warmest = days.reduce((best, day) => (day.high > best.high ? day : best));
  const note = /"source":\s*"sample"|SAMPLE DATA/.test(text)
    ? isChinese(asked)
      ? SAMPLE.zh
      : SAMPLE.en
    : "";
  const list = days
    .map(({ date, low, high, sky }) => `- ${date}: ${low} – ${high} °C${sky ? `, ${sky}` : ""}`)
    .join("\n");
  return {
    content: isChinese(asked)
      ? `预报如下：\n\n${list}\n\n最暖的一天是 ${warmest.date}，最高 ${warmest.high} °C。${note}`
      : `Here is the forecast:\n\n${list}\n\nThe warmest day is ${warmest.date} with ${warmest.high} °C.${note}`,
  };
}

/** Two results at once, as far as the agent let the model see them. */
function compare({ asked, results }: Lines): FixtureResponse {
  const chinese = isChinese(asked);
  const lines = results.map((text) => {
    const place = /"name":\s*"([^"]+)"/.exec(text)?.[1] ?? "?";
    const days = [...text.matchAll(/"high":\s*(-?[\d.]+),\s*"low":\s*(-?[\d.]+)/g)];
    const [high, low] = [Math.max(...days.map((day) => +day[1]!)), Math.min(...days.map((day) => +day[2]!))];
    if (days.length === 0) return `- ${text.trim().slice(0, 200)}`;
    return chinese
      ? `- ${place}：${low} 至 ${high} °C（看到 ${days.length} 天）`
      : `- ${place}: ${low} to ${high} °C, in the ${days.length} days that I see`;
  });
  const isCut = results.some((text) => CUT.test(text));
  const asides = chinese
    ? isCut &&
      "两个结果都被智能体截断了：后面几天我没有看到。服务器给出的和模型看到的有何不同，请看这次运行的页面。"
    : isCut &&
      "The agent cut both results: I never saw the last days. The run's page shows what the server gave and what I saw.";
  return {
    content: [chinese ? "对比如下：" : "Side by side:", lines.join("\n"), asides || ""].join("\n\n").trim(),
  };
}

/** What the agent writes where it cuts a result. */
const CUT = /\[(?:cut|已截断)[^\]]*\]\s*$/;

const SAMPLE = {
  en: " (The weather service could not be reached: these are sample values.)",
  zh: "（天气服务无法访问：以上是示例数据。）",
};

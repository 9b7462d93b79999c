/** Why a request was not read from the cache, with its figures, in the visitor's language: what a reader says is English. */
import { html, type Hole } from "./html.ts";
import type { View } from "./view.ts";

const CHINESE: readonly (readonly [said: RegExp, zh: string])[] = [
  [/^the request marks nothing for the cache \(cache_control\)$/, "请求中没有任何缓存标记（cache_control）"],
  [/^there is no earlier request of this conversation to read from$/, "本对话此前没有可供读取的请求"],
  [
    /^(\d+) tokens are fewer than the (\d+) from which this model caches$/,
    "$1 个 token 少于该模型缓存的下限 $2",
  ],
  [/^the model was (.*) and is (.*)$/s, "模型由 $1 变为 $2"],
  [/^the tool (.*) was added(?:, and (\d+) more)?$/s, "新增了工具 $1"],
  [/^the tool (.*) was removed(?:, and (\d+) more)?$/s, "移除了工具 $1"],
  [/^the tool (.*) was \w+(?:, and (\d+) more)?$/s, "工具 $1 发生了变化"],
  [/^the system prompt is another from character (\d+) on$/, "系统提示从第 $1 个字符起不同"],
  [/^message (\d+) \((\w+)\) was removed$/, "第 $1 条消息（$2）被移除"],
  [/^message (\d+) \((\w+)\) was \w+$/, "第 $1 条消息（$2）发生了变化"],
  [/^the setting (\S+) was \w+$/, "参数 $1 发生了变化"],
  [
    /^(\d+) minutes passed since the request before; it is kept for (\d+) minutes$/,
    "距上一次请求已过 $1 分钟；缓存只保留 $2 分钟",
  ],
  [
    /^(\d+) minutes passed since the request before; from (\d+) minutes on it may be dropped$/,
    "距上一次请求已过 $1 分钟；超过 $2 分钟后缓存可能已被清除",
  ],
];

export function cacheSaid({ lang }: Pick<View, "lang">, what: string): Hole {
  if (lang === "en") return what;
  const found = CHINESE.find(([said]) => said.test(what));
  return found ? what.replace(found[0], found[1]) : html`<span lang="en">${what}</span>`;
}

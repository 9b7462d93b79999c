/** What the program says of itself, in the visitor's language. A sentence that is not here is shown as it was said. */
import type { Lang } from "./language.ts";

const CHINESE: readonly [said: RegExp, zh: string][] = [
  [
    /^LOG_SECRETS is set: keys are written to the log folder as they are$/,
    "已设置 LOG_SECRETS：密钥会原样写入日志目录",
  ],
  [/^the observer failed and was started again: (.*)$/s, "记录线程出错，已重新启动：$1"],
  [
    /^the log folder cannot be written \((.*)\): (\d+) exchanges wait; traffic is not affected$/s,
    "日志目录无法写入（$1）：$2 次交互等待写入；流量不受影响",
  ],
  [
    /^(\d+) bytes of (\d+) exchanges were not kept while the log folder could not be written; traffic was not affected$/,
    "日志目录无法写入期间，$2 次交互中的 $1 字节未能保留；流量未受影响",
  ],
  [
    /^(\d+) batches of facts could not be read from the spool; traffic was not affected$/,
    "暂存区中有 $1 批记录无法读取；流量未受影响",
  ],
  [
    /^(\d+) bytes and (\d+) exchanges were not recorded: more came than could be written; traffic was not affected$/,
    "流量超过写入速度，$1 字节和 $2 次交互未被记录；流量未受影响",
  ],
  [
    /^exchanges in flight are not safe from a crash: the spool cannot be written \((.*)\)$/s,
    "暂存区无法写入（$1）：若程序崩溃，进行中的交互会丢失",
  ],
  [
    /^(\d+) exchanges were not recorded: their beginning was lost; traffic was not affected$/,
    "$1 次交互未被记录：其开头已丢失；流量未受影响",
  ],
  [/^more came than could be written; everything passed$/, "流量超过写入速度；全部内容均已正常传输"],
  [
    /^the log folder could not be written for too long; everything passed$/,
    "日志目录长时间无法写入；全部内容均已正常传输",
  ],
  [
    /^the body could not be decoded: (.*); what follows was not kept, since a credential may be in it$/s,
    "正文无法解码（$1），其后的内容可能含有凭据，因此未保留",
  ],
  [
    /^the body could not be decoded: (.*); what follows was not kept$/s,
    "正文无法解码（$1），其后的内容未保留",
  ],
  [
    /^a compressed message has more than (\d+) bytes; it was not kept$/,
    "一条压缩消息解压后超过 $1 字节，未保留",
  ],
  [/^a compressed message could not be read: (.*); it was not kept$/s, "一条压缩消息无法读取，未保留：$1"],
  [
    /^a compressed message could not be read: (.*); it and those behind it were not kept$/s,
    "一条压缩消息无法读取，它和之后的消息均未保留：$1",
  ],
  [
    /^more trailers passed than are kept, or some that are none$/,
    "尾部字段过多或格式不正确，其余部分未保留；全部内容均已正常传输",
  ],
  [/^the body could not be decoded: (.*)$/s, "正文无法解码：$1"],
  [/^(\d+) of (\d+) files of the log folder are taken in$/, "正在读取日志目录：$1 / $2 个文件"],
  [
    /^the record keeps (\d+) bytes of a body; everything passed$/,
    "记录只保留正文的前 $1 字节；全部内容均已正常传输",
  ],
];

export function warningIn(lang: Lang, said: string): string {
  if (lang === "en") return said;
  const found = CHINESE.find(([pattern]) => pattern.test(said));
  return found ? said.replace(found[0], found[1]) : said;
}

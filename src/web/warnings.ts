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
  [
    /^(\d+) exchanges were kept as they came, since they could not be read, the last: (.*)$/s,
    "$1 次交互无法解读，已按原样保留；最近一次的原因：$2",
  ],
  [
    /^(\d+) exchanges were set aside in logs\/quarantine, the last: (.*)$/s,
    "$1 次交互无法写成文件，已移入 logs/quarantine；最近一次的原因：$2",
  ],
  [
    /^(\d+) exchanges of earlier runs lie in logs\/quarantine, each with its reason in a \.txt file$/,
    "logs/quarantine 中有此前运行留下的 $1 次交互，原因见各自的 .txt 文件",
  ],
  [
    /^(\d+) exchanges have their files and are not in the list, the last: (.*)$/s,
    "$1 次交互已有文件，但未能进入列表；最近一次的原因：$2",
  ],
  [
    /^(\d+) exchanges could not be kept at all, the last: (.*); traffic was not affected$/s,
    "$1 次交互完全无法保留，最近一次的原因：$2；流量未受影响",
  ],
  [
    /^(\d+) parts of exchanges were not recorded, the last: (.*); traffic was not affected$/s,
    "$1 处交互片段未被记录，最近一次的原因：$2；流量未受影响",
  ],
  [
    /^MCP sessions over HTTP lack (\d+) parts, the last: (.*); the exchanges have them$/s,
    "HTTP 上的 MCP 会话缺少 $1 处内容，最近一次的原因：$2；对应的交互记录中仍有这些内容",
  ],
  [
    /^the index cannot be written \((.*)\): the files are; it is tried again$/s,
    "索引无法写入（$1）：文件已写入，稍后会重试",
  ],
  [
    /^what a killed program left in logs\/spool cannot be read yet \((.*)\); it is tried again$/s,
    "被强行终止的程序留在 logs/spool 中的内容暂时无法读取（$1），稍后会重试",
  ],
  [
    /^logs\/spool\/(.*) is larger than any spool and is left alone$/s,
    "logs/spool/$1 大于任何暂存文件，未作处理",
  ],
  [
    /^other users of this machine can open the log folder: chmod 700 (.*)$/s,
    "本机的其他用户可以打开日志目录：请执行 chmod 700 $1",
  ],
  [
    /^telemetry cannot be sent to (\S+) \((.*)\): (\d+) spans wait, (\d+) were dropped; the record is complete$/s,
    "遥测数据无法发送到 $1（$2）：$3 个 span 等待发送，$4 个已丢弃；记录完整无缺",
  ],
  [
    /^(\d+) errors of the recorder's own, the last: (.*); traffic was not affected$/s,
    "记录线程自身出错 $1 次，最近一次：$2；流量未受影响",
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

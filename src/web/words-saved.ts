/** The words of what is saved as one file. English, 中文. */
export const savedWords = {
  "saved.do": ["Save as one HTML file", "另存为单个 HTML 文件"],
  "saved.why": [
    "Everything of it in one file that opens offline, to send or to print; credentials are masked as here",
    "将全部内容保存为一个可离线打开的文件，便于发送或打印；凭据同样已脱敏",
  ],
  "saved.by": ["Saved by {by} at {at}", "由 {by} 保存于 {at}"],
  "saved.cut": [
    "{size} more are not in this file. The recording has them.",
    "另有 {size} 未包含在此文件中，完整内容见录制文件。",
  ],
  "saved.more-events": [
    "{n} more events are not in this table. The body below has them.",
    "另有 {n} 个事件未列入此表，见下方的响应体。",
  ],
  "saved.more-lines": [
    "What comes after #{n} is not in this file. The session's own file has it.",
    "#{n} 之后的消息未包含在此文件中，完整内容见会话文件。",
  ],
  "saved.more-steps": ["{n} more steps are not in this file.", "另有 {n} 个步骤未包含在此文件中。"],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

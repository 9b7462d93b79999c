/** The words of what teaches: milestones, explanations of what is selected, lessons. English, 中文. */
export const learnWords = {
  "expert.chat": ["{n} {n:milestone|milestones}", "{n} 个要点"],
  "expert.note": ["{n} {n:note|notes}", "{n} 个提示"],
  "expert.warn": ["{n} {n:warning|warnings}", "{n} 个警告"],
  "expert.error": ["{n} {n:error|errors}", "{n} 个错误"],
  "learn.title": ["Learn", "学习"],
  "learn.hint": [
    "Select an event, a message, a header, an arrow or a field: here stands what it is, why it is here now, and what comes next.",
    "选择一个事件、消息、请求头、箭头或字段：这里会说明它是什么、为何在此、接下来是什么。",
  ],
  "learn.what": ["What it is", "它是什么"],
  "learn.why": ["Why it is here now", "为何在此"],
  "learn.next": ["What comes next", "接下来"],
  "learn.same": ["The same in", "其他 API 中的对应"],
  "learn.source": ["Source", "出处"],
  "ui.learn": ["Learn", "学习"],
  "ui.learn.off": ["Stop learning", "关闭学习"],
  "help.learn": ["learn: explain what is selected", "学习：解释所选内容"],
  "mcp.milestones": ["Milestones", "要点"],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

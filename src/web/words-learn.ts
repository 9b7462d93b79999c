/** The words of what teaches: milestones, explanations of what is selected, lessons. English, 中文. */
export const learnWords = {
  "expert.chat": ["{n} {n:milestone|milestones}", "{n} 个要点"],
  "expert.note": ["{n} {n:note|notes}", "{n} 个提示"],
  "expert.warn": ["{n} {n:warning|warnings}", "{n} 个警告"],
  "expert.error": ["{n} {n:error|errors}", "{n} 个错误"],
  "mcp.milestones": ["Milestones", "要点"],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

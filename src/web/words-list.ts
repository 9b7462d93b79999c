/** The words of lists: groups, density, the menu of how a list is shown. English, 中文. */
export const listWords = {
  "ui.group.by": ["Group by", "分组"],
  "ui.group.by.none": ["Nothing", "不分组"],
  "ui.group.by.conversation": ["Conversation", "对话"],
  "ui.group.by.run": ["Run, with its tool calls", "运行（含工具调用）"],
  "ui.group.fold.all": ["Fold all groups", "折叠全部分组"],
  "ui.group.folded": ["Folded group", "已折叠的分组"],
  "ui.group.open": ["Open group", "已展开的分组"],
  "ui.group.calls": ["{n} {n:call|calls}", "{n} 次调用"],
  "ui.group.models": ["{n} models", "{n} 个模型"],
  "ui.group.n.conversation": ["{n} {n:turn|turns}", "{n} 轮"],
  "ui.group.n.run": ["{n} model {n:call|calls}", "{n} 次模型调用"],
  "ui.density": ["Density", "密度"],
  "ui.density.compact": ["Compact", "紧凑"],
  "ui.density.usual": ["Usual", "标准"],
  "ui.density.comfortable": ["Comfortable", "宽松"],
  "ui.menu.columns": ["Columns", "列"],
} as const;

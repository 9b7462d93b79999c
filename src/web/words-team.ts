/** Words of a team's store: where a row comes from. */
export const teamWords = {
  "ui.column.recorder": ["Recorder", "记录器"],
  "ui.column.user": ["User", "用户"],
  "ui.column.project": ["Project", "项目"],
  "ui.column.host": ["Host", "主机"],
  "detail.origin": ["Recorded by", "记录者"],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

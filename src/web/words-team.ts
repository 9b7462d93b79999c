/** Words of a team's store: where a row comes from. */
export const teamWords = {
  "ui.column.recorder": ["Recorder", "记录器"],
  "ui.column.user": ["User", "用户"],
  "ui.column.project": ["Project", "项目"],
  "ui.column.host": ["Host", "主机"],
  "status.recorders": ["{n} {n:recorder|recorders}", "{n} 个记录器"],
  "status.recorders.waiting": ["{n} waiting", "{n} 条待上传"],
  "status.recorders.none": ["no recorder was heard in the last day", "最近一天没有记录器上报"],
  "recorders.name": ["Recorder", "记录器"],
  "recorders.backlog": ["Waiting", "待上传"],
  "recorders.lag": ["Oldest", "最久等待"],
  "recorders.errors": ["Errors", "错误"],
  "recorders.aside": ["Held back, refused", "扣留、被拒"],
  "recorders.silent": ["Heard", "上次上报"],
  "recorders.ago": ["{s} s ago", "{s} 秒前"],
  "recorders.skew": ["its clock is off by {s} s", "时钟相差 {s} 秒"],
  "detail.origin": ["Recorded by", "记录者"],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

/** The words of the list of MCP sessions. English, 中文. */
export const sessionWords = {
  "ui.mcp.column.state": ["State", "状态"],
  "ui.mcp.column.time": ["Began", "开始"],
  "ui.mcp.column.server": ["Server", "服务器"],
  "ui.mcp.column.client": ["Client", "客户端"],
  "ui.mcp.column.transport": ["Transport", "传输方式"],
  "ui.mcp.column.revision": ["Revision, era", "协议版本与代际"],
  "ui.mcp.column.requests": ["Requests", "请求"],
  "ui.mcp.column.errors": ["Errors", "错误"],
  "ui.mcp.column.problems": ["Problems", "问题"],
  "ui.mcp.column.messages": ["Messages", "消息"],
  "ui.mcp.column.total": ["Lasted", "时长"],
  "ui.mcp.column.command": ["Command", "命令"],
} as const;

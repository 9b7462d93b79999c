/** The words of the first minute: the demo's steps as they happen, and what is pointed at in the run that it made. English, 中文. */
export const tourWords = {
  "welcome.here": [
    "Found on this machine, each recorded by one command:",
    "在这台机器上找到的程序，一条命令即可记录：",
  ],
  "welcome.no-key": ["no key", "无需密钥"],
  "tour.title": ["The demo", "演示"],
  "tour.begin": ["starting…", "正在启动…"],
  "tour.start": ["The agent starts its MCP server: {words}", "智能体启动 MCP 服务：{words}"],
  "tour.mcp": ["The server offers its tools: {words}", "服务提供工具：{words}"],
  "tour.user": ["The user asks: {words}", "用户提问：{words}"],
  "tour.model": ["The model answers: {words}", "模型回答：{words}"],
  "tour.call": ["The model asks for a tool: {words}", "模型请求工具：{words}"],
  "tour.result": ["The server's result goes back to the model", "服务的结果送回给模型"],
  "tour.error": ["An error, on purpose: {words}", "故意制造的错误：{words}"],
  "tour.over": ["Over. Opening the run that it made…", "演示结束，正在打开这次运行…"],
  "tour.failed": ["The demo broke off: {why}", "演示中断：{why}"],
  "tour.close": ["End the tour", "结束导览"],
  "tour.next": ["Next", "下一步"],
  "tour.done": ["Done", "完成"],
  "tour.of": ["{n} of {m}", "第 {n} 步，共 {m} 步"],
  "tour.lanes": ["Both wires on one clock", "两条线路，同一时间轴"],
  "tour.lanes.why": [
    "Above the model's calls: pale is waiting, solid is the answer as it streamed. Below the MCP server's. An arrow is a cause.",
    "上方是模型调用：浅色为等待，深色为流式回答；下方是 MCP 服务的调用。箭头表示因果。",
  ],
  "tour.asked": ["A tool call is two requests", "一次工具调用包含两个请求"],
  "tour.asked.why": [
    "A model runs nothing. It asks for a tool; the agent calls the server, and sends the result to the model in a new request.",
    "模型自己不执行任何东西。它请求一个工具，由智能体调用服务，再在新的请求里把结果发给模型。",
  ],
  "tour.tie": ["Asked, sent, answered, seen", "请求、发送、应答、所见"],
  "tour.tie.why": [
    "The same call on both wires, side by side, and what of the result the model really saw. The rule says how they were joined.",
    "同一次调用在两条线路上并排展示，以及模型实际看到的结果。规则说明它们是如何关联起来的。",
  ],
  "tour.first": ["Your first request is here: {what}", "收到你的第一个请求：{what}"],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

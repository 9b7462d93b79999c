/** The words of a WebSocket and of the responses that are made on one. English, 中文. */
export const socketWords = {
  "ui.socket.held": ["{n} {n:response|responses}", "{n} 个响应"],
  "socket.title": ["Responses on this socket", "此连接上的响应"],
  "socket.why": [
    "A WebSocket carries one request after another. Each response is an exchange of its own: its row, its file, its time from its own frame. The socket keeps all that passed, in both directions.",
    "一个 WebSocket 连接上会依次承载多个请求。每个响应都是一次独立的交互：有自己的一行、自己的文件，并从自己的消息开始计时。连接本身保留双向的全部内容。",
  ],
  "socket.all": ["All {n} in the list", "在列表中查看全部 {n} 个"],
  "socket.before": [
    "Said before on this socket, and still holds here: {n}",
    "此前在该连接上说明、在此仍然有效的消息：{n} 条",
  ],
  "socket.before.why": [
    "The session as it stood, calls that are answered here, what a prewarm has brought. They passed before this response, and are no part of its time.",
    "当时的会话设置、此处回答的工具调用、预热请求带来的内容。它们在此响应之前通过，不计入其用时。",
  ],
  "socket.part": ["Socket", "所属连接"],
  "socket.part.of": ["response {n} of {m}", "第 {n} 个响应，共 {m} 个"],
  "socket.part.nth": ["response {n}", "第 {n} 个响应"],
} as const;

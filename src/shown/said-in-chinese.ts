/** The program's own sentences about an exchange or a session, in Chinese: they are recorded in English, in which they are said. */

/** What stands in `$1` is a name, an address, a system's own word: it stays. */
const SENTENCES: readonly (readonly [said: RegExp, zh: string])[] = [
  [/^the client closed the connection before the response was complete$/, "客户端在响应结束前关闭了连接"],
  [/^the client closed the connection without a close frame$/, "客户端未发送关闭帧就断开了连接"],
  [/^the upstream closed the connection without a close frame$/, "上游未发送关闭帧就断开了连接"],
  [
    /^the upstream stopped in the middle of its response: it closed the connection$/,
    "上游在响应中途关闭了连接",
  ],
  [/^the upstream stopped in the middle of its response: (.*)$/s, "上游在响应中途停止：$1"],
  [/^the upstream closed the kept connection instead of answering$/, "上游没有应答，而是关闭了保持中的连接"],
  [
    /^no answer from (\S{1,2000}): it closed the connection before it answered\b.*$/s,
    "$1 没有应答：它在应答前关闭了连接",
  ],
  [/^no answer from (\S{1,2000}): .{0,2000} \((\w+)\);.*$/s, "$1 没有应答（$2）"],
  [
    /^no upstream is called ("[^"]{0,200}"); MCP servers are at (.*)$/s,
    "没有名为 $1 的上游；MCP 服务器的地址：$2",
  ],
  [
    /^no upstream is called ("[^"]{0,200}")(?:; .*)?$/s,
    "没有名为 $1 的上游；可用 `bun run status` 查看已有的上游",
  ],
  [
    /^this is MCP, and its address names no MCP server: there is none yet;.*$/s,
    "这是 MCP 请求，但地址没有指明 MCP 服务器；目前还没有，可用 `--mcp NAME=URL` 添加。请求没有发往任何地方",
  ],
  [
    /^this is MCP, and its address names no MCP server: this proxy has (.*)\. It was sent to nobody$/s,
    "这是 MCP 请求，但地址没有指明 MCP 服务器；此代理有：$1。请求没有发往任何地方",
  ],
  [
    /^this is not a forward proxy: point the client's base URL here instead of setting HTTP_PROXY to it$/,
    "这不是正向代理：请把客户端的基础地址指向这里，而不是设置 HTTP_PROXY",
  ],
  [/^the request's headers are larger than (\d+) bytes$/, "请求头超过 $1 字节"],
  [/^the request's headers did not end within (\d+) s$/, "请求头在 $1 秒内没有结束"],
  [/^its lines end with LF where HTTP has CR LF$/, "请求的各行以 LF 结尾，而 HTTP 要求 CR LF"],
  [/^that is not this proxy's token$/, "令牌不正确"],
  [
    /^too many wrong tokens came from this address; try again in some seconds$/,
    "该地址输错令牌的次数太多，请过几秒再试",
  ],
  [
    /^the Host of this request is not a name of this machine, so a web page may be behind it; --allow-host adds a name$/,
    "请求的 Host 不是本机的名称，背后可能是某个网页；可用 --allow-host 添加名称",
  ],
  [
    /^a web page asks for a server whose address holds a key, which is not spent for pages; --allow-origin names one of your own$/,
    "网页请求的服务器地址中含有密钥，不会为网页使用该密钥；可用 --allow-origin 指明你自己的网页",
  ],
  [
    /^this proxy belongs to another user of this machine: .*$/s,
    "此代理属于本机的另一位用户：请提供终端中打印的令牌，或以 --allow-remote 启动代理",
  ],
  [
    /^this proxy was started with a token: .*$/s,
    "此代理启动时设置了令牌：请提供终端中打印的令牌，或以 --allow-remote 启动代理",
  ],
  [
    /^this request comes from another machine, and what it asks for is .*$/s,
    "请求来自另一台机器，所请求的是本机或 MCP 的服务：请提供终端中打印的令牌，或以 --allow-remote 启动代理",
  ],
  [
    /^a WebSocket cannot pass here, only through the proxy's own port: .*$/s,
    "WebSocket 不能从这里通过，只能经由代理自己的端口：请用 `mcp-proxy-logger start` 启动",
  ],
  [/^it is a symbolic link, and no file: it is not opened$/, "它是符号链接而不是文件，未打开"],
  [/^it is a folder, and no file: it is not opened$/, "它是文件夹而不是文件，未打开"],
  [/^it is a (?:pipe|socket|device), and no file: it is not opened$/, "它不是普通文件，未打开"],
  [/^it is not an exchange: (.*)$/s, "它不是交互文件：$1"],
  [/^it is not a session: (.*)$/s, "它不是会话文件：$1"],
  [/^it is not JSON: (.*)$/s, "它不是 JSON：$1"],
  [/^it cannot be understood: (.*)$/s, "无法解读：$1"],
  [/^a line of more than (\d+) bytes was skipped$/, "跳过了一行超过 $1 字节的内容"],
  [/^it has format (\d+), from a later version of this program$/, "格式为 $1，来自本程序的更新版本"],
  [/^the host closed its stdin and goes on$/, "宿主关闭了 stdin，但仍在运行"],
  [/^the server closed its (stdout|stderr) and goes on$/, "服务端关闭了 $1，但仍在运行"],
  [/^interrupted$/, "中断"],
  [/^the session is not known any more$/, "服务端已不认识该会话"],
  [/^again after (.{1,40})$/, "$1 后重试"],
  [/^the recorder was killed before this exchange ended$/, "本次交互结束前，记录程序被强行终止"],
  [
    /^the recorder was killed; what came afterwards is not in the record$/,
    "记录程序被强行终止；其后的内容不在记录中",
  ],
  [
    /^cannot start (.{1,500}): there is no such program in PATH \((.{0,8000})\); a host.*$/s,
    "无法启动 $1：PATH（$2）中没有该程序；从桌面启动的宿主，其 PATH 与终端中的不同",
  ],
  [
    /^cannot start (.{1,500}): its working directory (.{1,2000}) does not exist$/s,
    "无法启动 $1：工作目录 $2 不存在",
  ],
  [
    /^cannot start (.{1,500}): (.{1,2000}) may not be executed; chmod \+x makes it a program$/s,
    "无法启动 $1：$2 没有执行权限；chmod +x 可使其成为程序",
  ],
  [
    /^cannot start (.{1,500}): it is a script for (.{1,500}), which is not there$/s,
    "无法启动 $1：它是 $2 的脚本，而 $2 不存在",
  ],
  [/^cannot start (.{1,500}): there is no such program$/s, "无法启动 $1：没有该程序"],
  [/^cannot start (.{1,500}): it is a folder$/s, "无法启动 $1：它是一个文件夹"],
  [
    /^cannot start (.{1,500}): it may not be executed; chmod .*$/s,
    "无法启动 $1：没有执行权限；chmod +x 可使脚本成为程序",
  ],
  [
    /^cannot start (.{1,500}): it is no program for this system; a script .*$/s,
    "无法启动 $1：它不是本系统的程序；脚本的首行应类似 #!/usr/bin/env node",
  ],
  [
    /^("[^\n]{1,200}"|the server) ended with (\d+) before the handshake, (.{1,20}) after its start; nothing on stderr$/,
    "$1 在握手之前以 $2 退出，距启动 $3；stderr 没有输出",
  ],
  [
    /^("[^\n]{1,200}"|the server) ended with (\d+) before the handshake, (.{1,20}) after its start; last on stderr: (.*)$/s,
    "$1 在握手之前以 $2 退出，距启动 $3；stderr 的最后几行：$4",
  ],
  [
    /^("[^\n]{1,200}"|the server) was ended by (\w+) before the handshake, (.{1,20}) after its start; nothing on stderr$/,
    "$1 在握手之前被 $2 终止，距启动 $3；stderr 没有输出",
  ],
  [
    /^("[^\n]{1,200}"|the server) was ended by (\w+) before the handshake, (.{1,20}) after its start; last on stderr: (.*)$/s,
    "$1 在握手之前被 $2 终止，距启动 $3；stderr 的最后几行：$4",
  ],
  [
    /^("[^\n]{1,200}"|the server) said nothing, and the host gave up before the handshake \((?:sent )?(.{1,40})\), (.{1,20}) after its start; (?:nothing on stderr|last on stderr: (.*?))(; it may still have been fetching.*)?$/s,
    "$1 没有发出任何消息，宿主在握手之前放弃（$2），距启动 $3。$4",
  ],
];

/** A sentence of a provider, or one that is not here, as it was said. */
export function inChinese(said: string): string {
  for (const [pattern, zh] of SENTENCES) if (pattern.test(said)) return said.replace(pattern, zh);
  return said;
}

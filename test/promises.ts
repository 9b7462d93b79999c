/** What the README promises, in both languages, and the tests that hold it: `file :: name`, or the beginning of a name. */
export type Promised = { readonly en: string; readonly zh: string; readonly by: readonly string[] };

const run = "src/read/run/book.test.ts";
const wires = "src/commands/wire.test.ts";
const runs = "src/commands/run.test.ts";

export const PROMISES: readonly Promised[] = [
  {
    en: "is on disk as JSON and live on a page at `http://localhost:8080`",
    zh: "都会以 JSON 落盘，并实时出现在 `http://localhost:8080` 的页面上",
    by: [
      "test/clients.test.ts :: openai, streamed: the chunks joined are the body, and the message is put together",
      "test/page.browser.test.ts :: a request is on the list when it comes, grows while it streams, and is done when it ends",
    ],
  },
  {
    en: "joined in one timeline",
    zh: "串成同一条时间线",
    by: [
      "test/joined.test.ts :: ids on both wires tie exactly, twins too; and under a run of ours what has none is bound",
    ],
  },
  {
    en: "one conversation of an agent in time, with its MCP sessions",
    zh: "智能体的一次对话，连同它的 MCP 会话，按时间展开",
    by: ["test/run.browser.test.ts :: the demo is one run: its tool call is tied, and opens to both wires"],
  },
  {
    en: "what the model saw of it; where they differ, it says so",
    zh: "模型看到的结果；不一致之处会指出来",
    by: [
      "test/joined.test.ts :: a step is told with both wires side by side, a request with its difference and where its tokens come from",
      "src/read/run/fidelity.test.ts :: other arguments than the model wrote are told, other white space and order are not",
    ],
  },
  {
    en: "A tie is exact (an id stands on both wires) or inferred, and names its rule",
    zh: "对应关系分为确定（两侧有相同编号）和推断，并注明依据的规则",
    by: [
      `${run} :: an id that stands on both wires ties exactly, twins too`,
      `${run} :: without ids the name, the arguments and the order tie, and what the model saw confirms it`,
    ],
  },
  {
    en: "two that fit equally are never guessed",
    zh: "两个同样符合时绝不猜测",
    by: [`${run} :: twins without ids are ambiguous, never guessed`],
  },
  {
    en: "with a filter that explains itself",
    zh: "筛选语言会说明自己的含义",
    by: ["src/filter/filter.test.ts :: a filter says what it means"],
  },
  {
    en: "as its *Story*",
    zh: "打开一次交互可看*对话*",
    by: [
      "src/web/every-panel.test.ts :: every dialect with recordings is listed, and each of its recordings is drawn whole",
      "test/detail.browser.test.ts :: text, events and time are one selection, stepped by keys",
      "test/detail.browser.test.ts :: bytes that are no text are hex, and a picture among them is shown when asked for",
      "src/read/copy-as/copy-as.test.ts :: cURL sends the same bytes, long ones and binary ones too, with the key of the environment",
    ],
  },
  {
    en: "every session as a sequence between client and server, with what breaks the protocol named by its rule",
    zh: "每个会话显示为客户端与服务端之间的时序图，违反协议之处会注明规则",
    by: [
      "test/sequence.browser.test.ts :: sections, arguments on the request, progress as one bar, what the server asks inside of its call",
      "src/read/mcp/lint.test.ts :: ${rule} is found where it is broken",
    ],
  },
  {
    en: "whatever you select (an event, a message, a header, a field, an arrow) says what it is",
    zh: "所选的任何内容（事件、消息、请求头、字段、箭头）都会说明它是什么",
    by: [
      "test/learn.browser.test.ts :: whatever is selected gets its lines: an event, a message, a header, a field, an arrow; and it is remembered",
      "src/read/learn/coverage.test.ts :: why it is here and what comes next is said for no smaller a share than before",
    ],
  },
  {
    en: "stand beside problems, and `expert:cache-hit`",
    zh: "等要点与问题并列，可用 `expert:cache-hit` 查找",
    by: [
      "src/read/milestones/milestones.test.ts :: every step has a name and a meaning in both languages",
      "src/filter/filter.test.ts :: every kind of term means what it says",
    ],
  },
  {
    en: "`/learn` has ten lessons on real recordings, and switches that break the demo on purpose",
    zh: "`/learn` 有十课，讲解真实录制，还有故意弄坏演示的开关",
    by: [
      "test/learn.browser.test.ts :: a lesson is played live, without a key, and a broken demo opens at what the linter says",
      "src/web/learn/lessons.test.ts :: the recordings show what their lessons are about",
    ],
  },
  {
    en: "it needs no key and no network, calls a tool of the weather MCP server, and appears live on both tabs",
    zh: "不需要密钥，也不需要网络；它会通过 MCP 调用天气服务的工具，两个标签页上都能实时看到",
    by: [
      "test/browser.test.ts :: the demo tells its steps, ends on the run that it made with three things pointed at, and fills both tabs",
    ],
  },
  {
    en: "every name with a dotted line (a header, a field, an event, a method) says what it means",
    zh: "带虚线的名称（消息头、字段、事件、方法） 指向即可看到解释",
    by: [
      "test/page.browser.test.ts :: a name explains itself to the pointer, to the keyboard and in the visitor's language",
    ],
  },
  {
    en: "Any path goes to the default upstream, OpenRouter's API unless `TARGET_BASE_URL` says otherwise",
    zh: "任意路径都会转发到默认上游，即 OpenRouter 的 API，可用 `TARGET_BASE_URL` 更改",
    by: [
      "src/upstreams.test.ts :: %s asks %s",
      "src/upstreams.test.ts :: the user's own upstreams and default are asked, and one that nobody knows is not",
    ],
  },
  {
    en: "`/@name/…` goes to a named one",
    zh: "`/@名称/…` 会转发到指定的上游",
    by: ["src/upstreams.test.ts :: %s asks %s"],
  },
  {
    en: "sets such variables for that process alone and leaves nothing changed behind",
    zh: "只为这一个进程设置这些变量，结束后不留下任何改动",
    by: [
      `${runs} :: gets the addresses of the APIs through the proxy; its words, output and exit code are its own`,
      `${runs} :: a kill -9 leaves nothing: no agent, no file`,
    ],
  },
  {
    en: "is asked as before, through the proxy; what cannot be recorded is said at the start and again at the end, with the number of exchanges",
    zh: "仍然照旧被访问，只是经过代理；记录不到的内容会在开始和结束时各说明一次，并给出记录的请求数",
    by: [
      `${runs} :: that asks an address of the user's own still asks it, through the proxy`,
      `${runs} :: of Gemini CLI cannot be recorded for one run: that is said, and how they can`,
      "src/commands/run/misdirects.test.ts :: a run that recorded nothing says so, and what is likely",
    ],
  },
  {
    en: "Without a key the built-in model answers",
    zh: "没有密钥时可由内置模型回答",
    by: [
      `${runs} :: whose address names an upstream of ours asks that one: the demo needs no key and no network`,
    ],
  },
  {
    en: "Your client's key passes through untouched and is masked in the record",
    zh: "客户端自己的密钥原样转发，只在记录里打码",
    by: [
      "test/secrets.test.ts :: that pass in every way are on the wire as they were, and in no file, answer, page or word of ours",
    ],
  },
  {
    en: "is added only where the client sent none",
    zh: "只有当客户端没有带密钥时，才会加上环境变量里的密钥",
    by: ["src/capture/headers.test.ts :: does not take the place of the client's"],
  },
  {
    en: "the proxy is a plug-in, and for programs that only call out there is a `fetch` that records",
    zh: "代理就是一个插件；只向外发请求的程序可以用会记录的 `fetch`",
    by: [
      "src/embed/embed.test.ts :: passes any body in any pieces byte for byte, in both directions, and the record rebuilds it",
      "src/embed/embed.test.ts :: both write into a log folder, masked, once they are stopped",
    ],
  },
  {
    en: "Prometheus scrapes `http://localhost:8080/metrics`",
    zh: "Prometheus 可以直接抓取 `http://localhost:8080/metrics`",
    by: [
      "test/metrics.test.ts :: what passed is counted, both wires, and files of an earlier time are not",
      "test/dashboard.test.ts :: every query asks for metrics that there are, by labels that they have",
      "test/otlp.test.ts :: a joined run is one trace of agent, model, tool and MCP spans, by %s",
    ],
  },
  {
    en: "Prompts and answers leave only with `--otlp-content`",
    zh: "只有加上 `--otlp-content` 才会发送提示词和回答",
    by: [
      "test/otlp.test.ts :: content leaves only where it was asked for, and what holds a credential stays",
    ],
  },
  {
    en: "recorders ship to Postgres and S3 (`--store`, `--bodies`), `bun run web` shows all of them together",
    zh: "各台机器的记录发送到 Postgres 和 S3（`--store`、`--bodies`），`bun run web` 把它们一起显示",
    by: [
      "test/team.test.ts :: two recorders are one list on two pages, each row with where it comes from, each body one click away",
    ],
  },
  {
    en: "The weather server that comes along records itself",
    zh: "自带的天气服务会记录自己",
    by: [
      "src/mcp/weather.test.ts :: lists, calls, reads and gets what the server has, and all of it is recorded",
    ],
  },
  {
    en: "The two options keep Bun from running what a `bunfig.toml` of the folder that the host is in names, and from its `.env`",
    zh: "这两个选项使 Bun 不会运行宿主所在文件夹里 `bunfig.toml` 指定的代码，也不读取那里的 `.env`",
    by: ["test/strange-folder.test.ts :: the weather server as the README writes it"],
  },
  {
    en: "is recorded by putting the tap in front of its command",
    zh: "只要在原来的命令前面加上 tap 就会被记录",
    by: [`${wires} :: a wired server is started by its host through the tap, with its own words unchanged`],
  },
  {
    en: "The bytes are the same in both directions",
    zh: "两个方向的字节都不变",
    by: [
      "src/capture/stdio/stdio.test.ts :: pass unchanged both ways: invalid UTF-8, NUL, CRLF, no final line end",
    ],
  },
  {
    en: "it shows the difference, asks, and keeps a backup",
    zh: "先显示差异并询问，再保留备份",
    by: [`${wires} :: nothing is written without a yes, and the difference is shown`],
  },
  {
    en: "gives the file back byte for byte; what you edited meanwhile stays",
    zh: "会逐字节还原配置文件；期间你自己的修改会保留",
    by: [
      `${wires} :: %s %s: wired and given back byte for byte, or left alone`,
      `${wires} :: what the host wrote since stays when the taps go`,
    ],
  },
  {
    en: "does it for the JSON, TOML or YAML file of any other host",
    zh: "其他宿主的 JSON、TOML 或 YAML 配置文件可用 `bun run wire --file PATH`",
    by: ["src/commands/wire/odd-files.test.ts :: %s (%s)"],
  },
  {
    en: "`wire` gives the host its address there while the proxy runs, or with `--http`; keys and headers stay where they are",
    zh: "代理正在运行时，或加上 `--http` 时，`wire` 会把宿主配置里的地址换成代理的地址，密钥和请求头保持原样",
    by: [
      "src/commands/wire-http.test.ts :: %s: the address is the proxy's, keys and headers stay, and unwire gives the bytes back",
      "src/commands/wire-http.test.ts :: a proxy that runs already asks where the server is, and wires by itself",
    ],
  },
  {
    en: "start with `--mcp name=https://host/mcp` and give the client `http://localhost:8000/@mcp/name`",
    zh: "启动时加上 `--mcp name=https://host/mcp`，然后让客户端使用 `http://localhost:8000/@mcp/name`",
    by: ["test/mcp-relay.test.ts :: with an id is one file from initialize to DELETE, and holds no id"],
  },
  {
    en: "careful clients refuse that behind a proxy",
    zh: "严格的客户端因此会拒绝经过代理登录",
    by: [
      "test/mcp-relay-wire.test.ts :: a server far away is asked over TLS, by its own name; what it says about itself passes",
    ],
  },
  {
    en: "Codex and OpenCode are given the proxy's address for those whose settings hold a token",
    zh: "Codex 和 OpenCode 会对这类服务使用代理地址",
    by: [
      "src/commands/run/agents.test.ts :: Codex: its address is overridden, all else stays",
      "src/commands/run/agents.test.ts :: OpenCode: the entry is laid over the user's whole, with its headers",
    ],
  },
  {
    en: "are asked directly and named",
    zh: "仍直接访问并列出名字",
    by: [
      "src/commands/run/agents.test.ts :: %s: a server over HTTP is said not to be recorded, one behind a proxy of ours is",
    ],
  },
  {
    en: "A flag is stronger than a variable, a variable stronger than its line in `.env`",
    zh: "命令行选项优先于环境变量，环境变量优先于 `.env` 文件",
    by: [
      "src/config/stronger.test.ts :: %s is stronger than its variable, and its variable than the default",
      "src/config/stronger.test.ts :: a variable of the shell is stronger than its line in the project's .env, a flag than both",
    ],
  },
  {
    en: "this machine is always reached directly",
    zh: "本机地址总是直连",
    by: [
      "src/capture/network.test.ts :: HTTPS_PROXY is for https, HTTP_PROXY for http, neither for this machine",
    ],
  },
  {
    en: "For a proxy or a gateway with a certificate of its own",
    zh: "代理或网关使用自己的证书时",
    by: ["src/capture/faults.test.ts :: NODE_EXTRA_CA_CERTS adds an authority for upstreams"],
  },
  {
    en: "Upstreams are asked in HTTP/1.1; one that speaks HTTP/2 alone is asked in that, and the record says so",
    zh: "对上游使用 HTTP/1.1；只支持 HTTP/2 的上游则使用 HTTP/2，记录中会注明",
    by: [
      "src/capture/http2/http2.test.ts :: an upstream that speaks both is asked in HTTP/1.1",
      "src/capture/http2/http2.test.ts :: a request and its response pass",
    ],
  },
  {
    en: "`logs/index.sqlite` is a cache that may be deleted",
    zh: "`logs/index.sqlite` 只是缓存，可以删除",
    by: [
      "test/joined.test.ts :: a capture that is copied in, and one whose index was deleted, has the same run",
    ],
  },
  {
    en: "Files from a colleague, copied in, appear on the page",
    zh: "把同事的文件复制进来，就会出现在页面上",
    by: [
      "test/joined.test.ts :: a capture that is copied in, and one whose index was deleted, has the same run",
    ],
  },
  {
    en: "one exchange: `method`, `path`, `target`",
    zh: "一次交互：`method`、`path`、`target`",
    by: [
      "test/format.test.ts :: every member of an exchange file stands in the document",
      "test/answers.test.ts :: what a route answers is what it says, without a member more",
    ],
  },
  {
    en: "one MCP session, a line for each message as it passes",
    zh: "一次 MCP 会话，每条消息经过时写一行",
    by: ["test/format.test.ts :: every member of every kind of line of a session stands in the document"],
  },
  {
    en: "Lines of stderr and lines that are not JSON-RPC are kept too",
    zh: "stderr 的内容和不是 JSON-RPC 的行也会保留",
    by: ["src/capture/stdio/stdio.test.ts :: of stderr pass and are recorded, apart from stdout"],
  },
  {
    en: "`logs/spool/` holds what is in flight",
    zh: "`logs/spool/` 是进行中的内容",
    by: ["test/secrets.test.ts :: that are in flight are masked in the spool too"],
  },
  {
    en: "on the next start it becomes files with the ending `interrupted`",
    zh: "下次启动时，它们会成为以 `interrupted` 结尾的文件",
    by: [
      "test/lifetime.test.ts :: killed in the middle of a stream, the next start has every chunk in an interrupted file",
      "test/capture.test.ts :: killed at any moment under load, the next start has every exchange once: complete with its whole body, or interrupted",
    ],
  },
  {
    en: "is there when something could not even become a file",
    zh: "只在有内容无法写成文件时出现",
    by: [
      "src/observer/own-faults.test.ts :: what cannot be a file is set aside with its facts and the reason, also for the next run to tell",
    ],
  },
  {
    en: "An exchange that only could not be read is a file as ever, with its bodies as they came and the `reason`",
    zh: "仅仅无法解读的交互仍是普通文件， 正文保持原样，并带有 `reason`",
    by: [
      "src/observer/own-faults.test.ts :: costs its exchange the reading: it is kept as it came, and those around it are as ever",
    ],
  },
  {
    en: "Every member of every file",
    zh: "每个文件的每个字段",
    by: ["test/format.test.ts :: every member of an exchange file stands in the document"],
  },
  {
    en: "is described at `http://localhost:8080/api/openapi.json`, its frames (`WS /ws`)",
    zh: "见 `http://localhost:8080/api/openapi.json`，实时帧（`WS /ws`）",
    by: [
      "test/answers.test.ts :: every route says what it answers, and each is asked here",
      "test/answers.test.ts :: what the socket tells is what it says, without a member more",
      "src/feed/socket-doc.test.ts :: docs/socket.md names every frame that there is",
    ],
  },
  {
    en: "The client gets the upstream's body bytes, unchanged, in the same pieces, when they come; and so does the upstream the client's",
    zh: "客户端收到的，就是上游发出的正文字节：不改变，分块相同，随到随发；反方向也一样",
    by: [
      "src/capture/property.test.ts :: random traffic is identical to direct traffic, and the record rebuilds it",
      "src/capture/testkit/contract/bodies.ts :: pieces of a ${framing} response arrive as they are said, each before the next",
      "src/capture/testkit/contract/bodies.ts :: pieces of a ${framing} request arrive as they are said, each before the next",
    ],
  },
  {
    en: "Headers keep their meaning; the connection's own (RFC 9110, 7.6.1) are each side's affair",
    zh: "首部保持原意；连接本身的首部 （RFC 9110，7.6.1）由两端各自处理",
    by: [
      "src/capture/testkit/contract/heads.ts :: a request and its response pass with nothing added that the two sides did not say",
      "src/capture/testkit/contract/heads.ts :: headers that belong to the hop stay on the hop",
    ],
  },
  {
    en: "Recording happens beside the traffic, never in its way",
    zh: "记录在旁边进行，绝不挡路",
    by: [
      "src/capture/record/recording.test.ts :: an error of the recorder costs a part of that exchange's record, and the traffic nothing",
      "src/capture/record/fact-queue.test.ts :: a decoder that hangs does not hang the traffic",
      "test/disk.test.ts :: a full disk: traffic goes on, it is said, and all is written when there is room",
    ],
  },
  {
    en: "its origin becomes a comment of the same length, so that the posts come through the proxy too",
    zh: "其中的源会变成等长的注释，让投递也经过代理",
    by: [
      "src/capture/mcp/endpoints.test.ts :: an absolute address of the server itself leads through the proxy; nothing else of the stream moves",
    ],
  },
  {
    en: "A redirect of an MCP server, or a relative one of a named upstream, leads through the proxy",
    zh: "MCP 服务端的重定向、具名上游的相对重定向，都会指回代理",
    by: [
      "src/capture/mcp/location.test.ts :: an MCP server at %s that redirects to %s",
      "src/capture/mcp/location.test.ts :: a relative redirect of a named upstream stays with it, and none of the default's changes",
    ],
  },
  {
    en: "What is MCP and names no server is sent to nobody",
    zh: "属于 MCP 却没有写明服务端的请求，不会发给任何人",
    by: [
      "src/capture/mcp/endpoints.test.ts :: what no stream has named is not sent to a model's API",
      "test/mcp-addresses.test.ts :: however the body is cut, and nothing of it leaves before it is known",
    ],
  },
  {
    en: "Both ports listen on this machine only, unless you say otherwise, and check `Host`",
    zh: "两个端口都只在本机监听，并且检查 `Host`",
    by: [
      "src/capture/admission.test.ts :: a request that was sent to the host %p is refused, whatever it asks for",
      "src/web/app.test.ts :: a request with another host's name is refused, whatever it asks for",
    ],
  },
  {
    en: "Other users of the machine are kept out where the system tells them apart (Linux)",
    zh: "在系统能区分用户的地方（Linux），本机的其他用户进不来",
    by: [
      "src/capture/admission.test.ts :: another user of this machine is not let in, unless the token is said",
    ],
  },
  {
    en: "Opened further, other machines may send requests with keys of their own",
    zh: "向外开放后，其他机器可以带着自己的密钥发请求",
    by: [
      "src/capture/admission.test.ts :: does not reach %s",
      "test/lifetime.test.ts :: listening beyond this machine, the page asks for the token that the terminal printed; `off` asks for none",
      "test/safety.test.ts :: who says the token is let in",
    ],
  },
  {
    en: "Credentials are masked before they reach the disk, alike in headers, URLs, cookies, bodies, messages, MCP lines, stderr and commands; the same key gives the same mask",
    zh: "凭据在落盘之前打码，首部、URL、cookie、正文、消息、MCP 的每一行、stderr 和命令行都一样；同一个密钥的打码结果相同",
    by: [
      "test/secrets.test.ts :: that pass in every way are on the wire as they were, and in no file, answer, page or word of ours",
      "test/secret-texts.test.ts :: the same credential has the same mask in every way",
    ],
  },
  {
    en: "They are known by their names, by the forms that makers give them, and by being what the client signed in with",
    zh: "以及是否与客户端登录所用的相同",
    by: [
      "test/secret-texts.test.ts :: no credential is missed",
      "src/capture/record/mask-body.test.ts :: what the client signed in with is masked wherever it is said again, and only that",
      "src/capture/record/recording.test.ts :: a key that a model says in deltas is on the wire and in no fact, cut anywhere",
    ],
  },
  {
    en: "Compressed bodies are decompressed for that, and what neither can be nor is text is not kept",
    zh: "压缩过的正文会 先解压，无法解压又不是文本的不予保存",
    by: [
      "src/capture/record/recording.test.ts :: a key in a %s body is on the wire and in no fact, wherever it is cut",
      "src/capture/record/recording.test.ts :: what cannot be decoded is not told where a key may be in it",
    ],
  },
  {
    en: "Anything else that people write is recorded as it is",
    zh: "其余内容会原样记录",
    by: ["test/secret-texts.test.ts :: no harmless text is changed"],
  },
  {
    en: "The page checks `Host` and `Origin`, runs no inline script, loads nothing from elsewhere, and shows recorded text as text",
    zh: "页面检查 `Host` 和 `Origin`，没有内联脚本，不从别处加载任何东西，记录的文字只当作文字显示",
    by: [
      "src/web/app.test.ts :: a page of another origin gets nothing, our own page and programs do",
      "src/web/app.test.ts :: every answer carries the strict policy, errors and files included",
      "src/web/pages.test.ts :: scripts stay small, and nothing is loaded from elsewhere",
      "test/page.browser.test.ts :: hostile recordings stay text: nothing runs, nothing is loaded",
    ],
  },
  {
    en: "A key of yours is never spent for a web page, but one that `--allow-origin` names",
    zh: "你的密钥永远不会用于网页发起的请求，`--allow-origin` 指明的页面除外",
    by: [
      "test/upstreams.test.ts :: a key from the environment is spent for programs on this machine, not for a web page, but one that is named",
      "test/keys.browser.test.ts :: a page of one's own that was named spends it",
    ],
  },
  {
    en: "What a browser shows of an upstream is shown in a sandbox",
    zh: "浏览器打开的上游内容都放在沙箱里",
    by: [
      "src/capture/testkit/contract/heads.ts :: what is to be shown as a page is shown in a sandbox, and nothing else: %s",
    ],
  },
];

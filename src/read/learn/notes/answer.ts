/** What an answer carries, whatever a dialect calls it: its beginning, its pieces, its end, its account. */
import { note, type Notes } from "../note.ts";

export const ofAnswers: Notes = [
  note(
    "same stream-start",
    [
      "The stream opens: an empty message, with its id and model, before any word of it.",
      "流开始：先是一条空消息，带有 id 和模型，还没有任何文字。",
    ],
    ["A first part begins: thinking, text or a tool call.", "接着开始第一个部分：思考、文本或工具调用。"],
  ),
  note(
    "same part-start",
    [
      "An answer is made of parts, one after the other. This one says what kind the next pieces belong to.",
      "回答由依次出现的多个部分组成。它说明接下来的片段属于哪一类。",
    ],
    ["Pieces of this part, until it is closed.", "接下来是该部分的片段，直到它结束。"],
  ),
  note(
    "same part-stop",
    [
      "Nothing more comes for this part: a call's arguments are whole now and can be parsed.",
      "该部分不会再有内容：调用的参数此时已完整，可以解析。",
    ],
    ["Another part begins, or the message ends.", "接着开始另一部分，或消息结束。"],
  ),
  note(
    "same text-delta",
    [
      "A piece of the text, as soon as it was generated. A piece is not a token and not a network read: it may hold several tokens.",
      "一生成就发出的一段文本。一个片段不等于一个 token，也不等于一次网络读取：它可能含多个 token。",
    ],
    ["More pieces: the client appends each to what it has.", "更多片段：客户端逐个追加到已有文本之后。"],
  ),
  note(
    "same delta",
    [
      "Only what is new travels: a stream never repeats what it has said.",
      "只传输新增内容：流不会重复已发送的部分。",
    ],
    ["The client appends it to the part it belongs to.", "客户端把它追加到所属的部分。"],
  ),
  note(
    "same reasoning-delta",
    [
      "The model thinks aloud before it answers; some providers show all of it, some a summary, some nothing.",
      "模型在回答前出声思考；有的服务商全部展示，有的只给摘要，有的完全不展示。",
    ],
    ["Then the answer itself, or a tool call.", "之后是回答本身，或工具调用。"],
  ),
  note(
    "same reasoning-text",
    [
      "What the model thought before it answered. It is for understanding, not for showing to users as the answer.",
      "模型回答前的思考。用于理解，而不是作为回答展示给用户。",
    ],
    [
      "Some APIs want it back unchanged in the next request when tools are used.",
      "使用工具时，有些 API 要求在下一个请求中原样带回。",
    ],
  ),
  note(
    "same reasoning-signature",
    [
      "Proof that the thinking comes from the provider: it is checked when it is sent back.",
      "证明思考内容来自服务商：带回时会校验。",
    ],
    [
      "The next request carries the thinking back with it, untouched.",
      "下一个请求会连同它一起原样带回思考内容。",
    ],
  ),
  note(
    "same arguments-delta",
    [
      "The model writes a call's arguments as text, token by token: each event has a few characters of JSON.",
      "模型逐个 token 以文本写出调用的参数：每个事件只含几个字符的 JSON。",
    ],
    [
      "Join all pieces first, parse then: until the call is closed it is no JSON.",
      "先拼接全部片段再解析：调用结束之前它还不是合法 JSON。",
    ],
  ),
  note(
    "same tool-calls",
    [
      "The model does not run tools: it asks for one, and the answer ends.",
      "模型不会运行工具：它提出请求，回答随即结束。",
    ],
    ["The client runs it and sends the result in a new request.", "客户端运行它，并在新的请求中发送结果。"],
  ),
  note(
    "same tool-call-name",
    ["Which of the offered tools is wanted.", "想要调用哪个工具。"],
    ["Its arguments, and then the end of the answer.", "接着是参数，然后回答结束。"],
  ),
  note(
    "same tool-call-id",
    [
      "The provider names each call, so that its result can be told from others.",
      "服务商为每个调用编号，以便区分各自的结果。",
    ],
    ["The result comes back under the same id.", "结果会以相同的 id 返回。"],
  ),
  note(
    "same tool-arguments",
    [
      "Written by the model after the tool's schema: a text that should be JSON, not a promise that it is.",
      "模型按工具的 schema 写出：应当是 JSON 的文本，但并不保证。",
    ],
    ["The client parses and checks it, then runs the tool.", "客户端解析并校验后再运行工具。"],
  ),
  note(
    "same answer-text",
    ["What the model says to the user.", "模型对用户说的话。"],
    [
      "It becomes part of the conversation that the next request sends.",
      "它会成为下一个请求所发送对话的一部分。",
    ],
  ),
  note(
    "same choices",
    [
      "A list, as several answers may be asked for; mostly it has one.",
      "这是列表，因为可以请求多个回答；通常只有一个。",
    ],
    ["Clients read the first.", "客户端读取第一个。"],
  ),
  note(
    "same stop-reason",
    [
      "Why generation ended is not seen from the text: the client has to know whether to run a tool, to go on, or to stop.",
      "从文本看不出为何停止：客户端需要知道该运行工具、继续还是结束。",
    ],
    [
      "Finished, the turn is over; for a tool, the client runs it; at a limit, the rest is missing.",
      "正常结束则本轮完成；若为工具，客户端去执行；若达到上限，则缺少后续内容。",
    ],
  ),
  note(
    "same stopped-end",
    ["The model had said all that it wanted to say.", "模型已经说完。"],
    ["It is the user's turn.", "轮到用户。"],
  ),
  note(
    "same stopped-tool",
    ["The model waits for a tool: the turn is not over.", "模型在等待工具：本轮尚未结束。"],
    ["A new request with the tool's result.", "接下来是带有工具结果的新请求。"],
  ),
  note(
    "same stopped-length",
    ["The limit of tokens was reached before the model was done.", "模型尚未说完就达到了 token 上限。"],
    ["Ask again with a higher limit, or let it go on.", "提高上限再次请求，或让它继续。"],
  ),
  note(
    "same end-of-stream",
    [
      "HTTP cannot tell a finished stream from one that broke: the last event can.",
      "HTTP 无法区分正常结束与中断的流：最后一个事件可以。",
    ],
    ["Nothing. Without it, take the answer for incomplete.", "没有后续。缺少它时应视回答为不完整。"],
  ),
  note(
    "same keep-alive",
    [
      "Silence looks like a broken connection to proxies; a sign of life now and then prevents that.",
      "代理会把长时间沉默当作断线；偶尔发送的信号可避免这种情况。",
    ],
    [
      "Nothing is expected of it; the next real event may take a while.",
      "无需处理；下一个真正的事件可能还要等。",
    ],
  ),
  note(
    "same error-in-stream",
    [
      "The status 200 was sent before anything went wrong, so the error can only come inside the stream.",
      "出错之前状态码 200 已经发出，错误只能出现在流中。",
    ],
    ["The stream ends here; what came before stands.", "流到此结束；之前的内容仍然有效。"],
  ),
  note(
    "same usage",
    [
      "What will be billed: the provider counts tokens, and only it can.",
      "计费依据：token 由服务商统计，也只有它能统计。",
    ],
    [
      "In a stream it comes at the end, when everything is known.",
      "在流中它出现在末尾，此时才知道全部数量。",
    ],
  ),
  note(
    "same input-tokens",
    [
      "All that was sent, tools and earlier turns included: it grows with every turn.",
      "发送的全部内容，包括工具和之前的轮次：每一轮都在增长。",
    ],
    ["The next turn has these and the answer on top.", "下一轮在此基础上再加上本次回答。"],
  ),
  note(
    "same output-tokens",
    [
      "What was generated, thinking included. It costs several times what input costs.",
      "生成的内容，包括思考。单价是输入的数倍。",
    ],
    ["It is input of the next request.", "它会成为下一个请求的输入。"],
  ),
  note(
    "same reasoning-tokens",
    ["Thinking is output: paid, whether it is shown or not.", "思考属于输出：无论是否展示都要计费。"],
    ["Less effort in the request makes it fewer.", "在请求中降低思考强度可以减少它。"],
  ),
  note(
    "same cached-tokens",
    [
      "The beginning of the prompt was the same as before: it was read from the cache, quicker and for a fraction of the price.",
      "提示的开头与之前相同：从缓存读取，更快，价格也只是一小部分。",
    ],
    ["The cache lives some minutes and longer with each hit.", "缓存保留数分钟，每次命中都会延长。"],
  ),
  note(
    "same cache-write-tokens",
    [
      "This part of the prompt was not in the cache and is now.",
      "提示的这一部分此前不在缓存中，现在已写入。",
    ],
    ["The next request with the same beginning reads it.", "下一个开头相同的请求会读取它。"],
  ),
  note(
    "same response-id",
    ["The provider's name for this answer.", "服务商为该回答起的编号。"],
    [
      "Give it when you ask for support; some APIs go on from it.",
      "联系支持时提供它；有些 API 可据此继续对话。",
    ],
  ),
  note(
    "same index",
    [
      "Parts may grow side by side: the number says which one a piece belongs to.",
      "多个部分可能同时增长：编号说明片段属于哪一个。",
    ],
    ["Pieces with the same number are joined.", "编号相同的片段拼接在一起。"],
  ),
  note(
    "same citations",
    ["Where the answer has its facts from.", "回答所依据的来源。"],
    ["They are shown beside the sentence they belong to.", "它们显示在对应语句旁边。"],
  ),
  note(
    "openai-chat event chat.completion.chunk",
    [
      "Every event of this API has the same name; what is in `delta` says what it brings.",
      "该 API 的所有事件同名；`delta` 中的内容说明它带来什么。",
    ],
    [
      "More chunks; one with `finish_reason`, perhaps one with the usage, and `[DONE]`.",
      "更多片段；带 `finish_reason` 的一个，可能还有带用量的一个，最后是 `[DONE]`。",
    ],
  ),
  note(
    "anthropic-messages event message_delta",
    [
      "Changes of the message as a whole: why it stopped, and how many tokens it has become.",
      "整条消息的变化：停止原因，以及最终的 token 数。",
    ],
    ["`message_stop`, the last event.", "`message_stop`，即最后一个事件。"],
  ),
  note(
    "openai-responses event response.in_progress",
    ["The request was accepted and the model is at work.", "请求已被接受，模型正在工作。"],
    ["The first item of the output begins.", "输出的第一个条目即将开始。"],
  ),
  note(
    "openai-responses event response.output_text.done",
    [
      "The text once more, whole: whoever only wants the result may ignore all its pieces.",
      "完整文本再发一次：只要结果的客户端可以忽略所有片段。",
    ],
    ["Its part and then its item are closed.", "接着关闭它所在的部分和条目。"],
  ),
  note(
    "openai-responses event response.function_call_arguments.done",
    ["The arguments once more, whole: now they can be parsed.", "完整参数再发一次：现在可以解析。"],
    ["The item is closed, and the response completes.", "条目关闭，响应随后完成。"],
  ),
  note(
    "openai-responses event response.reasoning_summary_part.added",
    ["A paragraph of the summary of the model's thinking begins.", "模型思考摘要的一个段落开始。"],
    ["Its text in pieces.", "接着是它的文本片段。"],
  ),
  note(
    "gemini event array element",
    [
      "Without `alt=sse` Gemini streams one JSON list, and each element is an event.",
      "不带 `alt=sse` 时，Gemini 以一个 JSON 数组流式返回，每个元素是一个事件。",
    ],
    [
      "More elements; the last has a `finishReason`, and the list is closed.",
      "更多元素；最后一个带 `finishReason`，随后数组结束。",
    ],
  ),
  note(
    "bedrock-converse event messageStop",
    ["The message is whole, and this says why it ended.", "消息已完整，这里说明结束原因。"],
    ["`metadata` with usage and latency.", "接着是带用量和延迟的 `metadata`。"],
  ),
  note(
    "ollama event line of NDJSON",
    [
      "Ollama sends a line of JSON for each piece, without event names.",
      "Ollama 每个片段发送一行 JSON，没有事件名。",
    ],
    ["Lines until one with `done: true`, which has the counts.", "直到出现带计数的 `done: true` 一行。"],
  ),
];

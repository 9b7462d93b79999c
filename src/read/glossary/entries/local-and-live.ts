/** Servers in their own shape (text-generation-inference, llama.cpp), Gemini Live, Google's pictures and films, Bedrock's agents. */
import { entriesOf, type Entry } from "../entry.ts";

const tgi = entriesOf("text-generation", "https://huggingface.github.io/text-generation-inference/");
const llama = entriesOf(
  "llama-cpp",
  "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
);
const live = entriesOf("gemini-live", "https://ai.google.dev/api/live");
const predict = entriesOf("gemini-predict", "https://ai.google.dev/gemini-api/docs/imagen");
const bedrock = entriesOf(
  "bedrock-agent",
  "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_InvokeAgent.html",
);

export const localAndLive: readonly Entry[] = [
  tgi.field("inputs", "The text that the model goes on with.", "模型要续写的文本。", { same: "prompt" }),
  tgi.field(
    ["parameters", "parameters.max_new_tokens", "parameters.details"],
    "How to generate, how many tokens at most, and whether to tell more than the text.",
    "生成方式、最多 token 数，以及是否返回文本以外的信息。",
  ),
  tgi.field(
    ["generated_text", "[].generated_text"],
    "The whole text; in a stream only the last event has it.",
    "完整文本；流式时只有最后一个事件带有它。",
  ),
  tgi.field(
    ["token", "token.id", "token.text", "token.logprob", "token.special", "index"],
    "One token: its number, its text, how likely it was, and whether it is a mark that is no text.",
    "一个 token：编号、文本、概率，以及是否为非文本标记。",
  ),
  tgi.field(
    ["details", "details.generated_tokens", "details.input_length"],
    "The counts of the answer.",
    "回答的计数。",
  ),
  tgi.field("details.finish_reason", "Why the text ended.", "文本结束的原因。", { same: "stop-reason" }),

  llama.field("n_predict", "How many tokens the answer may have at most.", "回答最多可有的 token 数。", {
    same: "max-output",
  }),
  llama.field("content", "The next piece of text, or all of it.", "下一段文本，或全部文本。"),
  llama.field(
    ["stop", "stop_type", "stopping_word"],
    "Whether this is the end, and what ended it.",
    "是否已结束，以及结束的原因。",
  ),
  llama.field(
    ["tokens_predicted", "tokens_evaluated", "tokens_cached", "tokens"],
    "How many tokens were generated, read, and lie in the cache now; or the tokens themselves.",
    "生成、读取及现存于缓存中的 token 数；或 token 本身。",
  ),
  llama.field(
    ["id_slot", "index", "truncated"],
    "Which slot of the server answers, and whether the prompt was cut.",
    "由服务器的哪个槽作答，以及提示是否被截断。",
  ),

  live.field(
    ["setup", "setup.model", "setup.tools"],
    "The first message: how the session should be.",
    "首条消息：会话的设置。",
  ),
  live.field("setupComplete", "The server is ready.", "服务器已就绪。"),
  live.field(
    ["clientContent", "clientContent.turns", "clientContent.turnComplete"],
    "What the user says in words; with the last part of it the model may answer.",
    "用户以文字说的内容；说完后模型即可回答。",
  ),
  live.field(
    ["serverContent", "serverContent.modelTurn"],
    "The next pieces of what the model says.",
    "模型所说内容的下一批片段。",
  ),
  live.field(
    ["serverContent.turnComplete", "serverContent.generationComplete", "serverContent.interrupted"],
    "The model has made, or said, all of its turn; or the user spoke in between.",
    "模型已生成或说完本轮；或被用户打断。",
  ),
  live.field(
    ["toolCall", "toolCall.functionCalls", "functionCalls[].id", "functionCalls[].name"],
    "Functions that the client should run now.",
    "客户端现在应执行的函数。",
    { same: "tool-calls" },
  ),
  live.field("functionCalls[].args", "The arguments of this call.", "该调用的参数。", { below: "own" }),
  live.field(
    ["toolResponse", "toolResponse.functionResponses", "functionResponses[].id", "functionResponses[].name"],
    "What the functions gave, each under its call's id.",
    "各函数的结果，按调用 id 对应。",
  ),
  live.field("functionResponses[].response", "What this function gave.", "该函数返回的内容。", {
    below: "own",
  }),
  live.field("usageMetadata.responseTokenCount", "Tokens of the answer.", "回答的 token 数。", {
    same: "output-tokens",
  }),

  predict.field(
    ["instances", "instances[].prompt"],
    "What is to be drawn or filmed.",
    "要绘制或拍摄的内容。",
    { same: "prompt" },
  ),
  predict.field(
    ["parameters", "parameters.sampleCount"],
    "How to make it, and how many.",
    "制作方式与数量。",
  ),
  predict.field(
    ["predictions", "predictions[].bytesBase64Encoded", "predictions[].mimeType"],
    "The pictures that were made, with their type.",
    "生成的图片及其类型。",
  ),
  predict.field(
    ["$.name", "$.done", "$.response"],
    "A job in the background: its name, whether it is over, and its result.",
    "后台任务：名称、是否完成及结果。",
  ),
  predict.field(
    ["generateVideoResponse", "generatedSamples", "generatedSamples[].video", "video.uri"],
    "The films that were made, and where they lie.",
    "生成的影片及其位置。",
  ),

  bedrock.field("inputText", "What the user says to the agent.", "用户对智能体说的话。", { same: "prompt" }),
  bedrock.field(
    "enableTrace",
    "Whether the agent tells what it thinks and does.",
    "智能体是否报告其思考与行动。",
  ),
  bedrock.event("chunk", "The next piece of the agent's answer.", "智能体回答的下一片段。"),
  bedrock.event("trace", "What the agent thought or did on the way.", "智能体在过程中的思考或行动。"),
  bedrock.event("returnControl", "The agent asks the client to run something.", "智能体请客户端执行某事。"),
  bedrock.field(
    ["bytes", "attribution", "attribution.citations"],
    "A piece of text as base64, and its sources.",
    "base64 形式的文本片段及其来源。",
  ),
  bedrock.field(
    [
      "citations[].generatedResponsePart",
      "generatedResponsePart.textResponsePart",
      "textResponsePart.text",
      "citations[].retrievedReferences",
    ],
    "Which words come from which source.",
    "哪些文字来自哪个来源。",
  ),
  bedrock.field(
    ["agentId", "sessionId"],
    "Which agent, and which conversation with it.",
    "所用智能体及与其的会话。",
  ),
  bedrock.field(
    ["trace.orchestrationTrace", "orchestrationTrace.rationale", "rationale.text", "rationale.traceId"],
    "Why the agent does what it does next.",
    "智能体下一步行动的理由。",
  ),
  bedrock.field(
    [
      "invocationId",
      "invocationInputs",
      "invocationInputs[].functionInvocationInput",
      "functionInvocationInput.actionGroup",
      "functionInvocationInput.function",
    ],
    "Which function of which group should run, under which id.",
    "应执行哪个组的哪个函数，及其 id。",
  ),
  bedrock.field(
    [
      "functionInvocationInput.parameters",
      "functionInvocationInput.parameters[].name",
      "functionInvocationInput.parameters[].value",
    ],
    "Its arguments, one by one.",
    "其各个参数。",
  ),
];

/** The smaller APIs of OpenAI: completions, embeddings, moderations, transcription, images, the list of models. */
import { entriesOf, type Entry } from "../entry.ts";

const EMBEDDINGS = "https://platform.openai.com/docs/api-reference/embeddings";
const MODERATIONS = "https://platform.openai.com/docs/api-reference/moderations";
const AUDIO = "https://platform.openai.com/docs/api-reference/audio";
const IMAGES = "https://platform.openai.com/docs/api-reference/images";
const COMPLETIONS = "https://platform.openai.com/docs/api-reference/completions";
const MODELS = "https://platform.openai.com/docs/api-reference/models";

const embeddings = entriesOf("openai-embeddings", EMBEDDINGS);
const moderations = entriesOf(["openai-moderations", "openai-chat"], MODERATIONS);
const audio = entriesOf("openai-audio", AUDIO);
const images = entriesOf("openai-images", IMAGES);
const completions = entriesOf("openai-completions", COMPLETIONS);
const models = entriesOf("models", MODELS);

export const openaiOthers: readonly Entry[] = [
  embeddings.field("$.input", "The text or texts to turn into vectors.", "要转换为向量的文本。", {
    same: "embedding-input",
  }),
  embeddings.field(
    "encoding_format",
    "Whether vectors come as numbers (`float`) or packed as `base64`, which is shorter.",
    "向量以数字（`float`）还是更紧凑的 `base64` 返回。",
  ),
  embeddings.field(
    ["dimensions", "output_dimension"],
    "How many numbers each vector should have. Fewer take less space and are a little less exact.",
    "向量的维数，越少越省空间，但精度略降。",
    { same: "dimensions" },
  ),
  embeddings.field(
    ["input_type", "truncation", "output_dtype"],
    "Voyage: what the text is for, whether it may be cut, and the type of the numbers.",
    "Voyage：文本用途、是否允许截断、数值类型。",
    { source: "https://docs.voyageai.com/reference/embeddings-api" },
  ),
  embeddings.field("$.data", "The vectors, one for each text.", "向量列表，与输入文本一一对应。", {
    same: "embedding",
  }),
  embeddings.field(
    "data[].embedding",
    "The vector: a list of numbers that stands for the meaning of the text. Near vectors mean similar things.",
    "向量：代表文本含义的一组数字，距离越近含义越相似。",
    { same: "embedding" },
  ),
  embeddings.field(
    ["data[].index", "data[].object"],
    "Which input text this vector belongs to.",
    "该向量对应第几个输入文本。",
  ),
  moderations.field("$.input", "The texts or images to check.", "要审核的文本或图片。", {
    where: ["openai-moderations"],
  }),
  moderations.field(
    [
      "moderation.input",
      "moderation.output",
      "output.results",
      "output.model",
      "input.model",
      "input.results",
    ],
    "What the check found in the input, or in the output.",
    "对输入或输出的审核结果。",
    { where: ["openai-chat"] },
  ),
  moderations.field("results", "A finding for each input.", "每个输入的审核结果。"),
  moderations.field("results[].flagged", "Whether anything at all was found.", "是否发现违规内容。", {
    same: "safety",
  }),
  moderations.field(
    ["categories", "results[].categories"],
    "For each kind of harm, whether it was found.",
    "各危害类别是否命中。",
    { below: "own" },
  ),
  moderations.field(
    ["category_scores", "results[].category_scores"],
    "For each kind of harm, how sure the check is, from 0 to 1.",
    "各危害类别的置信度，0 到 1。",
    { below: "own" },
  ),
  moderations.field(
    "category_applied_input_types",
    "For each kind of harm, whether text or image was checked for it.",
    "各危害类别检查的是文本还是图片。",
    { below: "own" },
  ),
  moderations.field("results[].model", "The moderation model.", "所用的审核模型。"),
  audio.field("file", "The recording, sent as a file of a form.", "音频文件，以表单文件的形式上传。"),
  audio.field(
    ["file.filename", "file.type", "file.bytes"],
    "Name, format and size of the uploaded file, as this recorder shows it.",
    "上传文件的名称、格式与大小，由记录器标注。",
  ),
  audio.field(
    ["language", "prompt", "response_format", "timestamp_granularities"],
    "Hints for the transcription: the language, expected words, the form of the result.",
    "转写的提示：语言、可能出现的词、结果格式。",
  ),
  audio.field("$.text", "What was said.", "转写出的文字。", { same: "answer-text" }),
  audio.field(
    ["segments", "words", "duration"],
    "The text with times, or how long the recording is.",
    "带时间的文本，或音频时长。",
  ),
  audio.field(
    "usage.type",
    "Whether the call is billed by tokens or by seconds.",
    "按 token 还是按时长计费。",
  ),
  audio.event("transcript.text.delta", "The next words of the transcription.", "转写文字的下一段。", {
    same: "text-delta",
  }),
  audio.event(
    "transcript.text.done",
    "The whole transcription, with the token counts.",
    "完整的转写文字与 token 用量。",
    { same: "end-of-stream" },
  ),
  images.field("$.prompt", "What the image should show.", "图片内容的描述。"),
  images.field(
    ["size", "quality", "style", "background", "output_format", "output_compression"],
    "How the image should look as a file: size, quality, format.",
    "图片的尺寸、质量、格式等。",
  ),
  images.field("$.data", "The images that were made.", "生成的图片。"),
  images.field(
    ["b64_json", "data[].url"],
    "The image in base64, or the address where it can be fetched for a while.",
    "base64 图片，或限时有效的下载地址。",
  ),
  images.field(
    "revised_prompt",
    "The prompt as the model rewrote it before drawing.",
    "模型改写后实际使用的提示词。",
  ),
  completions.field(
    "$.prompt",
    "The text that the model goes on writing. There are no roles.",
    "让模型续写的文本，没有角色之分。",
  ),
  completions.field(
    ["best_of", "echo", "suffix"],
    "Older settings: choose the best of several, repeat the prompt, or write up to a given end.",
    "旧式设置：多选一、回显提示词，或在给定结尾之前补全。",
  ),
  completions.field(
    "$.logprobs",
    "How many likely alternatives to list at each token.",
    "每个 token 列出多少个候选。",
    { side: "request" },
  ),
  models.field(["$.data", "$.models"], "The models that this key can use.", "该密钥可用的模型。"),
  models.field(
    ["data[].id", "models[].name"],
    "The model's name, as it is written in requests.",
    "模型名，请求时使用。",
    { same: "model" },
  ),
  models.field(
    ["data[].created", "data[].owned_by", "data[].object"],
    "When the model was made, and by whom.",
    "模型的创建时间与所有者。",
  ),
  models.field("$.object", "What this JSON is: `list`.", "JSON 的类型：`list`。"),
  embeddings.field("$.object", "What this JSON is: `list`.", "JSON 的类型：`list`。"),
  completions.field("$.object", "What this JSON is: `text_completion`.", "JSON 的类型：`text_completion`。"),
];

/** What tools that run at the provider say of themselves, and further fields of tools that only some models offer. */
import { entriesOf, type Entry } from "../entry.ts";

const SHELL = "https://platform.openai.com/docs/guides/tools-shell";
const FILES = "https://platform.openai.com/docs/guides/tools-file-search";
const CODE = "https://platform.openai.com/docs/guides/tools-code-interpreter";
const STREAM = "https://platform.openai.com/docs/api-reference/responses-streaming";
const EDITOR = "https://platform.claude.com/docs/en/agents-and-tools/tool-use/code-execution-tool";
const COMPUTER = "https://platform.claude.com/docs/en/agents-and-tools/tool-use/computer-use-tool";
const ADVISOR = "https://platform.claude.com/docs/en/agents-and-tools/tool-use/advisor-tool";

const responses = entriesOf("openai-responses", SHELL);
const claude = entriesOf("anthropic-messages", EDITOR);

export const serverTools: readonly Entry[] = [
  responses.field(
    ["action.commands", "action.max_output_length", "output[].max_output_length", "item.max_output_length"],
    "The commands for the shell, and the most characters that it may answer with.",
    "要在 shell 中执行的命令，以及输出的最大字符数。",
  ),
  responses.field(
    ["tools[].environment", "output[].environment", "item.environment", "environment.type"],
    "Where the shell runs: in a container of OpenAI's, or at the client.",
    "shell 运行的地方：OpenAI 的容器中，或客户端本机。",
  ),
  responses.field(
    ["environment.container_id", "environment.skills"],
    "The container that is used, and the skills it has.",
    "所用的容器及其技能。",
  ),
  responses.field(
    ["output[].stdout", "output[].stderr"],
    "What a command wrote to its output and to its error output.",
    "命令的标准输出与错误输出。",
  ),
  responses.field(
    ["output[].outcome", "outcome.type", "outcome.exit_code"],
    "How a command ended: by itself with an exit code, or by a timeout.",
    "命令如何结束：自行退出（带退出码），或超时。",
  ),
  responses.field(
    ["command", "command_index"],
    "A whole command of a shell call, or which of its commands is meant.",
    "shell 调用中的一条完整命令，或所指命令的序号。",
    { source: STREAM, side: "stream" },
  ),
  responses.event(
    [
      "response.shell_call_command.added",
      "response.shell_call_command.delta",
      "response.shell_call_command.done",
    ],
    "A command for the shell: it begins, its next piece, and the whole.",
    "shell 命令：开始、下一段、完整命令。",
    { source: STREAM },
  ),
  responses.event(
    ["response.shell_call_output_content.delta", "response.shell_call_output_content.done"],
    "What a command in the container wrote: the next piece, and the end.",
    "容器内命令的输出：下一段与结束。",
    { source: STREAM },
  ),
  responses.field(
    ["results[].filename", "results[].file_id", "results[].text"],
    "A file that the search found, and the passage that fits.",
    "文件搜索找到的文件与匹配的段落。",
    { source: FILES },
  ),
  responses.field(
    ["results[].score", "results[].attributes", "results[].vector_store_id"],
    "How well the passage fits, what is noted about the file, and in which store it lies.",
    "匹配程度、文件的附注以及所在的向量库。",
    { source: FILES },
  ),
  responses.field(
    ["outputs[].url"],
    "An image that the code made, as an address.",
    "代码生成的图片的网址。",
    { source: CODE },
  ),
  responses.field(
    ["annotations[].filename", "annotations[].file_id", "annotations[].index", "annotations[].container_id"],
    "A cited file: its name, its id, where in the text it is cited, and its container.",
    "所引用的文件：文件名、标识、引用位置与所在容器。",
    { source: FILES },
  ),
  responses.field(
    ["tools[].tools", "output[].namespace", "item.namespace"],
    "A set of tools under one name, and the set that a called tool stands in.",
    "同一名下的一组工具，以及被调用工具所属的组。",
    { source: "https://platform.openai.com/docs/guides/function-calling" },
  ),
  claude.field("tools[].model", "The model that the advisor tool asks.", "顾问工具所询问的模型。", {
    source: ADVISOR,
  }),
  claude.field(
    ["tools[].display_width_px", "tools[].display_height_px", "tools[].display_number"],
    "The screen that the model works on: its size in pixels and its number.",
    "模型所操作屏幕的像素尺寸与编号。",
    { source: COMPUTER },
  ),
  claude.field(
    ["content.lines", "content.old_start", "content.old_lines", "content.new_start", "content.new_lines"],
    "An edit as a diff: its lines, and where it begins and how long it is before and after.",
    "以 diff 表示的修改：各行内容，以及修改前后的起始行与行数。",
  ),
];

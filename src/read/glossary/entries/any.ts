/** What holds in every dialect: names that mean the same everywhere, and what an HTTP status means. */
import { entriesOf, type Entry } from "../entry.ts";

const STATUS = "https://www.rfc-editor.org/rfc/rfc9110#section-15";
const { field, error } = entriesOf("any", "https://www.rfc-editor.org/rfc/rfc8259");

export const any: readonly Entry[] = [
  field(
    "type",
    "Says which kind of thing this object is. It decides which other names stand beside it.",
    "说明该对象属于哪一类，并由此决定还有哪些字段。",
  ),
  field(
    "$.stream",
    "Whether the answer should come in pieces while it is being written.",
    "是否边生成边分块返回。",
    { same: "stream" },
  ),
  field("$.model", "The model that is asked for, or that answered.", "请求的模型，或实际作答的模型。"),
  field("$.error", "What went wrong. An answer with it has no result.", "出错信息。有它就没有正常结果。", {
    same: "error",
  }),
  field(
    "error.message",
    "The error in words, for people. Programs should look at the type or code.",
    "给人看的错误说明。程序应根据类型或代码判断。",
    { same: "error-message" },
  ),
  field("error.type", "The kind of error, for programs.", "供程序判断的错误类型。", { same: "error-type" }),
  field("error.code", "The error's short name or number.", "错误代码。", { same: "error-code" }),
  field("error.param", "Which field of the request was wrong.", "请求中出错的字段。"),
  field(
    ["error.details", "error.metadata", "error.data"],
    "More about the error, in a form of the provider's own.",
    "错误的更多细节，格式由提供方自定。",
    { below: "own" },
  ),
  error(
    "400",
    "Bad request: the API cannot understand the body, or a value in it is not allowed. Trying again unchanged is useless.",
    "请求有误：正文无法理解，或某个值不被允许。原样重试没有意义。",
    { source: STATUS },
  ),
  error(
    "401",
    "Not authenticated: the key is missing, wrong or revoked.",
    "未通过认证：密钥缺失、错误或已吊销。",
    { source: STATUS },
  ),
  error("402", "Payment required: the account has no credit left.", "需要付款：账户余额不足。", {
    source: STATUS,
  }),
  error(
    "403",
    "Forbidden: the key is known, but it may not do this.",
    "禁止访问：密钥有效，但没有相应权限。",
    { source: STATUS },
  ),
  error(
    "404",
    "Not found: a wrong path, or a model or thing that does not exist for this key.",
    "未找到：路径有误，或此密钥下没有该模型或资源。",
    { source: STATUS },
  ),
  error(
    "405",
    "Method not allowed: this address wants another HTTP method, such as POST.",
    "方法不被允许：该地址要求使用其他 HTTP 方法，例如 POST。",
    { source: STATUS },
  ),
  error(
    "408",
    "Request timeout: the server waited too long for the request.",
    "请求超时：服务端等待请求过久。",
    { source: STATUS },
  ),
  error(
    "409",
    "Conflict: the thing is being changed by somebody else, or is not in the right state.",
    "冲突：资源正被他人修改，或状态不符。",
    { source: STATUS },
  ),
  error(
    "413",
    "Content too large: the body is over the API's limit, often because of inline images.",
    "正文过大：超过 API 限制，常因内联图片所致。",
    { source: STATUS },
  ),
  error(
    "422",
    "Unprocessable: the JSON is fine, but its content breaks a rule.",
    "无法处理：JSON 合法，但内容违反规则。",
    { source: STATUS },
  ),
  error(
    "429",
    "Too many requests: a rate limit or the quota is used up. Wait as `retry-after` says, and try again.",
    "请求过多：触发限流或额度用尽。按 `retry-after` 等待后重试。",
    { source: "https://www.rfc-editor.org/rfc/rfc6585" },
  ),
  error(
    "500",
    "Internal error at the provider. Trying again often helps.",
    "提供方内部错误，重试往往有效。",
    { source: STATUS },
  ),
  error(
    "502",
    "Bad gateway: a server before the API got no usable answer from it.",
    "网关错误：API 前方的服务器没有得到可用的响应。",
    { source: STATUS },
  ),
  error(
    "503",
    "Unavailable: overloaded or in maintenance. Wait and try again.",
    "服务不可用：过载或维护中，请稍后重试。",
    { source: STATUS },
  ),
  error(
    "504",
    "Gateway timeout: the API took too long for a server before it.",
    "网关超时：API 的响应过慢。",
    { source: STATUS },
  ),
  error(
    "529",
    "Overloaded: Anthropic has more requests than it can serve. Not in the HTTP standard.",
    "过载：Anthropic 请求量超出处理能力。此状态码不属于 HTTP 标准。",
    { source: "https://platform.claude.com/docs/en/api/errors" },
  ),
];

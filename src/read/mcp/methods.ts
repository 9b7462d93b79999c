/**
 * The methods of MCP: who may send them, which capability they need, which definition of the schema holds them,
 * in which revisions they exist. Sources: schema/<revision>/schema.json of modelcontextprotocol/modelcontextprotocol.
 */
import type { Side } from "./line.ts";
import { record, text } from "./line.ts";

export const REVISIONS = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"] as const;
export type Revision = (typeof REVISIONS)[number];

export type Method = {
  readonly method: string;
  readonly kind: "request" | "notification";
  readonly from: Side | "both";
  readonly request: string;
  readonly result?: string;
  readonly since: Revision;
  /** The last revision that has it. */
  readonly until?: Revision;
  /** Who must have declared what: a path into the capabilities object. */
  readonly needs?: { readonly by: Side; readonly capability: string };
  /** Revision that deprecates it. */
  readonly deprecated?: Revision;
  /** Part of an extension, not of the core schema, in these revisions. */
  readonly extension?: string;
};

/** In 2025-11-25 tasks are part of the core; from 2026-07-28 on they are this extension. */
export const TASKS = "io.modelcontextprotocol/tasks";

const client = { kind: "request", from: "client", since: "2024-11-05" } as const;
const server = { kind: "request", from: "server", since: "2024-11-05", until: "2025-11-25" } as const;
const told = { kind: "notification", since: "2024-11-05" } as const;
const legacy = { until: "2025-11-25" } as const;
const offers = (capability: string) => ({ needs: { by: "server", capability } }) as const;
const can = (capability: string) => ({ needs: { by: "client", capability } }) as const;

export const METHODS: readonly Method[] = [
  { ...client, ...legacy, method: "initialize", request: "InitializeRequest", result: "InitializeResult" },
  {
    ...client,
    method: "server/discover",
    request: "DiscoverRequest",
    result: "DiscoverResult",
    since: "2026-07-28",
  },
  { ...client, ...legacy, from: "both", method: "ping", request: "PingRequest", result: "EmptyResult" },
  {
    ...client,
    ...offers("tools"),
    method: "tools/list",
    request: "ListToolsRequest",
    result: "ListToolsResult",
  },
  {
    ...client,
    ...offers("tools"),
    method: "tools/call",
    request: "CallToolRequest",
    result: "CallToolResult",
  },
  {
    ...client,
    ...offers("resources"),
    method: "resources/list",
    request: "ListResourcesRequest",
    result: "ListResourcesResult",
  },
  {
    ...client,
    ...offers("resources"),
    method: "resources/templates/list",
    request: "ListResourceTemplatesRequest",
    result: "ListResourceTemplatesResult",
  },
  {
    ...client,
    ...offers("resources"),
    method: "resources/read",
    request: "ReadResourceRequest",
    result: "ReadResourceResult",
  },
  {
    ...client,
    ...legacy,
    ...offers("resources.subscribe"),
    method: "resources/subscribe",
    request: "SubscribeRequest",
    result: "EmptyResult",
  },
  {
    ...client,
    ...legacy,
    ...offers("resources.subscribe"),
    method: "resources/unsubscribe",
    request: "UnsubscribeRequest",
    result: "EmptyResult",
  },
  {
    ...client,
    ...offers("prompts"),
    method: "prompts/list",
    request: "ListPromptsRequest",
    result: "ListPromptsResult",
  },
  {
    ...client,
    ...offers("prompts"),
    method: "prompts/get",
    request: "GetPromptRequest",
    result: "GetPromptResult",
  },
  {
    ...client,
    ...offers("completions"),
    method: "completion/complete",
    request: "CompleteRequest",
    result: "CompleteResult",
  },
  {
    ...client,
    ...legacy,
    ...offers("logging"),
    method: "logging/setLevel",
    request: "SetLevelRequest",
    result: "EmptyResult",
  },
  {
    ...client,
    method: "subscriptions/listen",
    request: "SubscriptionsListenRequest",
    result: "SubscriptionsListenResult",
    since: "2026-07-28",
  },
  {
    ...server,
    ...can("sampling"),
    method: "sampling/createMessage",
    request: "CreateMessageRequest",
    result: "CreateMessageResult",
    deprecated: "2026-07-28",
  },
  {
    ...server,
    ...can("roots"),
    method: "roots/list",
    request: "ListRootsRequest",
    result: "ListRootsResult",
    deprecated: "2026-07-28",
  },
  {
    ...server,
    ...can("elicitation"),
    method: "elicitation/create",
    request: "ElicitRequest",
    result: "ElicitResult",
    since: "2025-06-18",
  },
  task("tasks/get", "GetTaskRequest", "GetTaskResult"),
  { ...task("tasks/result", "GetTaskPayloadRequest", "GetTaskPayloadResult"), ...legacy },
  { ...task("tasks/list", "ListTasksRequest", "ListTasksResult"), ...legacy },
  task("tasks/cancel", "CancelTaskRequest", "CancelTaskResult"),
  {
    ...task("tasks/update", "UpdateTaskRequest", "UpdateTaskResult"),
    since: "2026-07-28",
    from: "client",
    extension: TASKS,
  },
  {
    ...told,
    ...legacy,
    from: "client",
    method: "notifications/initialized",
    request: "InitializedNotification",
  },
  { ...told, from: "both", method: "notifications/cancelled", request: "CancelledNotification" },
  { ...told, from: "both", method: "notifications/progress", request: "ProgressNotification" },
  {
    ...told,
    ...offers("logging"),
    from: "server",
    method: "notifications/message",
    request: "LoggingMessageNotification",
    deprecated: "2026-07-28",
  },
  {
    ...told,
    ...offers("tools"),
    from: "server",
    method: "notifications/tools/list_changed",
    request: "ToolListChangedNotification",
  },
  {
    ...told,
    ...offers("prompts"),
    from: "server",
    method: "notifications/prompts/list_changed",
    request: "PromptListChangedNotification",
  },
  {
    ...told,
    ...offers("resources"),
    from: "server",
    method: "notifications/resources/list_changed",
    request: "ResourceListChangedNotification",
  },
  {
    ...told,
    ...offers("resources.subscribe"),
    from: "server",
    method: "notifications/resources/updated",
    request: "ResourceUpdatedNotification",
  },
  {
    ...told,
    ...legacy,
    ...can("roots"),
    from: "client",
    method: "notifications/roots/list_changed",
    request: "RootsListChangedNotification",
  },
  {
    ...told,
    ...legacy,
    from: "server",
    method: "notifications/elicitation/complete",
    request: "ElicitationCompleteNotification",
    since: "2025-11-25",
  },
  {
    ...told,
    ...legacy,
    from: "both",
    method: "notifications/tasks/status",
    request: "TaskStatusNotification",
    since: "2025-11-25",
  },
  {
    ...told,
    from: "server",
    method: "notifications/tasks",
    request: "TaskStatusNotification",
    since: "2026-07-28",
    extension: TASKS,
  },
  {
    ...told,
    from: "server",
    method: "notifications/subscriptions/acknowledged",
    request: "SubscriptionsAcknowledgedNotification",
    since: "2026-07-28",
  },
];

const byName = new Map(METHODS.map((it) => [it.method, it]));

export function methodOf(name: string): Method | undefined {
  return byName.get(name);
}

/** What a request is about: the tool's name, the prompt's, the resource's URI, the task. */
export function subjectOf(method: string, params: Record<string, unknown>): string | null {
  if (method === "tools/call" || method === "prompts/get") return text(params.name);
  if (method.startsWith("resources/") || method === "notifications/resources/updated")
    return text(params.uri);
  if (method.startsWith("tasks/") || method === "notifications/tasks/status") return text(params.taskId);
  if (method === "completion/complete") {
    const ref = record(params.ref);
    return text(ref?.name) ?? text(ref?.uri);
  }
  if (method === "elicitation/create") return text(params.mode) ?? "form";
  if (method === "logging/setLevel" || method === "notifications/message") return text(params.level);
  return null;
}

function task(method: string, request: string, result: string): Method {
  return { kind: "request", from: "both", method, request, result, since: "2025-11-25" };
}

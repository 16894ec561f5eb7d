/**
 * The client: threads, turns, approvals, tools, transports and errors.
 * @module
 */

export type { Agent } from "./client/agents.ts";
export type { Api } from "./client/api.ts";
export { Codex } from "./client/codex.ts";
export type { ChatGPTTokenProvider, ChatGPTTokens } from "./client/credentials.ts";
export { ExecCommand, type ExecOptions, type ExecOutput, type ExecResult } from "./client/exec.ts";
export { Goal, type GoalOptions, type GoalResult } from "./client/goal.ts";
export type { InspectOptions } from "./client/inspect-options.ts";
export { Account } from "./client/namespaces/account.ts";
export { Config } from "./client/namespaces/config.ts";
export { Files, FileWatch } from "./client/namespaces/files.ts";
export { ChatGPTLogin, DeviceCodeLogin, Login } from "./client/namespaces/login.ts";
export { Mcp } from "./client/namespaces/mcp.ts";
export { Plugins } from "./client/namespaces/plugins.ts";
export type { RateLimit, RateLimits } from "./client/namespaces/rate-limits.ts";
export type { NextRequestOptions, Requests } from "./client/namespaces/requests.ts";
export { Skills } from "./client/namespaces/skills.ts";
export type {
  Notification,
  NotificationIterator,
  NotificationMethod,
} from "./client/notifications.ts";
export type { CodexOptions } from "./client/options.ts";
export { type Preset, type Presets, presets } from "./client/sandbox.ts";
export type { ServedAppServer, ServeOptions } from "./client/serve.ts";
export type { ServeAuth } from "./client/serve-auth.ts";
export { Thread } from "./client/thread.ts";
export type {
  ModelListOptions,
  ThreadForkOptions,
  ThreadItemsOptions,
  ThreadListOptions,
  ThreadResumeOptions,
  ThreadSearchOptions,
  ThreadStartOptions,
  ThreadTurnsOptions,
} from "./client/thread-options.ts";
export type {
  LoadOlderOptions,
  ThreadTimeline,
  ThreadTimelineOptions,
} from "./client/thread-timeline.ts";
export { Turn, type WaitOptions } from "./client/turn.ts";
export type { TurnInput, TurnOptions, TurnOutput } from "./client/turn-params.ts";
export type { ParamsOf, RequestArguments, RequestMethod, ResultOf } from "./client/types.ts";
export type { ErrorCode } from "./errors/codes.ts";
export * from "./errors/errors.ts";
export type { OutputIssue } from "./errors/output-issue.ts";
export {
  InvalidAnswerError,
  RequestSettledError,
  type SettledReason,
  UnknownRequestError,
} from "./errors/request-errors.ts";
export { isRetryableError, type RetryOptions, retryOnOverload } from "./errors/retry.ts";
export {
  InternalRpcError,
  InvalidParamsError,
  InvalidRequestError,
  JsonRpcError,
  MethodNotFoundError,
  ParseError,
  RetryLimitExceededError,
  ServerBusyError,
  ThreadNotFoundError,
} from "./errors/rpc-errors.ts";
export { CodexWarning, type WarningCode } from "./errors/warning.ts";
export { type ExternalMessage, externalMessage } from "./input/external-message.ts";
export type * from "./input/input.ts";
export type { JsonSchema, OutputOf, Schema, StandardSchema } from "./input/schema.ts";
export {
  type Tool,
  type ToolArguments,
  type ToolContext,
  type ToolDefinition,
  tool,
} from "./input/tool.ts";
export type { ToolContentItem, ToolResult } from "./input/tool-result.ts";
export type { ToolNamespace } from "./input/tool-set.ts";
export type { EnvironmentOverrides } from "./process/environment.ts";
export type { LaunchOptions } from "./process/launch-options.ts";
export type { ConfigTable, ConfigValue } from "./process/toml.ts";
export type * as protocol from "./protocol/index.ts";
export type {
  AgentMessageItem,
  CollabAgentToolCallItem,
  CommandExecutionItem,
  ContextCompactionItem,
  DynamicToolCallItem,
  EnteredReviewModeItem,
  ExitedReviewModeItem,
  FileChangeItem,
  FunctionCallOutputItem,
  HookPromptItem,
  ImageGenerationItem,
  ImageViewItem,
  InitializeResponse,
  McpToolCallItem,
  ModelListResponse,
  PlanItem,
  ReasoningItem,
  SleepItem,
  SubAgentActivityItem,
  ThreadItem,
  ThreadListResponse,
  ThreadReadResponse,
  TurnError,
  TurnStatus,
  UserMessageItem,
  WebSearchItem,
} from "./protocol/index.ts";
export { describeRequest } from "./requests/describe-request.ts";
export type {
  FileWarning,
  RequestDescription,
  RequestKind,
  RequestOption,
  RequestSection,
} from "./requests/description.ts";
export type { AnswerOption, PendingRequestData } from "./requests/pending-request-data.ts";
export type {
  ApprovalRule,
  ApprovalRules,
  Approvals,
  Handler,
  Handlers,
  RequestContext,
  ServerRequestMethod,
} from "./session/handlers.ts";
export type { ServerMetadata } from "./session/handshake.ts";
export type { PendingRequest } from "./session/pending-request.ts";
export type { ReconnectOptions, RestartOptions } from "./session/recovery-policy.ts";
export type { CodexStatus } from "./session/status.ts";
export { escapeLine, escapeVisible, unescapeVisible, type VisibleText } from "./text/visible.ts";
export type { InterruptOptions } from "./thread/stop-turn.ts";
export type { RequestOptions } from "./thread/thread-server.ts";
export type { TraceOptions } from "./trace/options.ts";
export { type ProxyOptions, proxy } from "./transport/proxy.ts";
export type { Endpoint, Transport, TransportEvents } from "./transport/transport.ts";
export { type UnixSocketOptions, unixSocket } from "./transport/unix-socket.ts";
export { type WebSocketOptions, websocket } from "./transport/websocket.ts";
export {
  type CompletedTurnResult,
  OutputValidationError,
  TurnFailedError,
  type TurnResult,
} from "./turn/result.ts";
export { TurnAbortedError, TurnTimeoutError } from "./turn/unfinished-errors.ts";
export type { BackoffOptions } from "./util/backoff.ts";
export type {
  DiagnosticsChannels,
  FleetLoadDiagnostics,
  FleetSubmitDiagnostics,
  FleetTurnDiagnostics,
  RequestDiagnostics,
  ServerRequestDiagnostics,
  TraceContext,
  TurnDiagnostics,
  TurnNotificationDiagnostics,
} from "./util/channels.ts";
export { version } from "./version.ts";

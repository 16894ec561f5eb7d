import type { Attributes } from "@opentelemetry/api";
import type { TokenUsage } from "../timeline/views.ts";

// Names from the semantic conventions for generative AI. The conventions are in development and
// still change.
export const OPERATION = "gen_ai.operation.name";
export const PROVIDER = "gen_ai.provider.name";
export const MODEL = "gen_ai.request.model";
export const TOKEN_TYPE = "gen_ai.token.type";
export const TOOL_NAME = "gen_ai.tool.name";
export const ERROR_TYPE = "error.type";
export const RPC_METHOD = "rpc.method";

// This package's own names.
export const TURN_ID = "codex.turn.id";
export const TURN_STATUS = "codex.turn.status";
export const ITEM_STATUS = "codex.item.status";
export const DECISION = "codex.request.decision";

export const FLEET = "codex.fleet.name";
export const FLEET_WORKER = "codex.fleet.worker";
export const FLEET_THREAD = "codex.fleet.thread";
export const FLEET_TENANT = "codex.fleet.tenant";
export const FLEET_ATTEMPT = "codex.fleet.attempt";
export const FLEET_WAIT = "codex.fleet.wait_ms";
export const FLEET_STATE = "codex.fleet.state";

export const AGENT = "codex";

/** What is known about a turn before it runs. */
export function turnAttributes(threadId: string, model: string | undefined): Attributes {
  return {
    [OPERATION]: "invoke_agent",
    [PROVIDER]: "openai",
    "gen_ai.agent.name": AGENT,
    "gen_ai.conversation.id": threadId,
    ...(model === undefined ? {} : { [MODEL]: model }),
  };
}

export function usageAttributes(usage: TokenUsage): Attributes {
  return {
    "gen_ai.usage.input_tokens": usage.inputTokens,
    "gen_ai.usage.output_tokens": usage.outputTokens,
    "gen_ai.usage.cache_read.input_tokens": usage.cachedInputTokens,
    "gen_ai.usage.reasoning.output_tokens": usage.reasoningOutputTokens,
  };
}

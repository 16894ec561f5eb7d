import { isRecord } from "../util/describe.ts";
import { numberOrNull } from "./foreign.ts";
import type { TokenUsage } from "./views.ts";

/** The tokens that the server reports, or null. */
export function usageOf(tokens: unknown): TokenUsage | null {
  if (!isRecord(tokens)) return null;
  const count = (name: string) => numberOrNull(tokens[name]) ?? 0;
  return {
    totalTokens: count("totalTokens"),
    inputTokens: count("inputTokens"),
    cachedInputTokens: count("cachedInputTokens"),
    outputTokens: count("outputTokens"),
    reasoningOutputTokens: count("reasoningOutputTokens"),
  };
}

export function minus(one: TokenUsage, other: TokenUsage): TokenUsage {
  return {
    totalTokens: one.totalTokens - other.totalTokens,
    inputTokens: one.inputTokens - other.inputTokens,
    cachedInputTokens: one.cachedInputTokens - other.cachedInputTokens,
    outputTokens: one.outputTokens - other.outputTokens,
    reasoningOutputTokens: one.reasoningOutputTokens - other.reasoningOutputTokens,
  };
}

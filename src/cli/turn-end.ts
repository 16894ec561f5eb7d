import type { ErrorView, TokenUsage, TurnView } from "../timeline/index.ts";
import { duration, indented, join, outputLine, type Paint, type Shown, show } from "./text.ts";

/** How a turn ended and what it cost. */
export function turnEnd(turn: TurnView, paint: Paint): Shown {
  const cost = [
    ...(turn.usage ? [tokenText(turn.usage)] : []),
    ...(turn.durationMs === null ? [] : [duration(turn.durationMs)]),
  ];
  const costLine = cost.length === 0 ? show`` : show`${paint("dim", join(cost, " · "))}\n`;
  if (turn.state === "completed") return costLine;
  if (turn.state === "interrupted") {
    return show`${paint("yellow", show`Interrupted.`)}\n${costLine}`;
  }
  return show`${failure(turn.error, paint)}${costLine}`;
}

function failure(error: ErrorView | null, paint: Paint): Shown {
  const message = outputLine(error?.message ?? "the server gave no reason");
  const details = error?.details ? [outputLine(error.details)] : [];
  const kind = error?.code;
  const suffix = kind && kind !== "other" ? show` (${outputLine(kind)})` : show``;
  const what = show`The turn failed: ${message}${suffix}`;
  return show`${paint("red", what)}\n${indented(details)}`;
}

function tokenText({ inputTokens, cachedInputTokens, outputTokens }: TokenUsage): Shown {
  const seen = cachedInputTokens > 0 ? show` (${count(cachedInputTokens)} cached)` : show``;
  const all = count(inputTokens + outputTokens);
  return show`${all} tokens: ${count(inputTokens)} in${seen}, ${count(outputTokens)} out`;
}

function count(tokens: number): Shown {
  return outputLine(Number(tokens).toLocaleString("en-US"));
}

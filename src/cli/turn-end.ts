import type { protocol } from "../index.ts";
import { duration, indented, join, outputLine, type Paint, type Shown, show } from "./text.ts";

export interface Tokens {
  readonly input: number;
  /** The part of the input that was cached. */
  readonly cached: number;
  readonly output: number;
}

/** How a turn ended and what it cost. */
export function turnEnd(turn: protocol.Turn, tokens: Tokens | undefined, paint: Paint): Shown {
  const cost = [
    ...(tokens ? [tokenText(tokens)] : []),
    ...(turn.durationMs === null ? [] : [duration(turn.durationMs)]),
  ];
  const costLine = cost.length === 0 ? show`` : show`${paint("dim", join(cost, " · "))}\n`;
  if (turn.status === "completed") return costLine;
  if (turn.status === "interrupted") {
    return show`${paint("yellow", show`Interrupted.`)}\n${costLine}`;
  }
  return show`${failure(turn.error, paint)}${costLine}`;
}

function failure(error: protocol.TurnError | null, paint: Paint): Shown {
  const message = outputLine(error?.message ?? "the server didn't say why");
  const details = error?.additionalDetails ? [outputLine(error.additionalDetails)] : [];
  const kind = kindOf(error?.codexErrorInfo);
  const suffix = kind && kind !== "other" ? show` (${outputLine(kind)})` : show``;
  const what = show`The turn failed: ${message}${suffix}`;
  return show`${paint("red", what)}\n${indented(details)}`;
}

function kindOf(info: unknown): string | undefined {
  if (typeof info === "string") return info;
  return typeof info === "object" && info !== null ? Object.keys(info)[0] : undefined;
}

function tokenText({ input, cached, output }: Tokens): Shown {
  const seen = cached > 0 ? show` (${count(cached)} cached)` : show``;
  return show`${count(input + output)} tokens: ${count(input)} in${seen}, ${count(output)} out`;
}

function count(tokens: number): Shown {
  return outputLine(Number(tokens).toLocaleString("en-US"));
}

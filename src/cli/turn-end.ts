import type { protocol } from "../index.ts";
import { duration, indented, outputLine, type Paint } from "./text.ts";

export interface Tokens {
  readonly input: number;
  /** Those of the input that the model had seen before. */
  readonly cached: number;
  readonly output: number;
}

/** How a turn ended and what it cost. */
export function turnEnd(turn: protocol.Turn, tokens: Tokens | undefined, paint: Paint): string {
  const cost = [tokens && tokenText(tokens), turn.durationMs !== null && duration(turn.durationMs)]
    .filter(Boolean)
    .join(" · ");
  const costLine = cost === "" ? "" : `${paint("dim", cost)}\n`;
  if (turn.status === "completed") return costLine;
  if (turn.status === "interrupted") return `${paint("yellow", "Interrupted.")}\n${costLine}`;
  return failure(turn.error, paint) + costLine;
}

function failure(error: protocol.TurnError | null, paint: Paint): string {
  const message = outputLine(error?.message ?? "the server did not say why");
  const details = error?.additionalDetails ? [outputLine(error.additionalDetails)] : [];
  const kind = kindOf(error?.codexErrorInfo);
  const told = kind && kind !== "other" ? ` (${outputLine(kind)})` : "";
  return `${paint("red", `The turn failed: ${message}${told}`)}\n${indented(details)}`;
}

function kindOf(info: unknown): string | undefined {
  if (typeof info === "string") return info;
  return typeof info === "object" && info !== null ? Object.keys(info)[0] : undefined;
}

function tokenText({ input, cached, output }: Tokens): string {
  const number = (count: number) => count.toLocaleString("en-US");
  const seen = cached > 0 ? ` (${number(cached)} cached)` : "";
  return `${number(input + output)} tokens: ${number(input)} in${seen}, ${number(output)} out`;
}

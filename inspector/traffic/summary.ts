import { jsonText, textOf } from "../../src/text/json-text.ts";
import type { Row } from "../../src/traffic/rows.ts";
import { isRecord } from "../../src/util/describe.ts";

const MOST = 160;

/** A row's subject, in a few words. */
export function summaryOf(row: Row): string {
  if (row.kind === "event") return eventSummary(row.details);
  if (row.kind === "request" && row.error !== undefined) return row.error;
  const params = isRecord(row.message) ? row.message.params : row.message;
  if (!isRecord(params)) return shortened(typeof params === "string" ? params : "");
  return shortened(paramsSummary(params));
}

function paramsSummary(params: Readonly<Record<string, unknown>>): string {
  const { item, delta, error, status, threadName, command, input, name, turn, message } = params;
  if (typeof delta === "string") return JSON.stringify(delta);
  if (isRecord(item)) return itemSummary(item);
  if (isRecord(error) && typeof error.message === "string") return error.message;
  if (typeof command === "string") return command;
  if (Array.isArray(input)) return inputSummary(input);
  if (isRecord(status)) return flagged(status);
  for (const text of [threadName, name, message, params.summary]) {
    if (typeof text === "string") return text;
  }
  if (isRecord(turn)) return textOf(turn.status ?? "");
  if (isRecord(params.tokenUsage) && isRecord(params.tokenUsage.total)) {
    return `${textOf(params.tokenUsage.total.totalTokens)} tokens`;
  }
  const { threadId: _, turnId: __, itemId: ___, ...rest } = params;
  return Object.keys(rest).length === 0 ? "" : jsonText(rest);
}

function itemSummary({
  type,
  command,
  text,
  tool,
  query,
}: Readonly<Record<string, unknown>>): string {
  const detail = [command, tool, query, text].find((one) => typeof one === "string" && one !== "");
  return detail === undefined ? textOf(type) : `${textOf(type)} · ${textOf(detail)}`;
}

function inputSummary(input: readonly unknown[]): string {
  const part = input.find((one) => isRecord(one) && typeof one.text === "string");
  return isRecord(part) ? textOf(part.text) : "";
}

function flagged({ type, activeFlags }: Readonly<Record<string, unknown>>): string {
  const flags = Array.isArray(activeFlags) ? activeFlags : [];
  return [textOf(type), ...flags.map(textOf)].join(" · ");
}

function eventSummary({ message, reason, pid, code }: Readonly<Record<string, unknown>>): string {
  const text = message ?? reason ?? (pid === undefined ? "" : `process ${textOf(pid)}`);
  return shortened(code === undefined ? textOf(text) : `${textOf(code)}: ${textOf(text)}`);
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= MOST ? line : `${line.slice(0, MOST)}…`;
}

import type { ThreadItem } from "../protocol/index.ts";
import type { DeltaPart } from "./deltas.ts";

/**
 * One text of an item that the server sends in deltas, with the method and index of these deltas.
 */
export interface ItemText {
  readonly method: string;
  readonly summaryIndex?: number | undefined;
  readonly contentIndex?: number | undefined;
  readonly text: string;
}

const MESSAGE = "item/agentMessage/delta";
const PLAN = "item/plan/delta";
const SUMMARY = "item/reasoning/summaryTextDelta";
const CONTENT = "item/reasoning/textDelta";
const OUTPUT = "item/commandExecution/outputDelta";

/**
 * More parts than any reasoning has. An index from the server must not create a list with a billion
 * elements.
 */
const MAX_PARTS = 10_000;

/** Identifies the part of an item that a text belongs to. */
export function keyOf({ method, summaryIndex, contentIndex }: Omit<ItemText, "text">): string {
  return `${method} ${indexText(summaryIndex)} ${indexText(contentIndex)}`;
}

/** An index as text. A server may send anything as an index, even a value that can't be converted to a string. */
function indexText(index: unknown): string {
  return typeof index === "number" ? `${index}` : typeof index;
}

export function partOf({ method, params }: DeltaPart): Omit<ItemText, "text"> {
  const { summaryIndex, contentIndex } = params;
  return { method, summaryIndex, contentIndex };
}

/** The non-empty texts of an item so far. Accepts any value that the server sent as an item. */
export function textsOf(item: ThreadItem): ItemText[] {
  switch (item.type) {
    case "agentMessage":
      return present([{ method: MESSAGE, text: item.text }]);
    case "plan":
      return present([{ method: PLAN, text: item.text }]);
    case "commandExecution":
      return present([{ method: OUTPUT, text: item.aggregatedOutput }]);
    case "reasoning":
      return present([
        ...listed(item.summary).map((text, index) => ({
          method: SUMMARY,
          summaryIndex: index,
          text,
        })),
        ...listed(item.content).map((text, index) => ({
          method: CONTENT,
          contentIndex: index,
          text,
        })),
      ]);
    default:
      return [];
  }
}

/** The item with these texts instead of its own. */
export function withTexts(item: ThreadItem, texts: readonly ItemText[]): ThreadItem {
  const whole = (method: string) => texts.find((one) => one.method === method)?.text;
  switch (item.type) {
    case "agentMessage":
      return { ...item, text: whole(MESSAGE) ?? "" };
    case "plan":
      return { ...item, text: whole(PLAN) ?? "" };
    case "commandExecution":
      return { ...item, aggregatedOutput: whole(OUTPUT) ?? null };
    case "reasoning":
      return {
        ...item,
        summary: list(texts, SUMMARY, "summaryIndex"),
        content: list(texts, CONTENT, "contentIndex"),
      };
    default:
      return item;
  }
}

/**
 * The texts of an item that received these deltas since it started: its initial texts come first.
 */
export function streamedTexts(
  started: ThreadItem | undefined,
  deltas: readonly ItemText[],
): ItemText[] {
  return joined([...(started ? textsOf(started) : []), ...deltas]);
}

/** Each part's text once, in the order in which the parts first appear. */
export function joined(texts: readonly ItemText[]): ItemText[] {
  const parts = new Map<string, { part: ItemText; pieces: string[] }>();
  for (const one of texts) {
    const key = keyOf(one);
    const known = parts.get(key);
    if (known) known.pieces.push(one.text);
    else parts.set(key, { part: one, pieces: [one.text] });
  }
  return [...parts.values()].map(({ part, pieces }) => ({ ...part, text: pieces.join("") }));
}

function present(texts: readonly { method: string; text: unknown }[]): ItemText[] {
  return texts.filter((one): one is ItemText => typeof one.text === "string" && one.text !== "");
}

function listed(texts: unknown): readonly unknown[] {
  return Array.isArray(texts) ? texts.slice(0, MAX_PARTS) : [];
}

function list(
  texts: readonly ItemText[],
  method: string,
  place: "summaryIndex" | "contentIndex",
): string[] {
  const all: string[] = [];
  for (const one of texts) {
    const { [place]: index = 0 } = one;
    if (one.method !== method || !Number.isInteger(index) || index < 0 || index >= MAX_PARTS)
      continue;
    while (all.length < index) all.push("");
    all[index] = one.text;
  }
  return all;
}

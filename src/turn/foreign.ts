import type { ThreadItem } from "../protocol/index.ts";
import { isRecord } from "../util/describe.ts";

/** The value as an item; undefined if it isn't one. */
export function asItem(value: unknown): ThreadItem | undefined {
  return isRecord(value) && typeof value.id === "string" ? (value as ThreadItem) : undefined;
}

/** The item in a notification's params; undefined if there is none. */
export function itemIn(params: unknown): ThreadItem | undefined {
  return isRecord(params) ? asItem(params.item) : undefined;
}

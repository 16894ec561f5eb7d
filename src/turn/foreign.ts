import type { ThreadItem } from "../protocol/index.ts";
import { isRecord } from "../util/describe.ts";

/** What came as an item; undefined where it is none. */
export function asItem(value: unknown): ThreadItem | undefined {
  return isRecord(value) && typeof value.id === "string" ? (value as ThreadItem) : undefined;
}

/** The item in a notification's params; undefined where whatever came has none. */
export function itemIn(params: unknown): ThreadItem | undefined {
  return isRecord(params) ? asItem(params.item) : undefined;
}

import type { Entry, NoticeEntry, ThreadView, TurnView } from "../../src/timeline/index.ts";

/** A row of a timeline: the head of a turn, one of its entries, or what follows the last one. */
export type TimelineRow =
  | {
      readonly kind: "turn";
      readonly key: string;
      readonly turn: TurnView;
      readonly number: number;
    }
  | { readonly kind: "entry"; readonly key: string; readonly turn: TurnView; readonly entry: Entry }
  | { readonly kind: "notice"; readonly key: string; readonly entry: NoticeEntry };

export function rowsOf({ turns, notices }: ThreadView): TimelineRow[] {
  return [
    ...notices.map((entry) => ({ kind: "notice" as const, key: `notice ${entry.id}`, entry })),
    ...turns.flatMap((turn, index): TimelineRow[] => [
      { kind: "turn", key: turn.id, turn, number: index + 1 },
      ...turn.entries.map((entry) => ({
        ...{ kind: "entry" as const, key: `${turn.id} ${entry.id}`, turn, entry },
      })),
    ]),
  ];
}

/** The estimated height of a row that hasn't been drawn yet, in pixels. */
export function estimateOf(row: TimelineRow): number {
  if (row.kind === "turn") return 38;
  if (row.kind === "notice") return 30;
  const { entry } = row;
  switch (entry.kind) {
    case "userMessage":
    case "assistant":
      return 34 + 19 * Math.ceil(entry.text.length / 90);
    case "command":
      return entry.output.head === "" ? 36 : 130;
    case "fileChange":
      return 44 + entry.files.length * 120;
    default:
      return 36;
  }
}

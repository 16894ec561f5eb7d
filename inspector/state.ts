import type { TrafficFilter } from "../src/traffic/filter.ts";

export type Tab = "threads" | "timeline" | "waterfall" | "traffic" | "fleet";

/** What the user has chosen to see. */
export interface State {
  readonly tab: Tab;
  readonly search: string;
  readonly threadId: string | undefined;
  readonly turnId: string | undefined;
  /** The row of the traffic whose details are shown. */
  readonly rowKey: number | undefined;
  readonly filter: Omit<TrafficFilter, "threadIds">;
  /** Whether traffic and waterfall show only the selected thread. */
  readonly isScoped: boolean;
  readonly isHelpOpen: boolean;
  /** Whether a new thread is being prepared. */
  readonly isNew: boolean;
}

export type Action =
  | { readonly type: "tab"; readonly tab: Tab }
  | { readonly type: "search"; readonly search: string }
  | { readonly type: "thread"; readonly threadId: string }
  | { readonly type: "new" }
  | { readonly type: "turn"; readonly turnId: string }
  | { readonly type: "row"; readonly key: number | undefined }
  | { readonly type: "filter"; readonly change: Partial<TrafficFilter> }
  | { readonly type: "scope" }
  | { readonly type: "help"; readonly isOpen: boolean };

const ALL = { text: "", kind: undefined, mark: undefined } as const;

export function begin(): State {
  return {
    ...{ tab: "timeline", search: "", threadId: undefined, turnId: undefined, rowKey: undefined },
    ...{ filter: ALL, isScoped: false, isHelpOpen: false, isNew: false },
  };
}

export function update(state: State, action: Action): State {
  switch (action.type) {
    case "tab":
      return { ...state, tab: action.tab };
    case "search":
      return { ...state, search: action.search };
    case "thread": {
      const tab = state.tab === "threads" ? "timeline" : state.tab;
      return { ...state, tab, threadId: action.threadId, turnId: undefined, isNew: false };
    }
    case "new":
      return { ...state, tab: "timeline", isNew: true };
    case "turn":
      return { ...state, tab: "waterfall", turnId: action.turnId };
    case "row":
      return { ...state, tab: "traffic", rowKey: action.key };
    case "filter": {
      const { threadIds: _, ...change } = action.change;
      const isScoped = "threadIds" in action.change ? false : state.isScoped;
      return { ...state, isScoped, filter: { ...state.filter, ...change } };
    }
    case "scope":
      return { ...state, isScoped: !state.isScoped };
    case "help":
      return { ...state, isHelpOpen: action.isOpen };
  }
}

import { useEffect } from "preact/hooks";
import type { ThreadItem } from "./data/thread-list.ts";
import type { Action, Tab } from "./state.ts";

const TABS: Readonly<Record<string, Tab>> = { "1": "timeline", "2": "waterfall", "3": "traffic" };

const FLEET_TABS: typeof TABS = { "1": "timeline", "2": "fleet" };

/** The keys that work everywhere on the page, except in text fields. */
export function useKeys(
  dispatch: (action: Action) => void,
  items: readonly ThreadItem[],
  threadId: string | undefined,
  isFleet: boolean,
): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { key, target, ctrlKey, metaKey, altKey } = event;
      if (ctrlKey || metaKey || altKey || isField(target)) return;
      const tab = (isFleet ? FLEET_TABS : TABS)[key];
      const at = items.findIndex((item) => item.threadId === threadId);
      const next = items[key === "]" ? at + 1 : key === "[" ? at - 1 : -1];
      if (tab) dispatch({ type: "tab", tab });
      else if (next) dispatch({ type: "thread", threadId: next.threadId });
      else if (key === "/") focusSearch();
      else if (key === "?") dispatch({ type: "help", isOpen: true });
      else if (key === "Escape") {
        dispatch({ type: "help", isOpen: false });
        document.querySelector<HTMLButtonElement>(".detail-head button")?.click();
      } else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [dispatch, items, threadId, isFleet]);
}

/** Focuses the search field of the view, otherwise that of the thread list. */
function focusSearch(): void {
  const field =
    document.querySelector<HTMLInputElement>(".main input[type=search]") ??
    document.querySelector<HTMLInputElement>(".sidebar input[type=search]");
  field?.focus();
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && target.type !== "checkbox")
  );
}

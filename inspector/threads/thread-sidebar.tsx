import type { ThreadItem } from "../data/thread-list.ts";
import { FixedList } from "../lists/fixed-list.tsx";
import { Button, SearchField } from "../ui/controls.tsx";
import { Empty } from "../ui/empty.tsx";
import { ago, tokens } from "../ui/format.ts";

interface ThreadSidebarProps {
  readonly items: readonly ThreadItem[];
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly selected: string | undefined;
  readonly onSelect: (threadId: string) => void;
  /** Unix time in milliseconds; the ages of threads count from then. */
  readonly now: number;
  /** Undefined: no thread can be started. */
  readonly onNew: (() => void) | undefined;
  /** Called when the end of the list comes near. */
  readonly onEnd?: () => void;
}

const ROW = 48;

/** The threads, newest first. */
export function ThreadSidebar(props: ThreadSidebarProps) {
  const { items, search, onSearch, selected, onSelect, now, onNew, onEnd } = props;
  return (
    <nav class="sidebar" aria-label="Threads">
      <div class="toolbar">
        <SearchField label="Search threads" value={search} onChange={onSearch} />
        {onNew && <Button label="New thread" icon="plus" isBare onClick={onNew} />}
      </div>
      {items.length === 0 ? (
        <Empty title={search === "" ? "No threads yet" : "No thread matches"} />
      ) : (
        <FixedList
          label="Threads"
          count={items.length}
          rowHeight={ROW}
          keyAt={(index) => items[index]?.threadId ?? index}
          selected={items.findIndex(({ threadId }) => threadId === selected)}
          onSelect={(index) => items[index] && onSelect(items[index].threadId)}
          row={(index) => items[index] && <ThreadRow item={items[index]} now={now} />}
          {...(onEnd && { onEnd })}
        />
      )}
    </nav>
  );
}

const STATES = {
  notLoaded: "stored",
  idle: "idle",
  active: "running",
  systemError: "failed",
} as const;

function ThreadRow({ item, now }: { readonly item: ThreadItem; readonly now: number }) {
  const { title, status, isWaiting, model, totalTokens, updatedAt, depth } = item;
  const state = isWaiting ? "waiting" : status === null ? "stored" : STATES[status];
  return (
    <div class="thread-row" style={{ paddingLeft: `${12 + depth * 16}px` }}>
      <span class={`dot ${state}`} role="img" aria-label={state} title={state} />
      <span class="name">{title}</span>
      <span class="meta">
        {model !== undefined && <span>{model}</span>}
        {totalTokens > 0 && <span>{`${tokens(totalTokens)} tokens`}</span>}
        {isWaiting ? (
          <span key="waiting" class="waiting-text">
            waiting for you
          </span>
        ) : (
          updatedAt !== undefined && (
            <span key="age" class="age">
              {ago(updatedAt, now)}
            </span>
          )
        )}
      </span>
    </div>
  );
}

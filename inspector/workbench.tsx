import { useMemo, useReducer } from "preact/hooks";
import type { Session } from "./data/session.ts";
import { useStore } from "./data/store.ts";
import { familyOf, itemsOf, liveItems } from "./data/thread-list.ts";
import { FleetView } from "./fleet/fleet-view.tsx";
import { LiveThread } from "./live/live-thread.tsx";
import { NewThread } from "./live/new-thread.tsx";
import { RequestList } from "./requests/request-list.tsx";
import { begin, type Tab, update } from "./state.ts";
import { ThreadSidebar } from "./threads/thread-sidebar.tsx";
import { TimelineView } from "./timeline/timeline-view.tsx";
import { TopBar } from "./top-bar.tsx";
import { TrafficView } from "./traffic/traffic-view.tsx";
import { Empty } from "./ui/empty.tsx";
import { Help } from "./ui/help.tsx";
import { useKeys } from "./use-keys.ts";
import { WaterfallView } from "./waterfall/waterfall-view.tsx";

const TABS: readonly (readonly [Tab, string])[] = [
  ["threads", "Threads"],
  ["timeline", "Timeline"],
  ["waterfall", "Waterfall"],
  ["traffic", "Traffic"],
];

/** The tabs for a fleet, whose messages aren't recorded. */
const FLEET_TABS: typeof TABS = [
  ["threads", "Threads"],
  ["timeline", "Timeline"],
  ["fleet", "Fleet"],
];

/** Everything about one client, trace or fleet. */
export function Workbench({ session }: { readonly session: Session }) {
  const { recording, live } = session;
  useStore(session.server);
  const liveVersion = useStore(live);
  const version = useStore(recording);
  const [state, dispatch] = useReducer(update, undefined, begin);
  const { traffic } = recording;
  const items = useMemo(
    () =>
      live
        ? liveItems(live.threads.threads, traffic.threads, state.search)
        : itemsOf(traffic.threads, state.search),
    [traffic, version, live, liveVersion, state.search],
  );
  const threadId = state.threadId ?? items[0]?.threadId;
  const family = useMemo(
    () => (state.threadId === undefined ? undefined : familyOf(state.threadId, traffic.threads)),
    [traffic, version, state.threadId],
  );
  const filter = useMemo(
    () => ({ ...state.filter, threadIds: state.isScoped ? family : undefined }),
    [state.filter, state.isScoped, family],
  );
  useKeys(dispatch, items, threadId, session.fleet !== undefined);
  const showTurn = (turnId: string) => dispatch({ type: "turn", turnId });
  const openThread = (id: string) => dispatch({ type: "thread", threadId: id });
  const canStart = live !== undefined && !session.fleet;
  const isNew = canStart && (state.isNew || threadId === undefined);
  const showRow = (key: number | undefined) => dispatch({ type: "row", key });
  return (
    <div class={`workbench on-${state.tab}`}>
      <TopBar
        session={session}
        onThread={openThread}
        onHelp={() => dispatch({ type: "help", isOpen: true })}
      />
      <ThreadSidebar
        items={items}
        search={state.search}
        onSearch={(search) => {
          dispatch({ type: "search", search });
          live?.threads.search(search);
        }}
        selected={isNew ? undefined : threadId}
        onNew={canStart ? () => dispatch({ type: "new" }) : undefined}
        {...(live?.threads.hasMore && { onEnd: () => live.threads.more() })}
        onSelect={openThread}
        now={recording.isLive || session.fleet ? Date.now() : endOf(session)}
      />
      <main class="main">
        <div class="tabs" role="tablist">
          {(session.fleet ? FLEET_TABS : TABS).map(([tab, label]) => (
            <button
              key={tab}
              type="button"
              role="tab"
              class={`tab tab-${tab}`}
              data-label={label}
              aria-selected={state.tab === tab}
              onClick={() => dispatch({ type: "tab", tab })}
            >
              {label}
            </button>
          ))}
          {state.threadId !== undefined && state.tab !== "timeline" && !session.fleet && (
            <label class="scope">
              <input
                type="checkbox"
                checked={state.isScoped}
                onChange={() => dispatch({ type: "scope" })}
              />
              This thread only
            </label>
          )}
        </div>
        {state.tab === "timeline" && live && isNew && (
          <NewThread live={live} onStarted={openThread} />
        )}
        {state.tab === "timeline" && threadId === undefined && !isNew && (
          <Empty title="No threads yet" />
        )}
        {state.tab === "timeline" &&
          threadId !== undefined &&
          !isNew &&
          (live ? (
            <LiveThread
              key={threadId}
              live={live}
              recording={recording}
              threadId={threadId}
              onTurn={showTurn}
              openThread={openThread}
            />
          ) : (
            <TimelineView
              view={recording.view(threadId)}
              recording={recording}
              onTurn={showTurn}
              openThread={openThread}
            />
          ))}
        {state.tab === "fleet" && session.fleet && <FleetView fleet={session.fleet} />}
        {state.tab === "waterfall" && (
          <WaterfallView
            recording={recording}
            threadIds={state.isScoped ? family : undefined}
            turnId={state.turnId}
            onTurn={showTurn}
            onRow={showRow}
          />
        )}
        {state.tab === "traffic" && (
          <TrafficView
            recording={recording}
            fileName={session.info.name || "run.jsonl"}
            filter={filter}
            onFilter={(change) => dispatch({ type: "filter", change })}
            selected={state.rowKey}
            onSelect={showRow}
            onTurn={showTurn}
          />
        )}
        {live && (
          <RequestList
            live={live}
            requests={live.requestsWithoutThread}
            label="Requests outside threads"
          />
        )}
      </main>
      {state.isHelpOpen && <Help onClose={() => dispatch({ type: "help", isOpen: false })} />}
    </div>
  );
}

/** When the trace ended, as a Unix time in milliseconds. */
function endOf({ recording }: Session): number {
  const { header, traffic } = recording;
  return header ? Date.parse(header.startedAt) + traffic.endedAt : Date.now();
}

import type { ThreadView } from "../../src/timeline/index.ts";
import type { Recording } from "../data/recording.ts";
import { RequestList, rootOf } from "../requests/request-list.tsx";
import { TimelineView } from "../timeline/timeline-view.tsx";
import { Empty } from "../ui/empty.tsx";
import { Composer } from "./composer.tsx";
import type { LiveClient } from "./live-client.ts";

interface LiveThreadProps {
  readonly live: LiveClient;
  readonly recording: Recording;
  readonly threadId: string;
  readonly onTurn: (turnId: string) => void;
  readonly openThread: (threadId: string) => void;
}

/** A live thread: its timeline, its requests, and the message box. */
export function LiveThread({ live, recording, threadId, onTurn, openThread }: LiveThreadProps) {
  const rootId =
    live.shownRootOf(threadId) ?? rootOf(threadId, (id) => recording.traffic.thread(id));
  const timeline = live.show(rootId);
  const view = timeline.snapshot && viewOf(timeline.snapshot, threadId);
  const isRoot = threadId === rootId;
  const isRunning = view?.turns.at(-1)?.state === "running";
  const thread = live.client.thread(threadId);
  if (!view) {
    return timeline.status === "closed" ? (
      <Empty title="This thread can't be opened">{timeline.error?.message}</Empty>
    ) : (
      <Empty title="Loading…" />
    );
  }
  const loadOlder = () => void timeline.loadOlder(isRoot ? {} : { threadId });
  return (
    <>
      <TimelineView
        view={view}
        recording={recording}
        onTurn={onTurn}
        openThread={openThread}
        {...(view.hasOlder && { onOlder: loadOlder })}
      />
      <RequestList live={live} requests={timeline.requests} />
      {isRoot ? (
        <Composer
          label={isRunning ? "Steer the running turn" : "Start a turn"}
          isRunning={isRunning}
          onSend={(text) => thread.turn(text, { ifRunning: "steer" })}
          onStop={() => thread.interrupt()}
        />
      ) : (
        <p class="note muted">
          This thread belongs to a sub-agent, and is controlled by its parent.
        </p>
      )}
    </>
  );
}

/** The view of the thread, or of one of its sub-agents. */
function viewOf(view: ThreadView, threadId: string): ThreadView | undefined {
  if (view.threadId === threadId) return view;
  for (const agent of view.agents) {
    const found = viewOf(agent, threadId);
    if (found) return found;
  }
  return undefined;
}

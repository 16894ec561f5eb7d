import type { Codex, ThreadTimeline } from "../../src/index.ts";
import type { ThreadView } from "../../src/timeline/index.ts";

/** Resolves with the snapshot as soon as it fits. */
export function shows(
  timeline: ThreadTimeline,
  fits: (view: ThreadView) => boolean,
): Promise<ThreadView> {
  return new Promise((resolve) => {
    const look = () => {
      if (!fits(timeline.snapshot)) return;
      stop();
      resolve(timeline.snapshot);
    };
    const stop = timeline.subscribe(look);
    look();
  });
}

/** Whether this many turns are over, and nothing runs. */
export function isOver(count: number): (view: ThreadView) => boolean {
  return ({ turns }) => turns.length >= count && turns.every(({ state }) => state !== "running");
}

/** What of a view the server stores. */
export function stored({ turns, agents }: ThreadView): unknown {
  return {
    turns: turns.map(({ usage: _usage, diff: _diff, ...turn }) => turn),
    agents: agents.map(stored),
  };
}

/** The view of a thread that was read from its history alone, as a client does that opens it anew. */
export async function fromHistory(codex: Codex, threadId: string): Promise<ThreadView> {
  const thread = await codex.threadResume(threadId);
  using timeline = await thread.timeline();
  for (const { threadId: agent } of timeline.snapshot.agents) {
    await timeline.loadOlder({ threadId: agent });
  }
  return timeline.snapshot;
}
